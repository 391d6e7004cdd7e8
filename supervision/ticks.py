"""What the ticker asks supervision: what is late in the house itself, and what is to be verified again."""

from __future__ import annotations

import time
from datetime import datetime

from ledger import clock
from supervision import house_watch, rechecks

EVERY = 1.0  # seconds between two looks


class _Looked:
    """When this process last looked (monotonic)."""

    at = -EVERY


def tick(now: datetime) -> int:
    """Do what is due at `now`. Returns how many acts ran."""
    if time.monotonic() - _Looked.at < EVERY:
        return 0
    _Looked.at = time.monotonic()
    return house_watch.look(clock.real_now()) + rechecks.call(now)
