"""The window: under a policy with `b` the host sets, when opening the hall, how long bidders have for their own shares.

Enters: an act in progress, the hall, minutes. Leaves: the instant on the hall's row, and its entry.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bidding.custody.sheets import sheet_in_force
from bidding.envelope.sheet import policy_of
from bidding.models import Hall
from bidding.opening.events import WindowOpened
from ledger.act import This
from ledger.errors import _, refused
from trading.models import Lot

MINUTES = 30
LEAST, MOST = 5, 1440


def open_window(this: This[Any], hall: Hall, minutes: int = MINUTES) -> None:
    """Within the act that opens the hall: until when the bidders' shares are awaited; nothing without `b`.

    Refused `bidding.window_minutes` outside 5 to 1440.
    """
    if not policy_of(sheet_in_force(hall.lot)).asks_bidder:
        return
    if not LEAST <= minutes <= MOST:
        refused("bidding.window_minutes", _("The bidders have between 5 minutes and a day for their own shares."))
    until = this.now + timedelta(minutes=minutes)
    this.swap(hall, shares_until=(None, until))
    this.record(WindowOpened(hall.lot.code, hall.round, until), scope=hall.lot.code)


def is_window_open(lot: Lot) -> bool:
    """Whether bidders' shares are still awaited."""
    halls = Hall.objects.filter(lot=lot, round=lot.tender.round, shares_ended_at=None)
    return halls.exclude(shares_until=None).exists()
