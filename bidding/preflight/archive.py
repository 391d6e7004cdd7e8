"""Pure. The members of a ZIP that a stranger's program made, read under limits (docx and xlsx are such files).

Enters: a seekable binary stream. Leaves: names, and contents up to a limit. `Damaged` for whatever is not a ZIP in
order, `Locked` for an encrypted one, `Bomb` for one that would grow beyond reason. Twin: preflight/archive.ts.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from typing import BinaryIO

END = struct.Struct("<4s4H2LH")
CENTRAL = struct.Struct("<4s6H3L5H2L")
LOCAL = struct.Struct("<4s5H3L2H")
END_MARK, CENTRAL_MARK, LOCAL_MARK = b"PK\x05\x06", b"PK\x01\x02", b"PK\x03\x04"
TAIL = END.size + 0xFFFF
MOST_MEMBERS = 20_000
MOST_DIRECTORY = 1 << 24
MOST_TOTAL = 1 << 30  # all members together, unpacked
SMALL = 1 << 25  # below it a high ratio is a table of zeros, not a bomb
RATIO = 100
STORED, DEFLATED = 0, 8
LOCKED = 1
STEP = 1 << 16


class Damaged(Exception):
    """Not a ZIP file in order."""


class Locked(Exception):
    """A member is encrypted."""


class Bomb(Exception):
    """It would grow to `size` bytes."""

    def __init__(self, size: int) -> None:
        super().__init__(str(size))
        self.size = size


@dataclass(frozen=True)
class Member:
    """A member as the directory describes it."""

    name: str
    method: int
    crc: int
    packed: int
    size: int
    offset: int


class Archive:
    """A ZIP whose directory is in order and whose sizes are bearable."""

    def __init__(self, source: BinaryIO) -> None:
        self.source = source
        self.length = source.seek(0, 2)
        self.members = {one.name: one for one in self._directory()}

    def _fetch(self, offset: int, length: int) -> bytes:
        self.source.seek(offset)
        data = self.source.read(length) if length >= 0 else b""
        if len(data) != length:
            raise Damaged
        return data

    def _directory(self) -> list[Member]:
        at, count, size, offset = self._end()
        if count > MOST_MEMBERS or size > MOST_DIRECTORY or offset + size > at:
            raise Damaged
        data, here = self._fetch(offset, size), 0
        members = []
        for _number in range(count):
            member, here = _central(data, here)
            members.append(member)
        if len({one.name for one in members}) != count:
            raise Damaged
        _check_growth(members)
        return members

    def _end(self) -> tuple[int, int, int, int]:
        start = max(0, self.length - TAIL)
        tail = self._fetch(start, self.length - start)
        at = len(tail) - END.size
        while at >= 0:
            at = tail.rfind(END_MARK, 0, at + 4)
            if at < 0 or len(tail) - at < END.size:
                break
            _mark, disk, first, here, count, size, offset, comment = END.unpack_from(tail, at)
            if at + END.size + comment == len(tail):
                if disk or first or here != count:
                    raise Damaged
                return start + at, count, size, offset
            at -= 1
        raise Damaged

    def read(self, name: str) -> bytes:
        """The member's content; `Damaged` unless size and check sum are right. Its size was found bearable."""
        member = self.members.get(name)
        if member is None:
            raise Damaged
        head = LOCAL.unpack(self._fetch(member.offset, LOCAL.size))
        if head[0] != LOCAL_MARK:
            raise Damaged
        packed = self._fetch(member.offset + LOCAL.size + head[-2] + head[-1], member.packed)
        data = packed if member.method == STORED else _inflate(packed, member.size)
        if len(data) != member.size or zlib.crc32(data) != member.crc:
            raise Damaged
        return data

    def check(self) -> None:
        """Read every member once and keep nothing."""
        for name in self.members:
            self.read(name)


def _central(data: bytes, at: int) -> tuple[Member, int]:
    if len(data) - at < CENTRAL.size:
        raise Damaged
    mark, _made, _needed, flags, method, _time, _date, crc, packed, size, *rest = CENTRAL.unpack_from(data, at)
    named, extra, comment, _disk, _internal, _external, offset = rest
    begin = at + CENTRAL.size
    if mark != CENTRAL_MARK or len(data) < begin + named + extra + comment or method not in {STORED, DEFLATED}:
        raise Damaged
    if flags & LOCKED:
        raise Locked
    name = data[begin : begin + named].decode(errors="replace")
    return Member(name, method, crc, packed, size, offset), begin + named + extra + comment


def _check_growth(members: list[Member]) -> None:
    total = sum(one.size for one in members)
    if total > MOST_TOTAL or any(one.size > max(SMALL, RATIO * one.packed) for one in members):
        raise Bomb(total)


def _inflate(packed: bytes, size: int) -> bytes:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        data = inflater.decompress(packed, size + 1)
    except zlib.error as error:
        raise Damaged from error
    if len(data) != size or not inflater.eof or inflater.unused_data:
        raise Damaged
    return data
