"""Files as they pass through the client: how much was read, the SHA-256 of what is written, without a second reading.

Enters: paths. Leaves: binary streams with flat memory. A file that is being written has its name only when it is whole.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any


class Watched(io.RawIOBase):
    """A file that tells how much of it was read."""

    def __init__(self, path: Path, tell: Callable[[int], None]) -> None:
        self.file, self.hear = path.open("rb"), tell

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes."""
        block = self.file.read(size)
        self.hear(len(block))
        return block

    def close(self) -> None:
        """Close the file too."""
        self.file.close()
        super().close()


class Digesting(io.RawIOBase):
    """A new file whose SHA-256 is known as soon as it is written."""

    def __init__(self, path: Path) -> None:
        self.file, self.digest = path.open("wb"), hashlib.sha256()

    def write(self, data: Any, /) -> int:
        """Write and hash."""
        self.digest.update(data)
        return self.file.write(data)

    def close(self) -> None:
        """Bring it to the disk."""
        if not self.file.closed:
            self.file.flush()
            os.fsync(self.file.fileno())
            self.file.close()
        super().close()


@contextmanager
def whole(path: Path) -> Iterator[Digesting]:
    """Write the file at `path`: it is there when the block ends well, and nothing of it when it does not."""
    beside = path.with_name(path.name + ".partial")
    try:
        with Digesting(beside) as sink:
            yield sink
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def keep(path: Path, facts: Mapping[str, Any]) -> None:
    """Write facts as JSON, whole or not at all."""
    with whole(path) as sink:
        sink.write(json.dumps(facts, ensure_ascii=False, indent=1).encode() + b"\n")
