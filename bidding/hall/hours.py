"""The hours of a hall: windows that run, rest and run on, and when the clock must look next (domain.md 3.4).

Enters: an act in progress and a hall. Leaves: `HallHours`, with `next_at` computed anew by every act that changes what
it depends on. A window that was open when an opening began to rest has the same time left when it goes on.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bidding.hall.events import HallWindows
from bidding.models.hall import HallHours
from bidding.models.opening import Hall
from ledger.act import This
from ledger.errors import Conflict, Reason, _
from trading.models import Lot

CUSTODIANS = timedelta(minutes=30)  # open.decrypt_minutes: from then on the regulator may end the wait
OBJECTION = timedelta(minutes=10)  # open.objection_minutes, from the moment the record is shown
CONFIRMATION = timedelta(minutes=15)  # open.confirm_minutes; silence is acceptance
LONGEST = timedelta(hours=24)  # open.pause_max_h: an opening that rests longer goes on at a noticed time
AHEAD = timedelta(hours=24)  # so long before that time the notice is given
WAITING_OVER = Reason("bidding.waiting_over", _("The wait for custodians was ended; no share is taken any more."))
OF_HALL = ("shares_until", "object_until", "confirm_until")


def hours_of(hall: Hall) -> HallHours:
    """The hours of a hall, to be read."""
    found = HallHours.objects.filter(hall=hall).first()
    return found or HallHours(hall=hall, custodians_until=hall.opened_at + CUSTODIANS)


def kept_hours(hall: Hall) -> HallHours:
    """The hours of a hall, to be changed within an act."""
    until = {"custodians_until": hall.opened_at + CUSTODIANS}
    return HallHours.objects.get_or_create(hall=hall, defaults=until)[0]


def is_ended(lot: Lot) -> bool:
    """Whether the wait for custodians was ended in the present round."""
    ended = HallHours.objects.filter(waiting_ended_at__isnull=False)
    return ended.filter(hall__lot=lot, hall__round=lot.tender.round).exists()


def require_no_pause(lot: Lot) -> None:
    """Within an act about something in the lot: `Conflict` while the opening rests."""
    if Lot.objects.filter(pk=lot.pk, paused=True).exists():
        raise Conflict("the opening rests")


def windows_of(hall: Hall | None, hours: HallHours | None = None) -> HallWindows:
    """Until when the windows of a hall are open; `hours` those of the hall, where they are at hand."""
    if hall is None:
        return HallWindows(None, None, None, None)
    return HallWindows((hours or hours_of(hall)).custodians_until, *(getattr(hall, name) for name in OF_HALL))


def look_again(this: This[Any], hall: Hall) -> None:
    """Within an act: set `next_at` anew."""
    hours = kept_hours(hall)
    waits = hall.read_at is not None and hours.silent_at is None and not hall.record
    after = hall.confirm_until if waits and not this.on.paused else None
    this.swap(hours, next_at=(hours.next_at, after))


def run_on(this: This[Any], hall: Hall, since: datetime, lost: timedelta) -> HallWindows:
    """Within an act: give the time `lost` back to every window that was open at `since`."""
    hours = kept_hours(hall)
    until = hours.custodians_until
    this.swap(hours, custodians_until=(until, until + lost if until > since else until))
    for name in OF_HALL:
        until = getattr(hall, name)
        if until is not None and until > since:
            this.swap(hall, **{name: (until, until + lost)})
    return windows_of(hall)
