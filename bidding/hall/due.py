"""What a hall waits for that no person does: pauses that end, outages to be seen to, silence to be accepted.

Enters: the instant. Leaves: how many acts ran. A lot that fails is logged and leaves the others alone.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

import structlog

from bidding.hall.pausing import interrupt, resting_due, resume
from bidding.hall.silence import end_confirmations, silence_due
from bidding.hall.waiting import fail_waiting, waiting_due
from ledger.actor import THE_CLOCK
from ledger.errors import Conflict, SunlightError

logger = structlog.get_logger("sunlight.hall")


def hall_due(now: datetime) -> int:
    """First what rested, then what ends: a window that an outage cut short runs on before anybody calls it over."""
    rested = [
        partial(interrupt, lot, outage) if outage else partial(resume, lot, actor=THE_CLOCK)
        for lot, outage in resting_due(now)
    ]
    done = sum(_once(step) for step in rested)
    done += sum(_once(partial(fail_waiting, lot)) for lot in waiting_due())
    return done + sum(_once(partial(end_confirmations, lot)) for lot in silence_due(now))


def _once(step: Callable[[], object]) -> int:
    try:
        return int(step() != 0)
    except Conflict:
        return 0  # another ticker was faster
    except SunlightError as error:
        logger.warning("a hall waits", why=str(error))
        return 0
