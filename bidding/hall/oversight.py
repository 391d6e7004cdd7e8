"""What the regulator's page of an opening needs: how it stands, what may be done now, and every pause so far.

Enters: a lot, the regulator's actor, the instant. Leaves: plain values; the reasons against a button are the act's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from bidding.hall.board import board_of
from bidding.hall.countdowns import countdowns
from bidding.hall.hours import AHEAD, LONGEST
from bidding.hall.pausing import ARTICLE, pause_of, pausing_blockers, resuming_blockers
from bidding.hall.waiting import ending_blockers
from bidding.models import HallHours, HallPause
from ledger import rights
from ledger.actor import Actor, Role
from ledger.errors import Reason
from trading.desks import Item, desk_item
from trading.models import Lot
from trading.stages import Stage

HOUR = 3600
MOST = 20


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


def _item(title: str, lot: Lot, about: str) -> Item:
    return Item(title % {"lot": lot.code}, reverse("bidding:oversight", kwargs={"lot": lot.code}), about)


@desk_item(Role.REGULATOR)
def late_custodians(actor: Actor, now: datetime) -> Iterator[Item]:
    """Openings for which custodians have not come in the stated time."""
    late = HallHours.objects.filter(custodians_until__lte=now, waiting_ended_at=None, hall__read_at=None)
    ours = late.filter(hall__lot__stage=Stage.OPENING, hall__lot__tender__regulator__code=actor.organisation)
    for row in ours.select_related("hall__lot__tender").order_by("custodians_until")[:MOST]:
        about = gettext("Too few custodians have come in the stated time; you may end the wait.")
        yield _item(gettext("The opening of %(lot)s waits"), row.hall.lot, about)


@desk_item(Role.REGULATOR)
def resting_openings(actor: Actor, _now: datetime) -> Iterator[Item]:
    """Openings that rest until the regulator lets them go on."""
    rows = HallPause.objects.filter(ended_at=None, until=None, lot__tender__regulator__code=actor.organisation)
    for row in rows.select_related("lot__tender")[:MOST]:
        yield _item(gettext("The opening of %(lot)s rests"), row.lot, row.reason)
