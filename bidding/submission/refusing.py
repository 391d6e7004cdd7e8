"""Signed refusals: what was not taken, when and why, recorded under the veil like everything a bidder does.

Enters: an upload or an id, the reasons. Leaves: a `Refusal` with its record and signature.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse

from bidding.envelope.manifest import SUBMISSION
from bidding.events import EnvelopeRefused
from bidding.models import Refusal, Upload
from bidding.submission import receipts
from bidding.uploads import arrival
from ledger import clock
from ledger.act import This, act
from ledger.actor import THE_CLOCK
from ledger.errors import Conflict, Reason, Refused, RefusedOnRecord, _
from trading import outages
from trading.models import Lot, opaque
from trading.stages import Stage

REFUSE = "bidding:envelope:refuse"
LATE = "bidding.late"
MOST = 100  # signed refusals of one bidder for one lot: each is an entry that the opening waits for


class SignedRefusal(RefusedOnRecord):
    """A refusal that is on record: its receipt goes with the reasons, and the bidder's desk shows it."""

    def __init__(self, given: Refusal) -> None:
        desk = reverse("bidding:desk", kwargs={"lot": given.lot.code})
        super().__init__(receipts.as_file(given), desk, *reasons_of(given).reasons)
        self.given = given


def late_reason(stamp: datetime, deadline: datetime) -> Reason:
    """That something came at `stamp`, not before `deadline`."""
    text = _("It arrived at %(stamp)s; the deadline was %(deadline)s.")
    facts = {"stamp": stamp.isoformat(timespec="milliseconds"), "deadline": deadline.isoformat(timespec="milliseconds")}
    return Reason(LATE, text, facts)


def require_settled(lot: Lot, now: datetime) -> None:
    """`Conflict` while an outage may still move the deadline of a lot: nobody is called late before that is decided."""
    if lot.stage == Stage.BIDDING and outages.is_undecided(lot, now):
        raise Conflict("an outage may still move this deadline")


def not_open(lot: Lot) -> Reason:
    """That the lot takes no bids, though its deadline is not over."""
    text = _("This lot takes no bids: it is at the stage “%(stage)s”.")
    return Reason("bidding.not_open", text, {"stage": str(lot.stage)})


def reasons_of(given: Refusal) -> Refused:
    """The refusal as an error of the house, with every reason in words."""
    return Refused(*(Reason(one["code"], one["text"], one["facts"]) for one in given.reasons))


def kept_reasons(reasons: list[Reason]) -> list[dict[str, object]]:
    """Reasons as a refusal stores them."""
    return [{"code": one.code, "text": one.text, "facts": one.facts} for one in reasons]


def require_room(lot: Lot, handle: str, reasons: Iterable[Reason]) -> None:
    """Refused with `reasons` and `bidding.too_many_refusals` when so many were signed for this bidder and lot that
    more would only fill the log.
    """
    if Refusal.objects.filter(lot=lot, handle=handle).count() >= MOST:
        text = _("So many attempts for this lot were refused and signed that no more are signed.")
        raise Refused(*reasons, Reason("bidding.too_many_refusals", text))


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
        reasons=kept_reasons(reasons),
        **receipts.answer(this, happened),
    )


def door_blockers(lot: Lot) -> list[Reason]:
    """Why nothing more can come for the lot: its deadline is over, or it was called off before."""
    now = clock.now()
    if lot.deadline is not None and now >= lot.deadline:
        require_settled(lot, now)
        return [late_reason(now, lot.deadline)]
    return [] if lot.stage == Stage.BIDDING else [not_open(lot)]


def refuse_arriving(upload: Upload, refusal: Refused) -> Refusal:
    """Refuse an upload for its header, while the bidder can still mend it."""
    with act(REFUSE, THE_CLOCK, on=upload.lot) as this:
        this.swap(upload, state=(Upload.OPEN, Upload.DECIDED), stamp=(None, this.now))
        given = record_refusal(this, upload.handle, upload.submission, this.now, upload.number, list(refusal.reasons))
    arrival.discard(upload)
    return given


def refuse_at_door(lot: Lot, handle: str, submission: str, refusal: Refused) -> Refusal:
    """The signed refusal of an attempt that became no upload, each attempt its own, with the time of the clock.

    An id that is none cannot stand in a record: the refusal then names no id. Refused as `require_room` says.
    """
    require_room(lot, handle, refusal.reasons)
    named = submission if SUBMISSION.fullmatch(submission) else ""
    with act(REFUSE, THE_CLOCK, on=lot) as this:
        reasons = [_at(reason, this) for reason in refusal.reasons]
        return record_refusal(this, handle, named, this.now, opaque(), reasons)


def _at(reason: Reason, this: This[Lot]) -> Reason:
    """A late one says the instant of the record that is signed."""
    return late_reason(this.now, this.on.deadline or this.now) if reason.code == LATE else reason
