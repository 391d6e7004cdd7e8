"""Pure. The header of an age v1 file: version line, recipient stanzas, MAC (C2SP age.md).

Enters: a byte stream at its first byte. Leaves: a `Header` that writes back to the very same bytes, the stream standing
at the payload. Reading stops at the limits, before any arithmetic.
"""

from __future__ import annotations

import binascii
import hmac
import io
import re
from dataclasses import dataclass
from typing import Protocol

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ledger.errors import Refused, _, refused

VERSION_LINE = b"age-encryption.org/v1\n"
ARMOR_MARK = b"-----BEGIN AGE"
BASE64 = re.compile(rb"[A-Za-z0-9+/]*")
ARGUMENT = re.compile(rb"[\x21-\x7e]+")
COLUMNS = 64


class Lines(Protocol):
    """Anything that gives its bytes line by line: files, BytesIO, buffered pipes."""

    def readline(self, size: int, /) -> bytes:
        """Bytes through the next LF, at most `size`."""


@dataclass(frozen=True)
class Limits:
    """Where reading stops: bytes of the whole header, bytes of one line with its LF."""

    header: int
    line: int


ENVELOPE = Limits(header=8192, line=1024)
ANY_FILE = Limits(header=1 << 18, line=1 << 13)


@dataclass(frozen=True)
class Stanza:
    """One way to the file key: its kind, its arguments, its body."""

    kind: str
    arguments: tuple[str, ...]
    body: bytes

    def write(self) -> bytes:
        """The stanza's lines: base64 in 64 columns, the last line shorter, empty if need be."""
        text = encode64(self.body)
        lines = [text[at : at + COLUMNS] for at in range(0, len(text) + 1, COLUMNS)]
        return b"\n".join([" ".join(("->", self.kind, *self.arguments)).encode("ascii"), *lines, b""])


@dataclass(frozen=True)
class Header:
    """Stanzas in their order and the MAC over everything through `---`."""

    stanzas: tuple[Stanza, ...]
    mac: bytes

    def write(self) -> bytes:
        """All bytes through the LF after the MAC."""
        return covered(self.stanzas) + b" " + encode64(self.mac) + b"\n"

    def check_mac(self, file_key: bytes) -> None:
        """Refused unless `file_key` is the key this header was written with."""
        if not hmac.compare_digest(self.mac, mac(file_key, self.stanzas)):
            refused("bidding.mac_wrong", _("The header was not written with this file key."))


def hkdf(ikm: bytes, salt: bytes, info: bytes, length: int = 32) -> bytes:
    """HKDF-SHA-256 (RFC 5869)."""
    return HKDF(SHA256(), length, salt, info).derive(ikm)


def covered(stanzas: tuple[Stanza, ...]) -> bytes:
    """What the MAC is over: version line, stanzas, `---`."""
    return VERSION_LINE + b"".join(stanza.write() for stanza in stanzas) + b"---"


def mac(file_key: bytes, stanzas: tuple[Stanza, ...]) -> bytes:
    """HMAC-SHA-256 under HKDF(file key, no salt, "header")."""
    return hmac.digest(hkdf(file_key, b"", b"header"), covered(stanzas), "sha256")


def make_header(file_key: bytes, stanzas: tuple[Stanza, ...]) -> Header:
    """The header that hands out `file_key` (16 bytes) by `stanzas`."""
    return Header(stanzas, mac(file_key, stanzas))


def encode64(data: bytes) -> bytes:
    """Base64 (RFC 4648) without padding."""
    return binascii.b2a_base64(data, newline=False).rstrip(b"=")


def decode64(text: bytes) -> bytes:
    """Bytes of unpadded base64; refused: foreign letters, padding, bits that are not zero."""
    if BASE64.fullmatch(text) and len(text) % 4 != 1:
        data = binascii.a2b_base64(text + b"=" * (-len(text) % 4))
        if encode64(data) == text:
            return data
    return refused("bidding.base64", _("Base64 in the header is not canonical."))


def read_header(source: Lines, limits: Limits = ENVELOPE) -> Header:
    """The header at the start of `source`, which then stands at the payload's first byte."""
    lines = _HeaderLines(source, limits)
    _check_version(lines.read())
    stanzas: list[Stanza] = []
    while (line := lines.read()).startswith(b"-> "):
        stanzas.append(_read_stanza(line, lines))
    digest = _read_mac(line)
    if not stanzas:
        refused("bidding.no_stanza", _("The header names nobody who could open the file."))
    return Header(tuple(stanzas), digest)


def parse_header(data: bytes, limits: Limits = ENVELOPE) -> Header:
    """The header at the start of `data`; what follows it is not looked at."""
    return read_header(io.BytesIO(data), limits)


def header_length(prefix: bytes) -> int | None:
    """Length of the whole header at the start of an envelope, None while more must come; refused when hopeless."""
    try:
        return len(parse_header(prefix).write())
    except Refused as refusal:
        if refusal.codes == ["bidding.header_cut"]:
            return None
        raise


class _HeaderLines:
    """Lines without their LF, as long as the limits hold."""

    def __init__(self, source: Lines, limits: Limits) -> None:
        self.source, self.limits, self.left = source, limits, limits.header

    def read(self) -> bytes:
        allowed = min(self.limits.line, self.left)
        line = self.source.readline(allowed)
        self.left -= len(line)
        if line.endswith(b"\n"):
            return line[:-1]
        if len(line) == allowed:
            refused("bidding.header_too_long", _("The header or a line of it is longer than allowed."))
        return refused("bidding.header_cut", _("The file ends inside its header."))


def _check_version(line: bytes) -> None:
    if line == VERSION_LINE[:-1]:
        return
    if line == VERSION_LINE[:-1] + b"\r":
        refused("bidding.crlf", _("The lines of the header end in CR LF."))
    if line.startswith(ARMOR_MARK):
        refused("bidding.armored", _("The file is armored; the sealed bytes themselves are wanted."))
    refused("bidding.not_age", _("This is not a sealed file."))


def _read_stanza(line: bytes, lines: _HeaderLines) -> Stanza:
    kind, *arguments = line[3:].split(b" ")
    if not all(ARGUMENT.fullmatch(word) for word in (kind, *arguments)):
        refused("bidding.stanza_words", _("A line of the header is not written as it must be."))
    body = b""
    while True:
        text = lines.read()
        if len(text) > COLUMNS or text.startswith(b"-"):
            refused("bidding.stanza_body", _("The body of a stanza is not written as it must be."))
        body += text
        if len(text) < COLUMNS:
            return Stanza(kind.decode(), tuple(word.decode() for word in arguments), decode64(body))


def _read_mac(line: bytes) -> bytes:
    digest = decode64(line[4:]) if line.startswith(b"--- ") else b""
    if len(digest) != 32:
        refused("bidding.mac_line", _("The last line of the header is not written as it must be."))
    return digest
