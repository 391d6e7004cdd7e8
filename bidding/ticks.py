"""What the ticker asks bidding: uploads left stamped by a crash, lots to close, closed lots with too few bids,
lots that are being opened.
"""

from __future__ import annotations

from datetime import datetime

from bidding import closing
from bidding.due import opening_due
from bidding.models import Upload
from ledger import veil
from trading.models import Lot
from trading.stages import Stage


def tick(now: datetime) -> int:
    """Do what is due at `now`. Returns how many acts ran."""
    return _left_behind() + _close(now) + _fail() + opening_due()


def _left_behind() -> int:
    """Decide stamped uploads of lots that still take or count bids, whoever began it."""
    lots = Lot.objects.filter(uploads__state=Upload.STAMPED, stage__in=[Stage.BIDDING, Stage.CLOSING]).distinct()
    return sum(closing.decide_waiting(lot) for lot in lots)


def _close(now: datetime) -> int:
    lots = Lot.objects.select_related("tender").filter(stage=Stage.CLOSING, paused=False, deadline__lte=now)
    ready = [lot for lot in lots if not closing.closing_blockers(lot)]
    for lot in ready:
        closing.close(lot)
    return len(ready)


def _fail() -> int:
    lots = Lot.objects.select_related("tender").filter(stage=Stage.CLOSED, paused=False)
    ready = [lot for lot in lots if not closing.has_enough(lot) and not veil.lifting_blockers(lot.code)]
    for lot in ready:
        closing.fail(lot)
    return len(ready)
