"""The demo's source of time: the machine's clock plus an offset that only moves forward.

Enters: `var/clock`, one line with the offset in microseconds, replaced atomically, the same for every process. Leaves:
the demo's instant. It starts at 2026-03-02 09:00 +08:00 whatever the date is, and survives restarts.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings

START = datetime.fromisoformat("2026-03-02T09:00:00+08:00")
MICROSECOND = timedelta(microseconds=1)


def _path() -> Path:
    return Path(settings.VAR) / "clock"


def _replace(offset: timedelta) -> None:
    beside = _path().with_name(f".clock.{os.getpid()}")
    beside.write_text(f"{offset // MICROSECOND}\n", encoding="ascii")
    beside.replace(_path())


def _first() -> None:
    """Set the clock to its start, once: of two processes that begin together one wins."""
    beside = _path().with_name(f".clock.first.{os.getpid()}")
    beside.write_text(f"{(START - datetime.now(UTC)) // MICROSECOND + 1}\n", encoding="ascii")
    try:
        os.link(beside, _path())
    except FileExistsError:
        pass  # the other process's start counts
    finally:
        beside.unlink()


def offset() -> timedelta:
    """How far the demo's clock is from the machine's."""
    if not _path().exists():
        _first()
    return timedelta(microseconds=int(_path().read_text(encoding="ascii")))


def advance(step: timedelta) -> None:
    """Move the clock forward by `step`; the act that calls this refuses to go back."""
    _replace(offset() + step)


class OffsetSource:
    """The demo's clock as a source of the house's clock."""

    def now(self) -> datetime:
        """The demo's instant in UTC."""
        ahead = offset()  # first: the very first reading sets the start, and must not lie before it
        return datetime.now(UTC) + ahead
