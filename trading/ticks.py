"""The ticker's question to trading: which lots wait for the clock now."""

from __future__ import annotations

from datetime import datetime

import structlog
from django.db.models import Min

from ledger.errors import Conflict, SunlightError
from trading import dating_log, extending, progress
from trading.models import Lot
from trading.stages import Stage

logger = structlog.get_logger("sunlight.trading")
MOST = 200


def tick(now: datetime) -> int:
    """Do what is due at `now`; returns how many acts ran. A lot that fails is logged and leaves the others alone."""
    found = _watched() + dating_log.call()
    q = Lot.objects.filter(next_at__lte=now, paused=False).exclude(stage=Stage.CLOSING)
    return found + sum(_one(lot) for lot in q.select_related("tender").order_by("next_at")[:MOST])


def _watched() -> int:
    """The heartbeat, and before anything closes the closings that an outage moves."""
    try:
        return extending.watch()
    except Conflict:
        return 0  # another ticker was faster; nothing closes that an unsettled outage concerns


def next_at(now: datetime) -> datetime | None:
    """The next instant after `now` at which a lot is due: the ticker sleeps no longer."""
    found = Lot.objects.filter(next_at__gt=now, paused=False).aggregate(first=Min("next_at"))
    first: datetime | None = found["first"]
    return first


def _one(lot: Lot) -> bool:
    try:
        return progress.go_on(lot)
    except Conflict:
        return False  # another ticker was faster
    except SunlightError as error:
        logger.warning("lot waits", lot=lot.code, why=str(error))
        return False
