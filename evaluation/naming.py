"""Makes reasons readable: codes of bids and items in their facts become numbers, names and titles.

Enters: reasons from the pure rules, the opened bids, the method. Leaves: the same reasons, said as people in the room
say it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext

from bidding.opening.opened import OpenedBid
from experts.models import Seat
from ledger.errors import Reason
from trading.method import Method


def readable(reasons: Iterable[Reason], bids: Sequence[OpenedBid], method: Method, seat: Seat) -> list[Reason]:
    """The reasons with "2 Harbour Ltd" for a bid, the title for an item, the seat's number for the member."""
    names = {bid.code: f"{bid.number} {bid.name}" for bid in bids}
    titles = {one.code: gettext(one.title) for one in method.criteria}
    members = {seat.code: str(seat.number)}
    known = {"bid": names, "item": titles, "member": members}
    return [
        Reason(
            reason.code,
            reason.text,
            {name: known.get(name, {}).get(value, value) for name, value in reason.facts.items()},
        )
        for reason in reasons
    ]
