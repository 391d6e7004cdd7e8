"""What the opening of lots waits for that no person does: envelopes to be decrypted, prices to be read.

Enters: the instant, or a lot in which something happened. Leaves: one task for each envelope that nobody is at, sent by
name, again at once when its worker died and else not more often than `PATIENCE`; prices read. Safe to run as often as
one likes: the acts decide whether anything is due.
"""

from __future__ import annotations

from celery import current_app
from django.core.cache import cache
from django.db.models import F, QuerySet

from bidding.hall.reading import read_prices, reading_blockers
from bidding.models.opening import WAITING, Bid
from bidding.opening.attempts import broken, is_over
from bidding.opening.limits import seconds_for
from bidding.opening.quorum import is_complete
from ledger import clock
from ledger.errors import Conflict, Refused
from trading.models import Lot
from trading.stages import Stage

TASK = "bidding.tasks.decrypt"
PATIENCE = 15  # seconds after which an envelope that nobody is at is sent again: its task may be lost


def _waiting(lot: Lot) -> QuerySet[Bid]:
    return Bid.objects.filter(lot=lot, round=lot.tender.round, state=WAITING)


def _undecided(lot: Lot) -> list[Bid]:
    found = _waiting(lot).select_related("envelope").only("code", "envelope__size")
    return list(found.order_by("number").prefetch_related("attempts"))


def send(lot: Lot) -> int:
    """Send a task for each undecided envelope of the lot, once its custodians have come. Returns how many.

    A task knows the code of a bid and nothing else: shares and keys never travel.
    """
    if lot.stage != Stage.OPENING or not (waiting := _undecided(lot)) or not is_complete(lot):
        return 0
    return sum(_send_one(bid) for bid in waiting)


def _send_one(bid: Bid) -> bool:
    now, attempts = clock.real_now(), list(bid.attempts.all())
    if not all(is_over(one, now) for one in attempts):
        return False
    if not cache.add(f"bidding.opening.{bid.code}.{broken(attempts)}", 1, PATIENCE):
        return False
    current_app.send_task(TASK, args=[bid.code], time_limit=seconds_for(bid.envelope.size))
    return True


def read_if_due(lot: Lot) -> int:
    """Read the prices of the lot when nothing stands against it. Returns how many acts ran."""
    if lot.stage != Stage.OPENING or _waiting(lot).exists() or reading_blockers(lot):
        return 0
    try:
        read_prices(lot)
    except (Refused, Conflict):
        return 0  # somebody was faster, or something came in between; the next call sees
    return 1


def opening_due() -> int:
    """Look after every lot that is being opened; the ticker's part of the opening. Returns how much was done."""
    unread = {"halls__round": F("tender__round"), "halls__read_at": None}
    lots = Lot.objects.filter(stage=Stage.OPENING, paused=False, **unread).select_related("tender")
    return sum(send(lot) + read_if_due(lot) for lot in lots)
