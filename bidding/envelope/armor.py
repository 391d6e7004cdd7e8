"""Pure. ASCII armor of an age v1 file: strict PEM (RFC 7468) in 64 columns.

Enters: binary streams. Leaves: binary streams, line by line, so that length does not matter. For the command line;
envelopes are never armored.
"""

from __future__ import annotations

import io
from typing import NoReturn

from bidding.envelope.header import COLUMNS, Lines, decode64, encode64
from bidding.envelope.stream import Sink
from ledger.errors import Refused, _, refused

BEGIN = b"-----BEGIN AGE ENCRYPTED FILE-----"
END = b"-----END AGE ENCRYPTED FILE-----"
RAW_LINE = COLUMNS // 4 * 3
BLOCK = RAW_LINE * 1024
LONGEST = 4096  # white space before and after the armor may be this long, line by line
BLANK = b" \t\r\n"


class ArmoringWriter:
    """Takes bytes by `write`, gives armored lines to `sink`; `close` writes the last ones."""

    def __init__(self, sink: Sink) -> None:
        self.sink, self.pending = sink, bytearray()
        sink.write(memoryview(BEGIN + b"\n"))

    def write(self, data: bytes | memoryview) -> int:
        """Armor `data` after what came before."""
        self.pending += data
        while len(self.pending) >= BLOCK:
            self._lines(bytes(self.pending[:BLOCK]))
            del self.pending[:BLOCK]
        return len(data)

    def close(self) -> None:
        """Write what is left and the last line."""
        self._lines(bytes(self.pending))
        self.sink.write(memoryview(END + b"\n"))

    def _lines(self, data: bytes) -> None:
        padding = b"=" * (-len(data) % 3)
        text = encode64(data) + padding
        lines = [text[at : at + COLUMNS] + b"\n" for at in range(0, len(text), COLUMNS)]
        self.sink.write(memoryview(b"".join(lines)))


class ArmorReader(io.RawIOBase):
    """The bytes inside the armor at which `source` stands. Wrap it in `io.BufferedReader` to read lines."""

    def __init__(self, source: Lines) -> None:
        self.source, self.short, self.ended = source, False, False
        self.ready = memoryview(b"")
        line = b""
        while not line.strip(BLANK):
            line = self._line()
        if line != BEGIN:
            _refuse()

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: object, /) -> int:
        """Some of what follows, 0 at the end."""
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]  # RawIOBase promises a buffer
        if not self.ready and not self.ended:
            self.ready = memoryview(self._block())
        count = min(len(view), len(self.ready))
        view[:count] = self.ready[:count]
        self.ready = self.ready[count:]
        return count

    def _line(self) -> bytes:
        line = self.source.readline(LONGEST)
        if not line or len(line) == LONGEST:
            _refuse()
        return line.removesuffix(b"\n").removesuffix(b"\r") if line.endswith(b"\n") else line

    def _block(self) -> bytes:
        lines: list[bytes] = []
        while len(lines) < 1024:
            line = self._line()
            if line == END:
                self._finish()
                break
            if not line or len(line) > COLUMNS or self.short:
                _refuse()
            self.short = len(line) < COLUMNS or line.endswith(b"=")
            lines.append(line)
        return _decode(b"".join(lines))

    def _finish(self) -> None:
        self.ended = True
        while rest := self.source.readline(LONGEST):
            if rest.strip(BLANK):
                _refuse()


def _decode(text: bytes) -> bytes:
    bare = text.rstrip(b"=")
    if len(text) % 4 or len(text) - len(bare) > 2:
        _refuse()
    try:
        return decode64(bare)
    except Refused:
        _refuse()


def _refuse() -> NoReturn:
    refused("bidding.armor", _("The armor around the file is not written as it must be."))
