"""What the opening of lots waits for that no person does: envelopes to be decrypted, prices to be read.

Enters: the instant, or a lot in which something happened. Leaves: one task for each envelope, sent by name and not more
often than once a minute; prices read. Safe to run as often as one likes: the acts decide whether anything is due.
"""

from __future__ import annotations

from celery import current_app
from django.core.cache import cache

from bidding.hall.entering import bids_of
from bidding.hall.reading import read_prices, reading_blockers
from bidding.models.opening import WAITING
from bidding.opening.quorum import is_complete
from ledger.errors import Conflict, Refused
from trading.models import Lot
from trading.stages import Stage

TASK = "bidding.tasks.decrypt"
PATIENCE = 60  # seconds after which an envelope that is still undecided is sent again: its worker may have died


def send(lot: Lot) -> int:
    """Send a task for each undecided envelope of the lot, once its custodians have come. Returns how many."""
    if lot.stage != Stage.OPENING or not is_complete(lot):
        return 0
    waiting = [bid for bid in bids_of(lot) if bid.state == WAITING]
    due = [bid for bid in waiting if cache.add(f"bidding.opening.{bid.code}", 1, PATIENCE)]
    for bid in due:
        current_app.send_task(TASK, args=[bid.code])
    return len(due)


def read_if_due(lot: Lot) -> int:
    """Read the prices of the lot when nothing stands against it. Returns how many acts ran."""
    if lot.stage != Stage.OPENING or reading_blockers(lot):
        return 0
    try:
        read_prices(lot)
    except (Refused, Conflict):
        return 0  # somebody was faster, or something came in between; the next call sees
    return 1


def opening_due() -> int:
    """Look after every lot that is being opened; the ticker's part of the opening. Returns how much was done."""
    lots = Lot.objects.filter(stage=Stage.OPENING, paused=False).select_related("tender")
    return sum(send(lot) + read_if_due(lot) for lot in lots)
