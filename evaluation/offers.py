"""What the evaluation reads of the bids: opened bids for those in the room, offers for the engine, firms for the draw.

Enters: a lot and who asks. Leaves: `OpenedBid` values from bidding, which checks role and stage; `Offer` values.
Prices stand nowhere else in this room: they are read where they are needed.
"""

from __future__ import annotations

from collections.abc import Iterable

from bidding.hall.entering import bids_of
from bidding.opening.bids import opened_bids
from bidding.opening.opened import OpenedBid
from evaluation.engine import Offer
from evaluation.report import ReportBid
from ledger.actor import Actor
from trading.models import Lot


def bidders(lot: Lot) -> list[str]:
    """Credit codes of everybody whose bid was read out, opened in full or not: whom experts must have no part in."""
    return sorted({bid.party.credit_code for bid in bids_of(lot) if bid.party is not None})


def bidder_names(lot: Lot) -> list[tuple[int, str]]:
    """Number and name of everybody whose bid was read out: what a member sees before the declaration."""
    return [(bid.number, bid.party.name) for bid in bids_of(lot) if bid.party is not None]


def read_bids(lot: Lot, actor: Actor) -> list[OpenedBid]:
    """The opened bids by number, for an actor whom bidding lets read them."""
    return opened_bids(lot, actor)


def offers(bids: Iterable[OpenedBid]) -> list[Offer]:
    """What the engine needs of them."""
    return [Offer(bid.code, bid.number, bid.price, bid.invalid) for bid in bids]


def reported(bids: Iterable[OpenedBid]) -> list[ReportBid]:
    """What the report says of them."""
    return [
        ReportBid(bid.code, bid.number, bid.name, bid.credit_code, bid.price, bid.days, bid.invalid) for bid in bids
    ]
