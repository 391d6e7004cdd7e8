"""Dating the log: the newest checkpoint gets a timestamp of the authority, one for all that came since the last.

Enters: checkpoints as they come. Leaves: tokens, checked and kept (ledger/dating.py). The ticker asks every second, a
worker fetches; when the authority is down or its answer does not hold, the log goes on and it is asked again soon. That
it is missing for long is an alarm (supervision/house_watch.py), not a stop.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from celery import current_app
from django.conf import settings
from kombu.exceptions import OperationalError

from ledger import clock, dating, lease
from ledger.errors import Refused
from ledger.models import Lease
from trading import timestamping

TASK = "trading.tasks.date_log"
TURN = "timestamps"  # the row that says when the next token is due, by the machine's time
AGAIN = 10  # seconds after which a missing answer is asked for again, or the interval where that is shorter

logger = structlog.get_logger("sunlight.log")


def call() -> int:
    """Send the task when a checkpoint waits and the interval is over; without a broker, do its work.

    Returns 0: a token is no act.
    """
    if dating.waiting() is None or not _is_ours(clock.real_now()):
        return 0
    if settings.ONE_PROCESS:
        date_newest()
        return 0
    try:
        current_app.send_task(TASK, expires=2 * settings.SUNLIGHT_TIMESTAMP_SECONDS)
    except OperationalError:
        logger.warning("the broker is away: the log's timestamp waits")
        _soon()
    return 0


def _is_ours(now: datetime) -> bool:
    """Whether a token is due, and no other process has taken this turn."""
    row = lease.find(TURN, now)
    due = now + timedelta(seconds=settings.SUNLIGHT_TIMESTAMP_SECONDS)
    return row.next <= now and Lease.objects.filter(pk=row.pk, next=row.next).update(next=due) == 1


def _soon() -> None:
    wait = min(AGAIN, settings.SUNLIGHT_TIMESTAMP_SECONDS)
    Lease.objects.filter(name=TURN).update(next=clock.real_now() + timedelta(seconds=wait))


def date_newest() -> bool:
    """Fetch and keep the token over the newest checkpoint. False when there is nothing to date, or no good answer."""
    point = dating.waiting()
    if point is None:
        return False
    try:
        stamped = timestamping.stamp(bytes(point.note))
    except Refused as refusal:
        logger.warning("the log has no timestamp yet", size=point.size, why=sorted(refusal.codes))
        _soon()
        return False
    dating.keep(point.size, stamped.token, stamped.at)
    return True
