"""Pure. How opened things rest: encrypted under a key of the lot (sealing.md, "Whose failure", last lines).

Enters: the platform key (32 bytes), a lot code, a purpose that no other record has. Leaves: sealed bytes, or the plain
ones again. Small records are sealed whole; files are sealed as age payloads, so that any length passes in blocks. A
file is sealed the same way every time, so that an opening that is done twice writes the same object.
"""

from __future__ import annotations

import io
import secrets
from collections.abc import Iterable
from typing import BinaryIO, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from bidding.envelope.header import hkdf
from bidding.envelope.stream import CHUNKS_AT_HAND, NONCE, OpenedPayload, SealedFile, SealingWriter, Sink, sealed_length
from bidding.envelope.x25519 import FILE_KEY
from ledger.errors import Broken, Refused

NONCE_SIZE = 12


def lot_key(platform_key: bytes, lot: str) -> bytes:
    """The key of the lot, 32 bytes: HKDF(platform key, lot code)."""
    return hkdf(platform_key, b"", b"sunlight.lotkey/1\0" + lot.encode())


def seal_record(key: bytes, purpose: str, data: bytes) -> bytes:
    """`data` sealed under the lot's key; it opens for the same purpose only."""
    nonce = secrets.token_bytes(NONCE_SIZE)
    return nonce + ChaCha20Poly1305(key).encrypt(nonce, data, purpose.encode())


def open_record(key: bytes, purpose: str, sealed: bytes) -> bytes:
    """What `seal_record` sealed; `Broken` when it was changed, or belongs elsewhere."""
    try:
        return ChaCha20Poly1305(key).decrypt(sealed[:NONCE_SIZE], sealed[NONCE_SIZE:], purpose.encode())
    except (InvalidTag, ValueError) as error:
        raise Broken(f"the private record {purpose} does not open") from error


def _file_key(key: bytes, purpose: str) -> bytes:
    return hkdf(key, b"", b"file\0" + purpose.encode(), FILE_KEY)


def _nonce(key: bytes, purpose: str, digest: bytes) -> bytes:
    return hkdf(key, digest, b"nonce\0" + purpose.encode(), NONCE)


def seal_file(key: bytes, purpose: str, digest: bytes, blocks: Iterable[bytes], sink: Sink) -> None:
    """Write the blocks of a file to `sink`, sealed; `digest` is the SHA-256 of the whole, so one nonce never serves
    two contents.
    """
    writer = SealingWriter(sink, _file_key(key, purpose), _nonce(key, purpose, digest), CHUNKS_AT_HAND)
    for block in blocks:
        writer.write(block)
    writer.close()


def is_sealed(key: bytes, purpose: str, digest: bytes, length: int, sealed: BinaryIO) -> bool:
    """Whether `sealed` holds what `seal_file` made of a file of `length` bytes: its nonce, and every chunk authentic.

    Reading back so tells as much as a digest of the sealed bytes would, and needs none while they are written.
    """
    size = sealed.seek(0, io.SEEK_END)
    sealed.seek(0)
    if size != sealed_length(length) or sealed.read(NONCE) != _nonce(key, purpose, digest):
        return False
    try:
        open_file(key, purpose, cast("SealedFile", sealed), size).authenticate()
    except Refused:
        return False
    return True


def open_file(key: bytes, purpose: str, sealed: SealedFile, size: int) -> OpenedPayload:
    """The content of a sealed file of `size` bytes, readable anywhere; refused while reading when it was changed."""
    return OpenedPayload(sealed, 0, size, _file_key(key, purpose))
