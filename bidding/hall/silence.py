"""Silence is acceptance: when the time for confirmations is over, the clock says who said nothing (domain.md 3.4).

Enters: a hall whose record was shown for the stated minutes. Leaves: one entry with the numbers of the silent bids.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bidding.hall.entering import PAUSED, bids_of, require_hall
from bidding.hall.events import SilenceAccepted
from bidding.hall.hours import hours_of, kept_hours, look_again
from bidding.models.hall import HallHours
from bidding.models.opening import OPENED, Hall
from ledger.act import This, act
from ledger.actor import THE_CLOCK
from ledger.errors import Reason, _, refuse
from trading.models import Lot
from trading.stages import Stage

MAY_SPEAK = Reason("bidding.confirmations_open", _("A bidder has not confirmed yet and still has time to."))
SAID = Reason("bidding.silence_said", _("That silence is acceptance has been put on record already."))


def is_over(hall: Hall, now: datetime) -> bool:
    """Whether the time for confirmations is over."""
    return hall.confirm_until is not None and now >= hall.confirm_until


def accept(this: This[Any], hall: Hall) -> None:
    """Within an act: put on record who said nothing, once."""
    hours = kept_hours(hall)
    if hours.silent_at is not None or hall.confirm_until is None:
        return
    numbers = tuple(bid.number for bid in bids_of(this.on) if bid.state == OPENED and bid.confirmed_at is None)
    this.swap(hours, silent_at=(None, this.now))
    look_again(this, hall)
    this.record(SilenceAccepted(this.on.code, hall.round, hall.confirm_until, numbers))


def end_confirmations(lot: Lot) -> None:
    """The clock's act at the end of the window. Refused `bidding.confirmations_open`, `.silence_said`."""
    with act("bidding:silence:accept", THE_CLOCK, on=lot) as this:
        hall = require_hall(this.on)
        found = [
            (PAUSED, this.on.paused),
            (MAY_SPEAK, not is_over(hall, this.now)),
            (SAID, hours_of(hall).silent_at is not None or bool(hall.record)),
        ]
        refuse([why for why, holds in found if holds])
        accept(this, hall)


def silence_due(now: datetime) -> list[Lot]:
    """The lots whose time for confirmations is over."""
    rows = HallHours.objects.filter(next_at__lte=now, hall__lot__paused=False, hall__lot__stage=Stage.OPENING)
    return [row.hall.lot for row in rows.select_related("hall__lot__tender")]
