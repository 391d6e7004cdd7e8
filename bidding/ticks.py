"""What the ticker asks bidding: uploads left stamped by a crash or left unfinished, lots to close, closed lots with too
few bids, rehearsals to hold, lots that are being opened.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import structlog

from bidding.custody.rehearsing import rehearsals_due
from bidding.hall.due import hall_due
from bidding.models import Upload
from bidding.opening.due import opening_due
from bidding.opening.own_share import windows_due
from bidding.submission import closing, stamping
from bidding.uploads.expiring import expire
from ledger import veil
from ledger.errors import Conflict, SunlightError
from trading.models import Lot
from trading.stages import Stage

logger = structlog.get_logger("sunlight.bidding")


def tick(now: datetime) -> int:
    """Do what is due at `now`. Returns how many acts ran; a lot that fails is logged and leaves the others alone."""
    waiting = Lot.objects.select_related("tender").filter(paused=False)
    left = waiting.filter(uploads__state=Upload.STAMPED).distinct()
    done = sum(_one(lot, closing.decide_waiting) for lot in left)
    done += expire(now) + stamping.call()
    # Most lots take bids or are judged, and most rounds find none of the stages in between: one question tells.
    reached = _reached()
    if reached & {Stage.CLOSING, Stage.CLOSED}:
        done += sum(_one(lot, _close) for lot in waiting.filter(stage=Stage.CLOSING, deadline__lte=now))
        done += sum(_one(lot, _fail) for lot in waiting.filter(stage=Stage.CLOSED))
    if Stage.OPENING in reached:
        done += windows_due(now) + hall_due(now) + opening_due()
    return done + rehearsals_due()


def _reached() -> frozenset[str]:
    asked = [str(stage) for stage in (Stage.CLOSING, Stage.CLOSED, Stage.OPENING)]
    return frozenset(Lot.objects.filter(stage__in=asked).values_list("stage", flat=True).distinct())


def _one(lot: Lot, step: Callable[[Lot], int]) -> int:
    try:
        return step(lot)
    except Conflict:
        return 0  # another process was faster
    except SunlightError as error:
        logger.error("a lot waits", lot=lot.code, why=str(error))  # noqa: TRY400  the sentence says it all
        return 0


def _close(lot: Lot) -> int:
    if closing.closing_blockers(lot):
        return 0
    closing.close(lot)
    return 1


def _fail(lot: Lot) -> int:
    if closing.has_enough(lot) or veil.lifting_blockers(lot.code):
        return 0
    closing.fail(lot)
    return 1
