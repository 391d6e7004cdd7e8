"""Timestamps for receipts: fetched after the receipt was given, so that no authority can hold one up (RFC 3161).

Enters: the queue of answers without a timestamp. Leaves: the authority's answer over the bytes of each CMS signature,
which covers the signed record. The ticker calls every few seconds whether anything waits or not, and the task has no
argument: a message about a bid would tell that there is one. While the authority is down, receipts go on (P32).
"""

from __future__ import annotations

import structlog
from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from kombu.exceptions import OperationalError

from bidding.models import Timestamp, Unstamped
from bidding.submission.receipts import answer_numbered
from ledger.errors import Broken, Refused
from trading import timestamping

TASK = "bidding.tasks.stamp"
EVERY = 5  # seconds between calls
TURN = 30  # seconds after which a worker that fetches is taken for dead
AT_ONCE = 100

logger = structlog.get_logger("sunlight.receipts")


def call() -> int:
    """Send the task when it is time; without a broker, do its work. Returns 0: a call is no act."""
    if not cache.add("bidding.stamping.called", 1, EVERY):
        return 0
    if settings.ONE_PROCESS:
        stamp_waiting()
        return 0
    try:
        current_app.send_task(TASK, expires=2 * EVERY)
    except OperationalError:
        logger.warning("the broker is away: timestamps wait")
    return 0


def stamp_waiting() -> int:
    """Fetch what is missing, oldest first; nothing while another worker does. Returns how many were fetched."""
    if not cache.add("bidding.stamping.turn", 1, TURN):
        return 0
    try:
        return _fetch_all()
    finally:
        cache.delete("bidding.stamping.turn")


def _fetch_all() -> int:
    fetched, faults = 0, set[str]()
    for row in Unstamped.objects.order_by("pk")[:AT_ONCE]:
        try:
            _fetch(row)
        except Refused as refusal:
            faults.update(refusal.codes)
            if timestamping.UNREACHABLE in refusal.reasons:
                break  # asking for the next one would only wait again
        else:
            fetched += 1
    if faults:  # one line however many wait: a log that counts receipts counts bids
        logger.warning("receipts have no timestamps yet", why=sorted(faults))
    return fetched


def _fetch(row: Unstamped) -> None:
    given = answer_numbered(row.number)
    if given is None:
        raise Broken(f"the answer {row.number} waits for a timestamp and is not stored")
    stamped = timestamping.stamp(bytes(given.signature))
    with transaction.atomic():
        Timestamp.objects.get_or_create(number=row.number, defaults={"token": stamped.token, "at": stamped.at})
        row.delete()
