"""Files and pipes of the command line: an output file takes its name only when it is whole.

Enters: names, `-` or None for standard input and output. Leaves: streams. Whatever stops the work on the way (a
refusal, a full disk, a signal that asks to end) leaves no half-written file, and what was there before as it was.
"""

from __future__ import annotations

import contextlib
import io
import os
import signal
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from queue import SimpleQueue
from threading import Thread

STANDARD = "-"


class WritingAhead:
    """A sink that writes to a descriptor in a thread of its own, so that sealing goes on while the kernel copies.

    Nothing is copied on the way: what `write` was given must stay as it is until the next `write`, or `close`, has
    returned. An error of the descriptor is raised there too. After `close` everything is written.
    """

    error: OSError | None = None

    def __init__(self, handle: int) -> None:
        self.handle = handle
        self.given: SimpleQueue[memoryview | None] = SimpleQueue()
        self.taken: SimpleQueue[None] = SimpleQueue()
        self.taken.put(None)
        self.thread = Thread(target=self._pour, daemon=True)
        self.thread.start()

    def write(self, data: memoryview | bytes) -> int:
        """Begin to write `data`, once what was given before is written."""
        self.taken.get()
        self._check()
        self.given.put(memoryview(data))
        return len(data)

    def close(self) -> None:
        """Wait until all is written."""
        self.given.put(None)
        self.thread.join()
        self._check()

    def _check(self) -> None:
        if self.error is not None:
            raise self.error

    def _pour(self) -> None:
        while (rest := self.given.get()) is not None:
            try:
                while rest:
                    rest = rest[os.write(self.handle, rest) :]
            except OSError as error:
                self.error = error
            self.taken.put(None)


def read_limited(name: str, limit: int) -> bytes:
    """At most `limit` + 1 bytes of the file or of standard input: more than `limit` shows that it is too long."""
    with input_stream(name) as source:
        return source.read(limit + 1)


@contextlib.contextmanager
def input_stream(name: str) -> Iterator[io.BufferedReader]:
    """The file, or standard input."""
    if name == STANDARD:
        yield os.fdopen(0, "rb", closefd=False)
        return
    with Path(name).open("rb") as source:
        yield source


@contextlib.contextmanager
def output_stream(name: str) -> Iterator[WritingAhead]:
    """Standard output, a device or pipe as it stands, or a file that appears when the work is done."""
    if name == STANDARD:
        with contextlib.closing(WritingAhead(1)) as sink:
            yield sink
        return
    path = Path(name).resolve()  # behind a symbolic link the file itself is replaced
    mode = path.stat().st_mode if path.exists() else None
    opened = _as_it_stands(path) if mode is not None and not stat.S_ISREG(mode) else _appearing(path, mode)
    with _ending_in_order(), opened as handle, contextlib.closing(WritingAhead(handle)) as sink:
        yield sink


@contextlib.contextmanager
def _as_it_stands(path: Path) -> Iterator[int]:
    handle = os.open(path, os.O_WRONLY)
    try:
        yield handle
    finally:
        os.close(handle)


@contextlib.contextmanager
def _appearing(path: Path, mode: int | None) -> Iterator[int]:
    """A descriptor of a file beside `path` that becomes `path` at the end, with the permissions of what was there."""
    part = path.with_name(f".sunlight-{os.urandom(8).hex()}")
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    except OSError as error:  # named as it was asked for
        raise OSError(error.errno, error.strerror, str(path)) from error
    try:
        try:
            if mode is not None:
                os.fchmod(handle, stat.S_IMODE(mode))
            yield handle
        finally:
            os.close(handle)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


@contextlib.contextmanager
def _ending_in_order() -> Iterator[None]:
    """Signals that ask to end unwind the program instead of cutting it off."""

    def end(number: int, _frame: object) -> None:
        sys.exit(128 + number)

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def same_file(one: str, other: str) -> bool:
    """Whether both name one regular file that exists."""
    if STANDARD in {one, other}:
        return False
    first, second = Path(one), Path(other)
    return first.is_file() and second.is_file() and first.samefile(second)
