"""Where the bytes of an upload lie until they are decided: `VAR/uploads/<upload>/`, one file for each request.

Enters: pieces of a request body. Leaves: files that are synced before any row speaks of them, and locks that the
kernel drops when a process dies. A stale request writes into a file of its own: it cannot spoil what a newer one
brought.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from bidding.models import Part, Upload
from ledger.errors import Broken, Conflict

PIECE = 1 << 18


def uploads_folder() -> Path:
    """The folder of all uploads."""
    folder = Path(settings.VAR) / "uploads"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def folder_of(upload: Upload) -> Path:
    """The folder of one upload."""
    folder = uploads_folder() / upload.code
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def discard(upload: Upload) -> None:
    """Remove the upload's files."""
    shutil.rmtree(uploads_folder() / upload.code, ignore_errors=True)


class PartFile:
    """The file that one request writes, and the digest of what passed."""

    def __init__(self, upload: Upload) -> None:
        self.name = secrets.token_hex(8)
        self.path = folder_of(upload) / self.name
        self.start, self.length = upload.offset, 0
        self.sha256 = hashlib.sha256()
        self.file = self.path.open("xb")

    def write(self, piece: bytes) -> None:
        """Take the next bytes."""
        self.sha256.update(piece)
        self.file.write(piece)
        self.length += len(piece)

    def sync(self) -> None:
        """Return when everything written is on the disk, the file's name too; `Conflict` when the upload is over."""
        self.file.flush()
        os.fsync(self.file.fileno())
        try:
            handle = os.open(self.path.parent, os.O_RDONLY)
        except FileNotFoundError:
            raise Conflict from None
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def drop(self) -> None:
        """Forget the file."""
        self.file.close()
        self.path.unlink(missing_ok=True)


def pieces_of(upload: Upload, parts: list[Part]) -> Iterator[bytes]:
    """Every byte of a complete upload in order, each part checked against the digest that passed; `Broken` if not."""
    at = 0
    for part in parts:
        if part.start != at:
            raise Broken("the parts of an upload do not follow one another")
        yield from _part(folder_of(upload) / part.name, part)
        at += part.length
    if at != upload.length:
        raise Broken("an upload lacks bytes that were counted")


def _part(path: Path, part: Part) -> Iterator[bytes]:
    digest, left = hashlib.sha256(), part.length
    with path.open("rb") as file:
        while left and (piece := file.read(min(PIECE, left))):
            digest.update(piece)
            left -= len(piece)
            yield piece
    if left or digest.hexdigest() != part.digest:
        raise Broken("a part of an upload does not read back as it passed")


@contextmanager
def _lock(name: str, how: int) -> Iterator[bool]:
    folder = uploads_folder() / "locks"
    folder.mkdir(mode=0o700, exist_ok=True)
    with (folder / name).open("ab") as file:
        try:
            fcntl.flock(file, how)
        except BlockingIOError:
            yield False
            return
        yield True


@contextmanager
def arriving(lot_code: str) -> Iterator[None]:
    """Held from before the stamp is read until it is stored: a closing waits for it (see `all_arrived`)."""
    with _lock(f"lot-{lot_code}", fcntl.LOCK_SH):
        yield


def all_arrived(lot_code: str) -> bool:
    """Whether no stamp is on its way into the database. Who asks after the deadline and hears yes has seen them all:
    a stamp read later is not before the deadline.
    """
    with _lock(f"lot-{lot_code}", fcntl.LOCK_EX | fcntl.LOCK_NB) as mine:
        return mine


@contextmanager
def deciding(upload: Upload, *, wait: bool) -> Iterator[bool]:
    """Whether this process alone decides `upload` now; with `wait` it is, after the other one has finished."""
    with _lock(f"upload-{upload.code}", fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB)) as mine:
        yield mine
