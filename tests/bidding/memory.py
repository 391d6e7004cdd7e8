"""What lies in the memory of running processes: all of it, read by the kernel's door or as `gcore` images.

Enters: process numbers. Leaves: pieces of memory to be searched; `ForbiddenError` with the reason where this machine
lets nobody look into another process (ptrace).
"""

from __future__ import annotations

import mmap
import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.bidding.canaries import found_in

PIECE = 32 << 20
LAP = 512  # bytes that two pieces share, so that nothing is missed at a seam
REGION = re.compile(r"([0-9a-f]+)-([0-9a-f]+) r")


class ForbiddenError(Exception):
    """This machine does not let us look; the text says why."""


def family(chief: int) -> dict[int, str]:
    """The process `chief` and everything it started, by number: the first words of each command line."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])
            except OSError:
                continue
            children.setdefault(parent, []).append(int(entry.name))
    found, todo = list[int](), [chief]
    while todo:
        found.append(todo.pop())
        todo += children.get(found[-1], [])
    return {pid: _words(pid) for pid in sorted(found)}


def _words(pid: int) -> str:
    words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").replace("\0", " ").split()
    return " ".join(Path(word).name if "/" in word else word for word in words)[:60]


@contextmanager
def held_still(pid: int) -> Iterator[None]:
    """Let the process wait while it is looked at."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def memory_of(pid: int) -> Iterator[bytes]:
    """Every readable page of the process, in pieces that overlap."""
    with held_still(pid):
        try:
            memory = os.open(f"/proc/{pid}/mem", os.O_RDONLY)
        except PermissionError as error:
            raise ForbiddenError(f"this machine forbids looking into another process (ptrace): {error}") from error
        try:
            for line in Path(f"/proc/{pid}/maps").read_text(encoding="utf-8").splitlines():
                if (found := REGION.match(line)) and "[v" not in line:  # vvar, vsyscall: the kernel's own
                    yield from _region(memory, int(found[1], 16), int(found[2], 16))
        finally:
            os.close(memory)


def _region(memory: int, begin: int, end: int) -> Iterator[bytes]:
    for at in range(begin, end, PIECE):
        try:
            yield os.pread(memory, min(PIECE + LAP, end - at), at)
        except OSError:
            return  # pages of a device, or beyond the end of a mapped file


def image_of(pid: int, folder: Path) -> Iterator[bytes]:
    """The same from a core image written by gdb's `gcore`, protected pages included; the image is removed."""
    gdb = shutil.which("gdb")
    if gdb is None:
        raise ForbiddenError("gdb is not installed: apt-get install -y gdb")
    with tempfile.TemporaryDirectory(dir=folder) as name:
        core = Path(name) / "core"
        command = [gdb, "--batch", "--nx", "-p", str(pid), "-ex", "set dump-excluded-mappings on"]
        done = subprocess.run(
            [*command, "-ex", f"gcore {core}"], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
        )
        if not core.exists():
            raise ForbiddenError(f"gcore made no image of process {pid}: {done.stderr.strip().splitlines()[-1:]}")
        with core.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as image:
            for at in range(0, len(image), PIECE):
                yield image[at : at + PIECE + LAP]


def searched(pieces: Iterator[bytes], needles: Mapping[str, bytes]) -> tuple[int, set[str]]:
    """(bytes looked through, names of the needles that were there)."""
    size, found = 0, set[str]()
    for piece in pieces:
        size += len(piece)
        found.update(found_in(piece, needles))
    return size, found
