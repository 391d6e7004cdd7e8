"""Signed refusals: what was not taken, when and why, recorded under the veil like everything a bidder does.

Enters: an upload or an id, the reasons. Leaves: a `Refusal` with its record and signature.
"""

from __future__ import annotations

from datetime import datetime

from bidding.events import EnvelopeRefused
from bidding.models import Refusal, Upload
from bidding.submission import receipts
from bidding.uploads import arrival
from ledger.act import This, act
from ledger.actor import THE_CLOCK
from ledger.errors import Conflict, Reason, Refused, _
from trading.models import Lot, opaque

LATE = "bidding.late"


def late_reason(stamp: datetime, deadline: datetime) -> Reason:
    """That something came at `stamp`, not before `deadline`."""
    text = _("It arrived at %(stamp)s; the deadline was %(deadline)s.")
    facts = {"stamp": stamp.isoformat(timespec="milliseconds"), "deadline": deadline.isoformat(timespec="milliseconds")}
    return Reason(LATE, text, facts)


def reasons_of(given: Refusal) -> Refused:
    """The refusal as an error of the house, with every reason in words."""
    return Refused(*(Reason(one["code"], one["text"], one["facts"]) for one in given.reasons))


def record_refusal(
    this: This[Lot], handle: str, submission: str, stamp: datetime, number: str, reasons: list[Reason]
) -> Refusal:
    """Record and sign a refusal within an act."""
    codes = tuple(reason.code for reason in reasons)
    happened = EnvelopeRefused(this.on.code, this.on.tender.round, submission, stamp, number, codes)
    return Refusal.objects.create(
        lot=this.on,
        round=this.on.tender.round,
        handle=handle,
        submission=submission,
        stamp=stamp,
        number=number,
        reasons=[{"code": one.code, "text": one.text, "facts": one.facts} for one in reasons],
        **receipts.answer(this, happened),
    )


def refuse_arriving(upload: Upload, refusal: Refused) -> Refusal:
    """Refuse an upload for its header, while the bidder can still mend it."""
    with act("bidding:envelope:submit", THE_CLOCK, on=upload.lot) as this:
        this.swap(upload, state=(Upload.OPEN, Upload.DECIDED), stamp=(None, this.now))
        given = record_refusal(this, upload.handle, upload.submission, this.now, upload.number, list(refusal.reasons))
    arrival.discard(upload)
    return given


def refuse_late(lot: Lot, handle: str, submission: str) -> Refusal:
    """The signed refusal of an upload that would begin after the deadline; `Conflict` when it is not late."""
    for earlier in Refusal.objects.filter(lot=lot, handle=handle, submission=submission):
        if earlier.codes == [LATE]:
            return earlier
    with act("bidding:envelope:submit", THE_CLOCK, on=lot) as this:
        if this.on.deadline is None or this.now < this.on.deadline:
            raise Conflict
        reasons = [late_reason(this.now, this.on.deadline)]
        return record_refusal(this, handle, submission, this.now, opaque(), reasons)
