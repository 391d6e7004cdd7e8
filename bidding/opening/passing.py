"""Pure. The digest of a stored file that is taken while the file is read for another reason.

Enters: a file that is read anywhere, for the most part from its start to its end. Leaves: SHA-256 and length of the
whole of it; what was not read in order is read for the digest alone. So an envelope is read once, not twice.
"""

from __future__ import annotations

import hashlib
import io

BLOCK = 1 << 20


class Passing:
    """Reads as the file does; every byte is hashed once, in its order."""

    def __init__(self, file: io.BufferedReader) -> None:
        self.file, self.at = file, file.seek(0)
        self.sha256, self.hashed = hashlib.sha256(), 0

    def head(self, size: int) -> bytes:
        """The first `size` bytes, or all there are."""
        room = memoryview(bytearray(size))
        self.seek(0)
        return bytes(room[: self.readinto(room)])

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Let the next read begin elsewhere."""
        self.at = self.file.seek(offset, whence)
        return self.at

    def readinto(self, buffer: memoryview, /) -> int:
        """Some of what follows, 0 at the end."""
        count = self.file.readinto(buffer)
        begin, self.at = self.at, self.at + count
        if begin <= self.hashed < self.at:
            self.sha256.update(buffer[self.hashed - begin : count])
            self.hashed = self.at
        return count

    def digest(self) -> tuple[bytes, int]:
        """SHA-256 and length of the file."""
        room = memoryview(bytearray(BLOCK))
        self.seek(self.hashed)
        while self.readinto(room):
            pass
        return self.sha256.digest(), self.hashed
