"""What a witness must not forget: for each log the largest checkpoint that it cosigned, in a folder of its own.

Enters: a checkpoint. Leaves: a file that is on the disk before `keep` returns (C2SP tlog-witness: stored before the
answer). One process holds the folder; a second one is refused.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from pathlib import Path

from ledger.errors import Broken
from ledger.note import Checkpoint
from ledger.witness.judging import NOTHING, Seen


class Keeper:
    """The folder `root`, made if need be and held by this process until it ends."""

    def __init__(self, root: Path) -> None:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.root = root
        self._lock = os.open(root / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Broken(f"another witness works in {root}") from error

    def close(self) -> None:
        """Let go of the folder."""
        os.close(self._lock)

    def _path(self, origin: str) -> Path:
        return self.root / f"{hashlib.sha256(origin.encode()).hexdigest()}.json"

    def seen(self, origin: str) -> Seen:
        """What was cosigned last for `origin`. `Broken` when the file is not what was written: never start afresh."""
        try:
            facts = json.loads(self._path(origin).read_bytes())
        except FileNotFoundError:
            return NOTHING
        except ValueError as error:
            raise Broken(f"what this witness kept of {origin} cannot be read") from error
        if not isinstance(facts, dict) or facts.keys() != {"origin", "size", "root"} or facts["origin"] != origin:
            raise Broken(f"what this witness kept of {origin} cannot be read")
        return Seen(int(facts["size"]), bytes.fromhex(facts["root"]))

    def keep(self, checkpoint: Checkpoint) -> None:
        """Store `checkpoint` as the largest one cosigned, durably."""
        facts = {"origin": checkpoint.origin, "size": checkpoint.size, "root": checkpoint.root.hex()}
        path = self._path(checkpoint.origin)
        beside = path.with_suffix(".new")
        with beside.open("wb") as file:
            file.write(json.dumps(facts).encode())
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        folder = os.open(self.root, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
