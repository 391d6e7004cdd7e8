"""Remembers in `var/run` that the site is up, so that a second start, a stop and a status know of it.

The lock is held by the supervisor as long as it lives: who can take it knows that nobody runs, whatever lies in the
folder after a power cut. `site.json` is written when everything answers and removed at the stop.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

LOOKS, BETWEEN = 20, 0.05  # how often, and seconds apart, a start tries before it believes that another one is up


@dataclass(frozen=True)
class Site:
    """A site that is up: the supervisor, the two addresses, and each part's process number."""

    pid: int
    pages: str
    live: str
    demo: bool
    parts: dict[str, int]


def take_lock(run: Path) -> IO[str] | None:
    """The lock on `run`, to be kept open; None when a supervisor holds it. The file tells its process number."""
    lock = (run / "up.lock").open("a+", encoding="ascii")
    if not _locked(lock):
        lock.close()
        return None
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def _locked(lock: IO[str]) -> bool:
    """Whether the lock was taken. Who asks `holder` has it for an instant too; a supervisor keeps it."""
    for _look in range(LOOKS):
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(BETWEEN)
        else:
            return True
    return False


def holder(run: Path) -> int | None:
    """The process number of the supervisor that holds the lock on `run`, or None."""
    path = run / "up.lock"
    if not path.exists():
        return None
    with path.open(encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return int(lock.read() or 0) or None
    return None


def announce(run: Path, site: Site) -> None:
    """Write `site` so that a reader sees all of it or nothing."""
    draft = run / ".site.json"
    draft.write_text(json.dumps(asdict(site), indent=1) + "\n", encoding="utf-8")
    draft.replace(run / "site.json")


def forget(run: Path) -> None:
    """Take the announcements away."""
    for name in ("site.json", "valkey.socket", "worker.ready", "tick.places", "tick.news"):
        (run / name).unlink(missing_ok=True)


def announced(run: Path) -> Site | None:
    """The site that is up and answers, or None."""
    path = run / "site.json"
    if holder(run) is None or not path.exists():
        return None
    return Site(**json.loads(path.read_text(encoding="utf-8")))
