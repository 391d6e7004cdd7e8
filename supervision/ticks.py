"""What the ticker asks supervision: archives of moments that a count has brought, what is late in the house itself, and
what is to be verified again.
"""

from __future__ import annotations

import time
from datetime import datetime

from ledger import clock
from supervision import archiving, house_watch, rechecks

EVERY = 1.0  # seconds between two looks at what only time brings


class _Looked:
    """When this process last looked (monotonic)."""

    at = -EVERY


def tick(now: datetime) -> int:
    """Do what is due at `now`. Returns how many acts ran."""
    done = archiving.call(now)
    if time.monotonic() - _Looked.at < EVERY:
        return done
    _Looked.at = time.monotonic()
    return done + house_watch.look(clock.real_now()) + rechecks.call(now)
