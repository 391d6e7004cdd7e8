"""Pure. How large a round of veiled entries is (ledger.md, "Veiled entry").

Enters: since when entries have waited, the instant, and the seconds between rounds. Leaves: 2, or in a rush a power of
two that takes everything that has waited two rounds long, so that nothing waits for more than three.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

ORDINARY = 2
PATIENCE = 2  # rounds that an entry may wait before the round doubles


def round_size(since: Iterable[datetime], now: datetime, interval: timedelta) -> int:
    """The number of veiled entries in the round at `now`."""
    overdue = sum(now - one >= PATIENCE * interval for one in since)
    size = ORDINARY
    while size < overdue:
        size *= 2
    return size
