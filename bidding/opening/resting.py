"""How the files of an envelope come to rest while it is opened: read once, sealed under the lot's key as they pass.

Enters: an opened package. Leaves: sealed files in a folder of their own, in constant memory; and, when the whole
envelope has passed every check, the same as objects. What fails or is cut off leaves no object; nothing plain is ever
written.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from django.conf import settings

from bidding.envelope.manifest import FileEntry
from bidding.envelope.unpacking import OpenedPackage
from bidding.opening.lot_key import is_sealed, seal_file
from bidding.opening.settling import Settling
from ledger import objects

Heard = Callable[[], None]


def silence() -> None:
    """Nobody listens."""


@dataclass(frozen=True)
class Sealed:
    """A file that is ready: the object it shall be, where it lies, what the manifest says of its content."""

    name: str
    path: Path
    entry: FileEntry


@dataclass
class Resting:
    """The files of the bid `code` on their way; `name` gives the object of the file at a place of the manifest.

    `heard` is called after every block: whoever watches a worker knows by it that the work goes on.
    """

    code: str
    key: bytes = field(repr=False)
    name: Callable[[int], str]
    heard: Heard = silence
    ready: list[Sealed] = field(default_factory=list)

    def __enter__(self) -> Self:
        """Make the folder; what an attempt that was cut off left behind goes."""
        root = settings.VAR / "opening"
        root.mkdir(mode=0o700, exist_ok=True)
        for left in root.glob(f"{self.code}-*"):
            shutil.rmtree(left, ignore_errors=True)
        self.folder = root / f"{self.code}-{secrets.token_hex(4)}"
        self.folder.mkdir(mode=0o700)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Remove the folder and what is left in it."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def take(self, package: OpenedPackage) -> None:
        """Read every byte of the package once. Refused as `OpenedPackage.verify` refuses."""
        for place, entry in enumerate(package.manifest.files):
            self._seal(place, entry, package)
        package.check_padding()

    def _seal(self, place: int, entry: FileEntry, package: OpenedPackage) -> None:
        name, path = self.name(place), self.folder / str(place)
        with path.open("xb", buffering=0) as file:
            seal_file(self.key, name, entry.sha256, self._heard(package.read(entry)), Settling(file))
        self.ready.append(Sealed(name, path, entry))

    def _heard(self, blocks: Iterator[bytes]) -> Iterator[bytes]:
        for block in blocks:
            yield block
            self.heard()

    def settle(self) -> None:
        """Hand every file to the store, read back; the same bytes may stand there already."""
        for one in self.ready:
            whole = partial(is_sealed, self.key, one.name, one.entry.sha256, one.entry.size)
            objects.store().adopt_if(one.name, one.path, whole)
            self.heard()
