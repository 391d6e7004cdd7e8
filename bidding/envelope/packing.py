"""Pure. Make a bid package: a ZIP without zip64, every member stored, filled up to the padded length (sealing.md).

Enters: files as openers of binary streams, the manifest as signed, its signature. Leaves: a stream to seal. Order:
manifest.json, the files, manifest.p7s, padding. Files are read twice: to measure and to pack them.
"""

from __future__ import annotations

import hashlib
import io
import struct
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from bidding.envelope.manifest import FileEntry
from bidding.envelope.names import MANIFEST, PADDING, SIGNATURE, check_name
from bidding.envelope.padding import padded
from ledger.errors import _, refused

LOCAL = struct.Struct("<4s5H3L2H")
CENTRAL = struct.Struct("<4s6H3L5H2L")
END = struct.Struct("<4s4H2LH")
LOCAL_MARK, CENTRAL_MARK, END_MARK = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
VERSION = 20
UTF8 = 0x0800
STORED = 0
DOS_TIME, DOS_DATE = 0, 0x21  # 1980-01-01: the manifest holds the time
BLOCK = 1 << 20

Opener = Callable[[], BinaryIO]


@dataclass(frozen=True)
class Measured:
    """A file before it is packed: name, size, digests, and how to open it again."""

    name: str
    size: int
    sha256: bytes
    crc: int
    opener: Opener

    @property
    def entry(self) -> FileEntry:
        """Its line in the manifest."""
        return FileEntry(self.name, self.size, self.sha256)


def measure(name: str, opener: Opener) -> Measured:
    """Read a file once; refused when its name is not allowed."""
    digest, crc, size = hashlib.sha256(), 0, 0
    with opener() as source:
        while block := source.read(BLOCK):
            digest.update(block)
            crc = zlib.crc32(block, crc)
            size += len(block)
    return Measured(check_name(name), size, digest.digest(), crc, opener)


def _in_memory(name: str, data: bytes) -> Measured:
    return Measured(name, len(data), hashlib.sha256(data).digest(), zlib.crc32(data), lambda: io.BytesIO(data))


def _zeros(size: int) -> Measured:
    crc, left = 0, size
    while left:
        crc = zlib.crc32(bytes(min(left, BLOCK)), crc)
        left -= min(left, BLOCK)
    return Measured(PADDING, size, b"", crc, lambda: io.BufferedReader(_Zeros(size)))


class _Zeros(io.RawIOBase):
    def __init__(self, size: int) -> None:
        self.left = size

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: object, /) -> int:
        """Zeros, as many as are left."""
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]  # RawIOBase promises a buffer
        count = min(self.left, len(view))
        view[:count] = bytes(count)
        self.left -= count
        return count


class Package(io.RawIOBase):
    """The package as a stream from its first byte to its last; `length` is the padded length.

    Refused while reading: a file that is no longer what was measured.
    """

    def __init__(self, manifest: bytes, signature: bytes, files: Sequence[Measured]) -> None:
        members = [_in_memory(MANIFEST, manifest), *files, _in_memory(SIGNATURE, signature)]
        bare = sum(_overhead(one) + one.size for one in members) + _overhead(_zeros(0)) + END.size
        self.length = padded(bare)
        self.ready = memoryview(b"")
        self.blocks = _blocks([*members, _zeros(self.length - bare)])

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: object, /) -> int:
        """Some of what follows, 0 at the end."""
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]  # RawIOBase promises a buffer
        if not self.ready:
            self.ready = memoryview(next(self.blocks, b""))
        count = min(len(view), len(self.ready))
        view[:count] = self.ready[:count]
        self.ready = self.ready[count:]
        return count


def _overhead(member: Measured) -> int:
    return LOCAL.size + CENTRAL.size + 2 * len(member.name.encode())


def _blocks(members: Sequence[Measured]) -> Iterator[bytes]:
    directory, offset = b"", 0
    for member in members:
        name = member.name.encode()
        directory += _central(member, offset) + name
        yield _local(member) + name
        yield from _content(member)
        offset += LOCAL.size + len(name) + member.size
    yield directory + END.pack(END_MARK, 0, 0, len(members), len(members), len(directory), offset, 0)


def _content(member: Measured) -> Iterator[bytes]:
    left, crc = member.size, 0
    with member.opener() as source:
        while block := source.read(BLOCK):
            left, crc = left - len(block), zlib.crc32(block, crc)
            if left < 0:
                break
            yield block
    if left or crc != member.crc:
        refused("bidding.file_changed", _("A file was changed while it was being packed."))


def _common(member: Measured) -> tuple[int, ...]:
    """What both headers of a member say, from the version needed to the length of the name."""
    size = member.size
    return (VERSION, UTF8, STORED, DOS_TIME, DOS_DATE, member.crc, size, size, len(member.name.encode()))


def _local(member: Measured) -> bytes:
    return LOCAL.pack(LOCAL_MARK, *_common(member), 0)


def _central(member: Measured, offset: int) -> bytes:
    return CENTRAL.pack(CENTRAL_MARK, VERSION, *_common(member), 0, 0, 0, 0, 0, offset)
