"""Pure. How opened things rest: encrypted under a key of the lot (sealing.md, "Whose failure", last lines).

Enters: the platform key (32 bytes), a lot code, a purpose that no other record has. Leaves: sealed bytes, or the plain
ones again. Small records are sealed whole; files are sealed as age payloads, so that any length passes in blocks. A
file is sealed the same way every time, so that an opening that is done twice writes the same object.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from bidding.envelope.header import hkdf
from bidding.envelope.stream import NONCE, OpenedPayload, SealedFile, SealingWriter
from bidding.envelope.x25519 import FILE_KEY
from ledger.errors import Broken

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


class _Pieces:
    def __init__(self) -> None:
        self.ready: list[bytes] = []

    def write(self, data: memoryview, /) -> None:
        """Keep a copy: the writer uses its buffer again."""
        self.ready.append(bytes(data))

    def drain(self) -> Iterator[bytes]:
        """What came since the last time."""
        pieces, self.ready = self.ready, []
        yield from pieces


def _file_key(key: bytes, purpose: str) -> bytes:
    return hkdf(key, b"", b"file\0" + purpose.encode(), FILE_KEY)


def seal_file(key: bytes, purpose: str, digest: bytes, blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The blocks of a file, sealed; `digest` is the SHA-256 of the whole, so one nonce never serves two contents."""
    pieces = _Pieces()
    nonce = hkdf(key, digest, b"nonce\0" + purpose.encode(), NONCE)
    writer = SealingWriter(pieces, _file_key(key, purpose), nonce)
    for block in blocks:
        writer.write(block)
        yield from pieces.drain()
    writer.close()
    yield from pieces.drain()


def open_file(key: bytes, purpose: str, sealed: SealedFile, size: int) -> OpenedPayload:
    """The content of a sealed file of `size` bytes, readable anywhere; refused while reading when it was changed."""
    return OpenedPayload(sealed, 0, size, _file_key(key, purpose))
