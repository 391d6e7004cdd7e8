"""When a part of the ticker has something to look at, and whether it still does: so that rest costs next to nothing.

Enters: that a round began, that it ended. Leaves: whether to run the part now; a file in `var/run` whose time tells
that its rounds come to an end. Every act leaves an entry, so an entry is what each part looks out for: one that waits
for its place, one that has it. Anything else is found within `LONGEST` seconds, and a deadline at its second
(`<room>.ticks.next_at`).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection

from config.rooms import room_modules
from ledger import clock

LONGEST = 1.0  # seconds between two rounds in which nothing happens
ALIVE = 30.0  # seconds that the end of the last round may lie back
PARTS = {
    # Entries commit in another order than they are numbered in, so the newest alone would not tell of all.
    "places": "SELECT COUNT(*), MAX(id) FROM ledger_waiting HAVING COUNT(*) > 0",
    "news": "SELECT MAX(id) FROM ledger_place",
}
NOTHING = ()


def _beat(run: Path, part: str) -> Path:
    return run / f"tick.{part}"


def beats(run: Path) -> bool:
    """Whether a round of every part of the ticker came to its end lately."""
    try:
        return all(clock.real_now().timestamp() - _beat(run, part).stat().st_mtime < ALIVE for part in PARTS)
    except FileNotFoundError:
        return False


def until_due() -> float:
    """Seconds until the next instant that a room waits for, at most `LONGEST`."""
    now = clock.now()
    asked = [module.next_at(now) for _prefix, module in room_modules("ticks") if hasattr(module, "next_at")]
    waits = [float((at - now).total_seconds()) for at in asked if at is not None]
    return max(0.0, min([LONGEST, *waits]))


class Waking:
    """Says when the next round of a part is. It looks at the database through a connection of its own."""

    def __init__(self, part: str, rest: Callable[[], float] = until_due) -> None:
        """`rest`: seconds that may pass until the next round when nobody writes."""
        self.beat, self.rest = _beat(settings.VAR / "run", part), rest
        self.eyes, self.question = connection.copy(), PARTS[part]
        self.seen: object = None
        self.due = 0.0

    def is_time(self) -> bool:
        """Whether to run now: something is due, or an entry came since the last round began."""
        if time.monotonic() >= self.due:
            return True
        state = self._state()
        return state is None or state not in (self.seen, NOTHING)

    def begin(self) -> None:
        """What comes from now on is news for the next round."""
        self.seen = self._state()

    def end(self) -> None:
        """A round came to its end."""
        self.beat.touch()
        try:
            self.due = time.monotonic() + self.rest()
        except DatabaseError:
            self.due = time.monotonic() + LONGEST  # the round has said so already

    def close(self) -> None:
        """Look no more."""
        self.eyes.close()

    def _state(self) -> object:
        """A value that changes with every entry, `NOTHING` when none waits; None where there is no database."""
        try:
            with self.eyes.cursor() as cursor:
                cursor.execute(self.question)
                return cursor.fetchone() or NOTHING
        except DatabaseError:
            self.eyes.close()
            return None
