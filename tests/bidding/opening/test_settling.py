"""What settles on its way is the same bytes, and a disk that is full is heard of."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bidding.opening.settling import STRETCH, Settling


def test_the_file_holds_what_was_written(tmp_path: Path) -> None:
    pieces = [os.urandom(size) for size in (16, STRETCH - 17, 1, 2 * STRETCH + 5, 0, 3)]
    with (tmp_path / "file").open("xb", buffering=0) as file:
        sink = Settling(file)
        counts = [sink.write(memoryview(piece)) for piece in pieces]
    assert counts == [len(piece) for piece in pieces]
    assert (tmp_path / "file").read_bytes() == b"".join(pieces)


def test_the_kernel_is_told_of_every_whole_stretch_once(tmp_path: Path) -> None:
    with (tmp_path / "file").open("xb", buffering=0) as file:
        sink = Settling(file)
        told = [sink.told for size in (STRETCH - 1, 1, 7, STRETCH) if sink.write(memoryview(bytes(size)))]
    assert told == [0, STRETCH, STRETCH, 2 * STRETCH + 7]


def test_a_pipe_has_nothing_to_settle_and_takes_the_bytes_in_pieces() -> None:
    read, write = os.pipe()
    child = os.fork()
    if not child:
        os.close(write)
        with os.fdopen(read, "rb") as source:
            os._exit(0 if source.read() == bytes(2 * STRETCH) else 1)
    os.close(read)
    with open(write, "wb", buffering=0) as file:  # noqa: PTH123 a descriptor, no path
        Settling(file).write(memoryview(bytes(2 * STRETCH)))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_a_full_disk_is_an_error() -> None:
    with Path("/dev/full").open("wb", buffering=0) as file, pytest.raises(OSError, match="No space left"):
        Settling(file).write(memoryview(b"bytes"))
