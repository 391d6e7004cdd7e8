"""What the regulator's page of an opening needs: how it stands, what may be done now, and every pause so far.

Enters: a lot, the regulator's actor, the instant. Leaves: plain values; the reasons against a button are the act's own.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from bidding.hall.board import board_of
from bidding.hall.countdowns import countdowns
from bidding.hall.hours import AHEAD, LONGEST
from bidding.hall.pausing import ARTICLE, pause_of, pausing_blockers, resuming_blockers
from bidding.hall.waiting import ending_blockers
from bidding.models import HallPause
from ledger import rights
from ledger.actor import Actor
from ledger.errors import Reason
from trading.models import Lot

HOUR = 3600


def _blockers(name: str, actor: Actor, lot: Lot, reasons: list[Reason]) -> list[Reason]:
    return rights.rights_blockers(rights.ACTS[name], actor, lot) or reasons


def context(lot: Lot, actor: Actor, now: datetime) -> dict[str, Any]:
    """The context of hall_oversight.html."""
    board = board_of(lot)
    return {
        "lot": lot,
        "board": board,
        "now": now,
        "pause": pause_of(lot),
        "article": ARTICLE,
        "pause_reasons": _blockers("bidding:opening:pause", actor, lot, pausing_blockers(lot, "x")),
        "resume_reasons": _blockers("bidding:opening:resume", actor, lot, resuming_blockers(lot, actor, now)),
        "end_reasons": _blockers("bidding:waiting:end", actor, lot, ending_blockers(lot, now)),
        "countdowns": [{"label": gettext(one.label), "until": one.until} for one in countdowns(board, now)],
        "pauses": list(HallPause.objects.filter(lot=lot, round=lot.tender.round).select_related("outage")),
        "longest": int(LONGEST.total_seconds() // HOUR),
        "ahead": int(AHEAD.total_seconds() // HOUR),
    }
