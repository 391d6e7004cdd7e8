"""Pure. Read a bid package under limits: only what an honest maker writes is taken (sealing.md, "Opening" 5).

Enters: a seekable stream of the opened package and its length. Leaves: manifest, signature, the files block by block.
Every byte belongs to exactly one member, the directory or its end: nothing hides between, before or after. Refused:
paths, twins, links, methods other than stored and deflate, bombs, too many members, wrong sizes, digests.
"""

from __future__ import annotations

import hashlib
import io
import stat
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

from bidding.envelope.manifest import MAX_BYTES, FileEntry, Manifest, read_manifest
from bidding.envelope.names import MANIFEST, PADDING, RESERVED, SIGNATURE, check_distinct, check_name
from bidding.envelope.packing import (
    CENTRAL,
    CENTRAL_MARK,
    END,
    END_MARK,
    LOCAL,
    LOCAL_MARK,
    STORED,
    UTF8,
)
from bidding.envelope.padding import MAX_PACKAGE, padded
from bidding.envelope.stream import CHUNK, CHUNKS_AT_HAND
from ledger.errors import _, refused

BLOCK = CHUNKS_AT_HAND * CHUNK
ZEROS = bytes(BLOCK)
DEFLATED = 8
DESCRIPTOR = 0x0008
DESCRIPTOR_MARK = b"PK\x07\x08"
MAX_MEMBERS = 1003  # a thousand files, manifest, signature, padding
MAX_DIRECTORY = 1 << 19
MAX_SIGNATURE = 1 << 16
MAX_RATIO = 100
SMALL = 1 << 16
UNIX = 3
DOS_FOLDER = 0x10


Readable = io.RawIOBase | io.BufferedIOBase


@dataclass(frozen=True)
class Member:
    """A member of the package as its directory describes it; `start` is where its bytes begin, `end` after the last."""

    name: str
    flags: int
    method: int
    stamp: bytes
    crc: int
    packed: int
    size: int
    offset: int

    @property
    def start(self) -> int:
        """Where its content begins."""
        return self.offset + LOCAL.size + len(self.name.encode())

    @property
    def end(self) -> int:
        """Where the next member begins."""
        return self.start + self.packed + (16 if self.flags & DESCRIPTOR else 0)


class OpenedPackage:
    """A package whose directory, manifest, signature and padding are in order; files are checked when read."""

    def __init__(self, source: Readable, length: int) -> None:
        """Reads directory, manifest and signature of a package of `length` bytes."""
        self.source = source
        self.members = {member.name: member for member in _read_directory(source, length)}
        self.manifest_bytes = self._whole(MANIFEST, MAX_BYTES)
        self.signature = self._whole(SIGNATURE, MAX_SIGNATURE)
        self.manifest: Manifest = read_manifest(self.manifest_bytes)
        named = {entry.name: entry.size for entry in self.manifest.files}
        if named != {name: one.size for name, one in self.members.items() if name not in RESERVED}:
            refused("bidding.package_files", _("The package does not hold exactly the files that its manifest names."))

    def read(self, entry: FileEntry) -> Iterator[bytes]:
        """The file's content in blocks of at most 256 KiB; after the last one, refused unless all digests are right."""
        digest = hashlib.sha256()
        for block in _content(self.source, self.members[entry.name]):
            digest.update(block)
            yield block
        if digest.digest() != entry.sha256:
            refused("bidding.file_digest", _("A file of the package is not the one that its manifest names."))

    def verify(self) -> None:
        """Read every byte once and keep nothing."""
        for entry in self.manifest.files:
            for _block in self.read(entry):
                pass
        self.check_padding()

    def check_padding(self) -> None:
        """Refused unless the padding is all zeros."""
        for block in _content(self.source, self.members[PADDING]):
            if block != ZEROS[: len(block)]:
                refused("bidding.package_padding", _("The padding of the package is not what it must be."))

    def _whole(self, name: str, limit: int) -> bytes:
        member = self.members.get(name)
        if member is None or member.size > limit:
            return refused("bidding.package_parts", _("The package lacks its manifest, its signature or its padding."))
        return b"".join(_content(self.source, member))


def _malformed() -> NoReturn:
    refused("bidding.package_form", _("The package is not a ZIP file as it must be."))


def _fetch(source: Readable, offset: int, length: int) -> bytes:
    source.seek(offset)
    data = b""
    while len(data) < length and (piece := source.read(length - len(data))):
        data += piece
    if len(data) != length:
        _malformed()
    return data


def _read_directory(source: Readable, length: int) -> list[Member]:
    if not END.size < length <= MAX_PACKAGE:
        _malformed()
    mark, *disks, here, count, size, offset, comment = END.unpack(_fetch(source, length - END.size, END.size))
    if mark != END_MARK or any(disks) or here != count or comment or offset + size + END.size != length:
        _malformed()
    if count > MAX_MEMBERS or size > MAX_DIRECTORY:
        refused("bidding.package_members", _("The package holds too many files."))
    members = list(_members(_fetch(source, offset, size), count))
    _check_names([member.name for member in members])
    _check_sizes(members)
    _check_layout(source, members, offset)
    _check_padding_size(members[-1], length)
    return members


def _members(directory: bytes, count: int) -> Iterator[Member]:
    at = 0
    for _number in range(count):
        head = directory[at : at + CENTRAL.size]
        if len(head) != CENTRAL.size:
            _malformed()
        mark, made, _needed, flags, method, time, date, crc, packed, size, *rest = CENTRAL.unpack(head)
        name_length, extra, comment, disk, _internal, attributes, offset = rest
        name = directory[at + CENTRAL.size : at + CENTRAL.size + name_length]
        if mark != CENTRAL_MARK or extra or comment or disk or len(name) != name_length:
            _malformed()
        _check_kind(made >> 8, attributes, method, flags)
        stamp = time.to_bytes(2, "little") + date.to_bytes(2, "little")
        yield Member(_decode(name, flags), flags, method, stamp, crc, packed, size, offset)
        at += CENTRAL.size + name_length
    if at != len(directory):
        _malformed()


def _check_kind(system: int, attributes: int, method: int, flags: int) -> None:
    kind = stat.S_IFMT(attributes >> 16)
    if attributes & DOS_FOLDER or (system == UNIX and kind not in {0, stat.S_IFREG}):
        refused("bidding.file_name", _("A file of the package has a name that is not allowed."))
    if method not in {STORED, DEFLATED} or flags & ~(UTF8 | DESCRIPTOR):
        refused("bidding.package_method", _("A file of the package is packed in a way that is not allowed."))


def _decode(name: bytes, flags: int) -> str:
    try:
        return name.decode("utf-8" if flags & UTF8 else "ascii")
    except UnicodeDecodeError:
        return refused("bidding.file_name", _("A file of the package has a name that is not allowed."))


def _check_layout(source: Readable, members: list[Member], directory: int) -> None:
    """Members follow one another without gaps from the first byte to the directory."""
    at = 0
    for member in members:
        if member.offset != at or not _same_header(_fetch(source, at, member.start - at), member):
            _malformed()
        if member.flags & DESCRIPTOR and _fetch(source, member.end - 16, 16) != _descriptor(member):
            _malformed()
        at = member.end
    if at != directory:
        _malformed()


def _same_header(data: bytes, member: Member) -> bool:
    mark, _needed, flags, method, time, date, *sizes, name_length, extra = LOCAL.unpack(data[: LOCAL.size])
    stamp = time.to_bytes(2, "little") + date.to_bytes(2, "little")
    expected = [0, 0, 0] if flags & DESCRIPTOR else [member.crc, member.packed, member.size]
    return (
        (mark, flags, method, stamp, extra) == (LOCAL_MARK, member.flags, member.method, member.stamp, 0)
        and sizes == expected
        and data[LOCAL.size :] == member.name.encode()
        and name_length == len(data) - LOCAL.size
    )


def _descriptor(member: Member) -> bytes:
    return DESCRIPTOR_MARK + b"".join(one.to_bytes(4, "little") for one in (member.crc, member.packed, member.size))


def _check_names(names: list[str]) -> None:
    check_distinct(names)
    for name in names:
        if name not in RESERVED:
            check_name(name)
    if not set(names) >= RESERVED or names[-1] != PADDING:
        refused("bidding.package_parts", _("The package lacks its manifest, its signature or its padding."))


def _check_sizes(members: list[Member]) -> None:
    if sum(member.size for member in members) > MAX_PACKAGE:
        refused("bidding.package_ratio", _("A file of the package would grow too much when unpacked."))
    for member in members:
        if member.method == STORED and member.packed != member.size:
            _malformed()
        if member.size > max(SMALL, MAX_RATIO * member.packed):
            refused("bidding.package_ratio", _("A file of the package would grow too much when unpacked."))


def _check_padding_size(padding: Member, length: int) -> None:
    if padding.method != STORED or padded(length - padding.size) != length:
        refused("bidding.package_padding", _("The padding of the package is not what it must be."))


def _content(source: Readable, member: Member) -> Iterator[bytes]:
    """The member's content; refused at its end when size or CRC is wrong, at once when it grows beyond its size."""
    size, crc = 0, 0
    for block in _stored(source, member) if member.method == STORED else _inflated(source, member):
        size, crc = size + len(block), zlib.crc32(block, crc)
        if size > member.size:
            break
        yield block
    if size != member.size or crc != member.crc:
        refused("bidding.package_content", _("A file of the package is damaged."))


def _stored(source: Readable, member: Member) -> Iterator[bytes]:
    at, end = member.start, member.start + member.packed
    while at < end:
        source.seek(at)
        piece = source.read(min(BLOCK, end - at))
        if not piece:
            _malformed()
        at += len(piece)
        yield piece


def _inflated(source: Readable, member: Member) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for packed in _stored(source, member):
            rest = packed
            while rest and not inflater.eof:
                yield inflater.decompress(rest, BLOCK)
                rest = inflater.unconsumed_tail
            if inflater.unused_data or (rest and inflater.eof):
                _malformed()
    except zlib.error:
        _malformed()
    if not inflater.eof:
        _malformed()
