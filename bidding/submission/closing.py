"""Closing: after the deadline everything stamped in time is decided, counted once, and said in one entry (sealing.md).

Enters: a lot that is closing. Leaves: the closing entry with every live envelope, and the lot closed; below the lawful
minimum it fails, nothing is opened, and the veils are lifted. The drain has no cut: what was stamped in time counts.
"""

from __future__ import annotations

from datetime import datetime

from bidding.events import ClosedEnvelope, LotClosed, LotFailed
from bidding.models import Envelope, Upload
from bidding.submission import receipts
from bidding.submission.count import SPACE, listed
from bidding.submission.standings import live_envelopes
from bidding.submission.submitting import decide
from bidding.uploads import arrival
from bidding.uploads.expiring import expire_all
from ledger import objects, veil
from ledger.act import act
from ledger.actor import THE_CLOCK
from ledger.errors import Broken, Reason, _, refuse
from trading.models import Lot
from trading.procedures.known import procedure_of
from trading.progress import schedule
from trading.stages import Stage


def least_bidders(lot: Lot) -> int:
    """How many live envelopes the law asks for before anything is opened."""
    return procedure_of(lot.tender.procedure).least_bidders


def decide_waiting(lot: Lot) -> int:
    """Decide what was stamped and then left by a process that died. Returns how many."""
    waiting = Upload.objects.filter(lot=lot, state=Upload.STAMPED).order_by("stamp", "pk")
    return sum(decide(upload, wait=False) is not None for upload in waiting)


def closing_blockers(lot: Lot) -> list[Reason]:
    """Why the lot cannot be counted yet: `bidding.still_arriving`, `bidding.still_deciding`."""
    if not arrival.all_arrived(lot.code):
        return [Reason("bidding.still_arriving", _("Uploads are still being stamped."))]
    if Upload.objects.filter(lot=lot, state=Upload.STAMPED).exists():
        return [Reason("bidding.still_deciding", _("Uploads that came in time are still being decided."))]
    return []


def close(lot: Lot) -> list[Envelope]:
    """Count the live envelopes of a closing lot, after the drain. Refused with `closing_blockers`."""
    refuse(closing_blockers(lot))
    with act("bidding:lot:close", THE_CLOCK, on=lot) as this:
        if this.on.deadline is None or this.now < this.on.deadline:
            raise Broken("a lot is closing before its deadline")
        counted = live_envelopes(this.on)
        closed = tuple(
            ClosedEnvelope(row.number, bytes.fromhex(row.digest), receipts.header_digest(row)) for row in counted
        )
        this.record(_closing_entry(this.on, this.on.deadline, closed))
        this.move(this.on, Stage.CLOSED)
        schedule(this, this.on)
    expire_all(lot)
    return counted


def _closing_entry(lot: Lot, deadline: datetime, closed: tuple[ClosedEnvelope, ...]) -> LotClosed:
    """The entry, its list kept as an object first when it is long."""
    data = listed(lot.code, lot.tender.round, closed)
    if data is None:
        return LotClosed(lot.code, lot.tender.round, deadline, len(closed), closed, None)
    kept = bytes.fromhex(objects.put(SPACE, data).digest)
    return LotClosed(lot.code, lot.tender.round, deadline, len(closed), (), kept)


def has_enough(lot: Lot) -> bool:
    """Whether a closed lot has as many live envelopes as the law asks for."""
    return len(live_envelopes(lot)) >= least_bidders(lot)


def fail(lot: Lot) -> None:
    """End a closed lot with too few bids; refused while a veiled entry is on its way into the log."""
    with act("bidding:lot:fail", THE_CLOCK, on=lot) as this:
        count, least = len(live_envelopes(this.on)), least_bidders(this.on)
        if count >= least:
            raise Broken("a lot with enough bids does not fail for their number")
        refuse(veil.lifting_blockers(lot.code))
        this.record(LotFailed(lot.code, this.on.tender.round, count, least))
        veil.lift(this, lot.code)
        this.move(this.on, Stage.FAILED)
        schedule(this, this.on)
