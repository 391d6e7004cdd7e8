"""Objects: bytes written once under a name. The port, and the folder store.

Enters: a name (`space/…`, lower-case letters, digits, `.-_/`) and bytes. Leaves: the same bytes for ever; a second,
different write under a name is `Broken`. S3 is another store of the same port.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import BinaryIO, Protocol
from urllib.parse import urlsplit

from django.conf import settings

from ledger.errors import Absent, Broken, Reason, _

NAME = re.compile(r"[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*")
PIECE = 1 << 20
SUPERSEDED = re.compile(r"log/tile/(entries|[0-9]+)/[x0-9/]+\.p/[0-9]+|checkpoints/[0-9]+")


@dataclass(frozen=True)
class Stored:
    """A written object: its name, SHA-256 (hex) and size in bytes."""

    name: str
    digest: str
    size: int


class Store(Protocol):
    """What every store does."""

    def put(self, name: str, pieces: Iterable[bytes]) -> Stored:
        """Write once, durably, and read back."""

    def adopt(self, name: str, path: Path, digest: str) -> Stored:
        """Take over a finished file of this machine, whose SHA-256 (hex) is `digest`, as the object `name`."""

    def adopt_if(self, name: str, path: Path, whole: Callable[[BinaryIO], bool]) -> None:
        """The same for bytes that their owner knows again: `whole` says whether what stands there is what was made."""

    def open(self, name: str) -> BinaryIO:
        """The bytes, as a binary file; `Absent` when there are none."""

    def exists(self, name: str) -> bool:
        """Whether the name is written."""

    def names(self, space: str) -> Iterator[str]:
        """Every name that begins with `space/`, in no order."""

    def drop(self, name: str) -> None:
        """Let go of an object that a fuller one holds too: a partial tile, an older checkpoint; `Broken` for others."""


def digest_of(stream: BinaryIO) -> tuple[str, int]:
    """SHA-256 (hex) and size of what is left in `stream`."""
    digest, size = hashlib.sha256(), 0
    while piece := stream.read(PIECE):
        digest.update(piece)
        size += len(piece)
    return digest.hexdigest(), size


def let_go(file: BinaryIO) -> None:
    """Tell the kernel that a large file is done with: whoever passes many of them makes room for nobody's by driving
    out what others need, and asks the machine for no new memory (docs/decisions/0032).
    """
    with suppress(OSError):  # what is no file of this machine has no pages to give back
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class FolderStore:
    """A folder: written beside, synced, linked into place without overwriting, 0444, read back."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, name: str) -> Path:
        """Where `name` lies; a name with tricks is `Broken`."""
        if not NAME.fullmatch(name) or ".." in name:
            raise Broken(f"not an object name: {name!r}")
        return self.root / name

    def put(self, name: str, pieces: Iterable[bytes]) -> Stored:
        """Write the pieces under `name`; the same bytes again are fine, others are `Broken`."""
        target = self.path(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.parent / f".{secrets.token_hex(8)}"
        passed = hashlib.sha256()
        with beside.open("xb") as file:
            for piece in pieces:
                passed.update(piece)
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        return self._settled(name, beside, passed.hexdigest())

    def adopt(self, name: str, path: Path, digest: str) -> Stored:
        """Move a finished file of the same file system under `name`; its SHA-256 (hex) must be `digest`."""
        self._bring(name, path)
        return self._settled(name, path, digest)

    def adopt_if(self, name: str, path: Path, whole: Callable[[BinaryIO], bool]) -> None:
        """Move a finished file of the same file system under `name`; `Broken` unless it then is `whole`."""
        self._bring(name, path)
        self._settle(name, path, whole)
        with self.open(name) as file:
            let_go(file)

    def _bring(self, name: str, path: Path) -> None:
        """Make the folder of `name`, and the file durable."""
        self.path(name).parent.mkdir(parents=True, exist_ok=True)
        with path.open("rb") as file:
            os.fsync(file.fileno())

    def _settled(self, name: str, beside: Path, digest: str) -> Stored:
        found: list[int] = []

        def same(file: BinaryIO) -> bool:
            there, size = digest_of(file)
            found.append(size)
            return there == digest

        self._settle(name, beside, same)
        return Stored(name, digest, found[0])

    def _settle(self, name: str, beside: Path, whole: Callable[[BinaryIO], bool]) -> None:
        """Link `beside` under its name, or find the same there already; read back."""
        target = self.path(name)
        try:
            os.link(beside, target)
        except FileExistsError:
            pass  # the same bytes are fine, the read-back below decides
        else:
            target.chmod(0o444)
        beside.unlink()
        _sync_folder(target.parent)
        with target.open("rb") as file:
            if not whole(file):
                raise Broken(f"the object {name} does not read back as it was written")

    def open(self, name: str) -> BinaryIO:
        """Open the object for reading."""
        try:
            return self.path(name).open("rb")
        except FileNotFoundError:
            raise Absent(Reason("objects.absent", _("There is no such file here."))) from None

    def exists(self, name: str) -> bool:
        """Whether `name` is written."""
        return self.path(name).is_file()

    def names(self, space: str) -> Iterator[str]:
        """Every name below the folder `space`; what is only being written has none yet."""
        for found in self.path(space).rglob("*"):
            if found.is_file() and not found.name.startswith("."):
                yield str(found.relative_to(self.root))

    def drop(self, name: str) -> None:
        """Remove a superseded object, if it is there."""
        if not SUPERSEDED.fullmatch(name):
            raise Broken(f"{name} is not to be dropped")
        self.path(name).unlink(missing_ok=True)


@cache
def _store(url: str) -> Store:
    parts = urlsplit(url)
    if parts.scheme != "file":
        raise Broken(f"no object store for {parts.scheme}://")
    return FolderStore(Path(parts.path))


def store() -> Store:
    """The store named in the settings (OBJECTS_URL)."""
    return _store(settings.OBJECTS_URL)


def put(space: str, data: bytes) -> Stored:
    """Write `data` under `space/<its SHA-256>`."""
    return store().put(f"{space}/{hashlib.sha256(data).hexdigest()}", [data])


def read(name: str) -> bytes:
    """All bytes of a small object."""
    with store().open(name) as file:
        return file.read()
