"""Expiration (tus 1.0): an upload that nobody went on with for a day, or whose lot takes no more bids, is forgotten.

Enters: the instant. Leaves: no files and no parts of such uploads; the row stays and answers 410. What was stamped is
never touched: it is decided.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from bidding.models import Upload
from bidding.uploads.uploading import end
from ledger.errors import Conflict
from trading.models import Lot
from trading.stages import Stage

SILENCE = timedelta(days=1)
AT_ONCE = 100
TAKING = (Stage.BIDDING, Stage.CLOSING)


def expires(upload: Upload) -> datetime | None:
    """When an unfinished upload ends if nothing more comes, None for one that is over; the deadline ends all."""
    if upload.state != Upload.OPEN or upload.touched is None:
        return None
    silent = upload.touched + SILENCE
    return silent if upload.lot.deadline is None else min(silent, upload.lot.deadline)


def expire(now: datetime) -> int:
    """Forget unfinished uploads that were silent for a day, or whose lot has been counted or called off.

    Those of a lot that is closing wait: an outage may still move its deadline. Returns how many were forgotten.
    """
    over = Q(touched__lte=now - SILENCE) | ~Q(lot__stage__in=TAKING)
    return sum(map(_forget, Upload.objects.filter(over, state=Upload.OPEN).order_by("touched")[:AT_ONCE]))


def expire_all(lot: Lot) -> int:
    """Forget every unfinished upload of a lot that takes no more bids."""
    return sum(map(_forget, Upload.objects.filter(lot=lot, state=Upload.OPEN)))


def _forget(upload: Upload) -> bool:
    try:
        end(upload, Upload.EXPIRED, touched=upload.touched)
    except Conflict:
        return False  # bytes came meanwhile
    return True
