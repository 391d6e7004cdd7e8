"""Pure. Whole age v1 files: seal to recipients, open with identities (C2SP age.md).

Enters: binary streams, keys. Leaves: binary streams. Recipients wrap a file key into a stanza, identities unwrap it.
"""

from __future__ import annotations

import io
import secrets
from collections.abc import Sequence
from typing import Protocol

from bidding.envelope.armor import ArmoringWriter, ArmorReader
from bidding.envelope.header import ANY_FILE, ARMOR_MARK, Header, Stanza, make_header, read_header
from bidding.envelope.stream import Sink, Source, open_stream, seal_stream
from bidding.envelope.x25519 import FILE_KEY
from ledger.errors import _, refused


class Wraps(Protocol):
    """A recipient."""

    def wrap(self, file_key: bytes) -> Stanza:
        """A stanza that hands `file_key` to one holder."""


class Unwraps(Protocol):
    """An identity."""

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """The file key, None when the stanza is for somebody else."""


def encrypt(source: Source, sink: Sink, recipients: Sequence[Wraps], *, armored: bool = False) -> None:
    """Write all of `source` to `sink`, sealed to every one of `recipients`; a passphrase stands alone."""
    file_key = secrets.token_bytes(FILE_KEY)
    stanzas = tuple(recipient.wrap(file_key) for recipient in recipients)
    _check_scrypt_alone(stanzas)
    if not stanzas:
        refused("bidding.no_stanza", _("The header names nobody who could open the file."))
    armor = ArmoringWriter(sink) if armored else None
    out = armor or sink
    out.write(memoryview(make_header(file_key, stanzas).write()))
    seal_stream(source, out, file_key)
    if armor:
        armor.close()


def decrypt(source: io.BufferedIOBase, sink: Sink, identities: Sequence[Unwraps]) -> None:
    """Write what is sealed in `source` (armored or not) to `sink`. When this raises, some bytes are out."""
    plain = unarmored(source)
    header = read_header(plain, ANY_FILE)
    open_stream(plain, sink, find_file_key(header, identities))


def unarmored(source: io.BufferedIOBase) -> Source:
    """`source` itself, or the bytes inside its armor."""
    buffered = source if isinstance(source, io.BufferedReader) else io.BufferedReader(_Raw(source))
    start = buffered.peek(len(ARMOR_MARK))
    if start[:1] in {b" ", b"\t", b"\r", b"\n", b"-"}:
        return io.BufferedReader(ArmorReader(buffered))
    return buffered


class _Raw(io.RawIOBase):
    def __init__(self, source: io.BufferedIOBase) -> None:
        self.source = source

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: object, /) -> int:
        """Some of what follows, 0 at the end."""
        return self.source.readinto(buffer)  # type: ignore[arg-type]  # RawIOBase promises a buffer


def find_file_key(header: Header, identities: Sequence[Unwraps]) -> bytes:
    """The file key that one of `identities` can unwrap and that the MAC confirms."""
    _check_scrypt_alone(header.stanzas)
    for stanza in header.stanzas:
        for identity in identities:
            file_key = identity.unwrap(stanza)
            if file_key is not None:
                header.check_mac(file_key)
                return file_key
    return refused("bidding.no_match", _("None of these keys opens the file."))


def _check_scrypt_alone(stanzas: tuple[Stanza, ...]) -> None:
    if len(stanzas) > 1 and any(stanza.kind == "scrypt" for stanza in stanzas):
        refused("bidding.scrypt_alone", _("A passphrase must stand alone in the header."))
