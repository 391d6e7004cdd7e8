"""Reading the prices: all at once, when every envelope is decided, and never before (sealing.md, "Opening" 6).

Enters: a lot whose envelopes are all decided. Leaves: one entry with every bid, the same as an object, the guarantees
on record, and the veil of the lot lifted. The clock does it: nobody chooses the moment.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bidding.hall.entering import PAUSED, READ_ALREADY, bids_of, hall_of, require_hall
from bidding.hall.hours import CONFIRMATION, OBJECTION, look_again
from bidding.models.opening import FAILED, OPENED, WAITING, Bid
from bidding.opening.cover import stand_behind
from bidding.opening.events import FailedBid, PricesRead, ReadBid, Readout
from bidding.opening.opening import kept_of, opened_bid
from ledger import objects, veil
from ledger.act import This, act
from ledger.actor import THE_CLOCK, Role
from ledger.canon import decode, encode
from ledger.errors import Reason, Refused, _, refuse
from trading.handles import handle_of
from trading.models import Lot, Party

INLINE = 50_000  # bytes of the read-out that an entry of at most 65,535 bytes takes
SPACE = "readouts"
NOT_READ = Reason("bidding.prices_not_read", _("The prices have not been read out yet."))
UNDECIDED = Reason("bidding.undecided", _("Not every envelope is decided yet."))


def reading_blockers(lot: Lot) -> list[Reason]:
    """Why the prices cannot be read now: an envelope undecided, read before, veiled entries still on their way."""
    hall, bids = require_hall(lot), bids_of(lot)
    if hall.read_at is not None:
        return [READ_ALREADY]
    undecided = [UNDECIDED] if any(bid.state == WAITING for bid in bids) else []
    paused = [PAUSED] if lot.paused else []
    return paused + undecided + veil.lifting_blockers(lot.code)


def read_prices(lot: Lot) -> Readout:
    """Read all prices out and lift the veil of the lot. Refused `bidding.undecided`, `ledger.veil_waiting`."""
    with act("bidding:prices:read", THE_CLOCK, on=lot) as this:
        refuse(reading_blockers(this.on))
        bids = bids_of(this.on)
        opened = tuple(_open(this, bid) for bid in bids if bid.state == OPENED)
        readout = Readout(lot.code, this.on.tender.round, opened, _failed(this.on, bids))
        data = encode(readout)
        table = bytes.fromhex(objects.put(SPACE, data).digest)
        fits = len(data) <= INLINE
        shown = (readout.bids, readout.failed) if fits else ((), ())
        this.record(PricesRead(lot.code, readout.round, len(opened), len(readout.failed), table, *shown))
        veil.lift(this, lot.code)
        hall = require_hall(this.on)
        times = (this.now, this.now + OBJECTION, this.now + CONFIRMATION)
        this.swap(
            hall,
            read_at=(None, times[0]),
            object_until=(None, times[1]),
            confirm_until=(None, times[2]),
            readout=("", table.hex()),
        )
        look_again(this, hall)
    return readout


def _open(this: This[Any], bid: Bid) -> ReadBid:
    """Put price and bidder of an opened bid on its row, and its cover on record."""
    kept, found = kept_of(bid), opened_bid(bid)
    party = Party.objects.get(code=found.party)
    cover = stand_behind(this, bid.lot, party, kept.cover, kept.cover_fault)
    this.swap(
        bid,
        party=(None, party),
        price=(None, found.price),
        days=(None, found.days),
        invalid=("", found.invalid),
        cover=("", " ".join(cover)),
    )
    return ReadBid(
        number=bid.number,
        code=bid.code,
        party=party.code,
        name=found.name,
        credit_code=found.credit_code,
        price=found.price,
        days=found.days,
        invalid=found.invalid,
        cover=cover,
    )


def _failed(lot: Lot, bids: list[Bid]) -> tuple[FailedBid, ...]:
    unopened = [bid for bid in bids if bid.state == FAILED]
    known = _by_handle(lot) if unopened else {}
    return tuple(_unopened(bid, known.get(bid.envelope.handle)) for bid in unopened)


def _by_handle(lot: Lot) -> Mapping[str, Party]:
    """Every bidder's party by its handle in the lot: the names are public from this moment on."""
    parties = Party.objects.filter(accounts__role=Role.BIDDER.value).distinct()
    return {handle_of(lot, party.credit_code): party for party in parties}


def _unopened(bid: Bid, party: Party | None) -> FailedBid:
    if party is not None:
        Bid.objects.filter(pk=bid.pk).update(party=party)
    return FailedBid(
        number=bid.number,
        code=bid.code,
        party=party.code if party else "",
        name=party.name if party else "",
        credit_code=party.credit_code if party else "",
        reason=bid.reason,
        side=bid.side,
    )


def readout_of(lot: Lot) -> Readout | None:
    """What was read out, for everybody; None before."""
    hall = hall_of(lot)
    if hall is None or hall.read_at is None:
        return None
    return decode(Readout, objects.read(f"{SPACE}/{hall.readout}"))


def require_readout(lot: Lot) -> Readout:
    """What was read out; refused `bidding.prices_not_read` before."""
    found = readout_of(lot)
    if found is None:
        raise Refused(NOT_READ)
    return found
