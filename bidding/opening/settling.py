"""Files that are on their way to the disk while they are still being written.

Enters: a file that is open for writing, bytes. Leaves: the same bytes in the file. Whoever syncs it at the end
waits for little (docs/decisions/0032).
"""

from __future__ import annotations

import io
import os
from contextlib import suppress

STRETCH = 4 << 20  # bytes that the kernel is told of at once


class Settling:
    """A sink that writes through to a file and has the kernel begin to carry every stretch of it to the disk."""

    def __init__(self, file: io.FileIO) -> None:
        self.file, self.at, self.told = file, 0, 0

    def write(self, data: memoryview) -> int:
        """Write all of `data`."""
        rest = data
        while rest:
            rest = rest[self.file.write(rest) :]
        self.at += len(data)
        if self.at - self.told >= STRETCH:
            self._tell()
        return len(data)

    def _tell(self) -> None:
        """Pages that were changed are written before they could be given back: being told so, the kernel begins."""
        with suppress(OSError):  # what is no file of a disk has nothing to begin
            os.posix_fadvise(self.file.fileno(), self.told, self.at - self.told, os.POSIX_FADV_DONTNEED)
        self.told = self.at
