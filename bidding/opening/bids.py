"""Opened bids for those whose stage and role allow it; what was read out, for everybody.

Enters: a lot and who asks. Leaves: `OpenedBid` values and file contents for purchaser, agent and regulator of the
tender, and for experts, from the evaluation on; before that nobody. Whether an expert sits on the lot's panel is
evaluation's question: it asks before it calls.
"""

from __future__ import annotations

from collections.abc import Iterator

from bidding.hall.entering import bids_of, hall_of
from bidding.hall.reading import NOT_READ
from bidding.models.opening import OPENED, Bid
from bidding.opening.opened import OpenedBid
from bidding.opening.opening import kept_blocks, opened_bid
from ledger import rights
from ledger.actor import Actor
from ledger.errors import Refused
from trading.access import absent
from trading.models import Lot

READS = "bidding:bid:read"


def require_reader(lot: Lot, actor: Actor) -> None:
    """Raise `Refused` unless `actor` may read the opened bids of the lot now."""
    rights.require(READS, actor, lot)
    hall = hall_of(lot)
    if hall is None or hall.read_at is None:
        raise Refused(NOT_READ)


def opened_bids(lot: Lot, actor: Actor) -> list[OpenedBid]:
    """Every bid of the lot that opened, by number. Refused `rights.*`, `bidding.prices_not_read`."""
    require_reader(lot, actor)
    return [opened_bid(bid) for bid in bids_of(lot) if bid.state == OPENED]


def _bid(lot: Lot, code: str, actor: Actor) -> Bid:
    require_reader(lot, actor)
    found = next((bid for bid in bids_of(lot) if bid.code == code and bid.state == OPENED), None)
    if found is None:
        raise absent()
    return found


def file_blocks(lot: Lot, bid_code: str, name: str, actor: Actor) -> Iterator[bytes]:
    """A file of a bid in blocks. Refused like `opened_bids`; `Absent` when there is no such bid or file."""
    return kept_blocks(_bid(lot, bid_code, actor), name)


def read_file(lot: Lot, bid_code: str, name: str, actor: Actor) -> bytes:
    """A file of a bid, whole."""
    return b"".join(file_blocks(lot, bid_code, name, actor))


def facts_of(bid: OpenedBid) -> dict[str, object]:
    """A bid for machines."""
    return {
        "number": bid.number,
        "code": bid.code,
        "party": bid.party,
        "name": bid.name,
        "credit_code": bid.credit_code,
        "price": str(bid.price),
        "days": bid.days,
        "items": [{"name": name, "value": value} for name, value in bid.items],
        "files": [one._asdict() for one in bid.files],
        "invalid": bid.invalid,
        "cover": list(bid.cover),
    }
