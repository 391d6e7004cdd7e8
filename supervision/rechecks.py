"""When what is kept is verified again: a day after a tender has ended, and every month from then on; the log likewise.

Enters: the instant. Leaves: rows that say when, and a task for the one that is due: one at a time in the whole house.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta

import structlog
from celery import current_app
from django.conf import settings
from django.db.models import Q
from kombu.exceptions import OperationalError

from ledger import clock
from supervision.models import Recheck
from supervision.reverifying import LOG, reverify
from trading.models import Tender
from trading.stages import ENDED, Stage

TASK = "supervision.tasks.reverify"
TURN = timedelta(hours=1)  # of the machine: after that a worker that verifies is taken for dead
SETTLED = timedelta(days=1)  # after a tender's end
EVERY = 10.0  # seconds between two looks for tenders that have ended

logger = structlog.get_logger("sunlight.evidence")


class _Looked:
    """When this process last looked for what has ended (monotonic)."""

    at = -EVERY


def call(now: datetime) -> int:
    """Have the next subject verified that is due. Returns 0: the act runs in a worker."""
    if time.monotonic() - _Looked.at >= EVERY:
        _Looked.at = time.monotonic()
        plan(now)
    moment = clock.real_now()
    if Recheck.objects.filter(busy_until__gt=moment).exists():
        return 0
    row = Recheck.objects.filter(due_at__lte=now).order_by("due_at", "pk").first()
    if row is None or not _is_ours(row, moment):
        return 0
    if settings.ONE_PROCESS:
        reverify(row.subject)
        return 0
    try:
        current_app.send_task(TASK, [row.subject], expires=TURN.total_seconds())
    except OperationalError:
        logger.warning("the broker is away: what is due waits", subject=row.subject)
        Recheck.objects.filter(pk=row.pk).update(busy_until=None)
    return 0


def _is_ours(row: Recheck, moment: datetime) -> bool:
    """Whether no other process has taken this turn."""
    free = Q(busy_until=None) | Q(busy_until__lte=moment)
    return Recheck.objects.filter(free, pk=row.pk).update(busy_until=moment + TURN, is_begun=False) == 1


def plan(now: datetime) -> None:
    """Note when the log, and each tender that has ended, is verified first."""
    known = set(Recheck.objects.values_list("subject", flat=True))
    if LOG not in known:
        Recheck.objects.get_or_create(subject=LOG, defaults={"due_at": now})
    for code in set(ended()) - known:
        Recheck.objects.get_or_create(subject=code, defaults={"due_at": now + SETTLED})


def ended() -> list[str]:
    """The codes of published tenders of which no lot goes on."""
    going_on = [str(stage) for stage in Stage if stage not in ENDED]
    found = Tender.objects.filter(stage="published").exclude(lots__stage__in=going_on)
    return list(found.values_list("code", flat=True))
