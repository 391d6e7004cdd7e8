"""Withdrawal of a live envelope before the deadline (Bidding Law, article 29); it gets a receipt too.

Enters: lot, handle, a receipt number. Leaves: the withdrawal with its receipt; or, too late or for an envelope that is
not live, a signed refusal with the time and every reason (promises.md, P8), on record like any other answer.
"""

from __future__ import annotations

from bidding.events import EnvelopeWithdrawn, WithdrawalRefused
from bidding.models import Envelope, Refusal, Withdrawal
from bidding.submission import receipts
from bidding.submission.refusing import (
    SignedRefusal,
    kept_reasons,
    late_reason,
    not_open,
    require_room,
    require_settled,
)
from bidding.submission.standing import live
from bidding.submission.standings import moves
from ledger.act import This, act
from ledger.actor import Actor
from ledger.errors import Reason, _
from trading.models import Lot, opaque
from trading.stages import Stage


def withdraw(lot: Lot, handle: str, number: str, *, actor: Actor) -> Withdrawal:
    """Withdraw the live envelope with the receipt number `number`, and with it all that was sealed before.

    `SignedRefusal`, on record: `bidding.not_live`, `bidding.late`, `bidding.not_open`. Refused without a record when
    so many were signed for this bidder that more would only fill the log. `Conflict` while an outage may still move
    the deadline.
    """
    with act("bidding:envelope:withdraw", actor, on=lot, by="") as this:
        envelope = Envelope.objects.filter(lot=lot, handle=handle, number=number).first()
        reasons = _blockers(this, handle, envelope)
        if reasons or envelope is None:
            given: Withdrawal | Refusal = _refuse(this, handle, envelope, reasons)
        else:
            given = _take(this, envelope)
    if isinstance(given, Refusal):
        raise SignedRefusal(given)
    return given


def _blockers(this: This[Lot], handle: str, envelope: Envelope | None) -> list[Reason]:
    reasons = []
    if this.on.deadline is None or this.now >= this.on.deadline:
        require_settled(this.on, this.now)
        reasons.append(late_reason(this.now, this.on.deadline or this.now))
    elif this.on.stage != Stage.BIDDING:
        reasons.append(not_open(this.on))
    if envelope is None or live(moves(this.on, handle)) != envelope.number:
        text = _("This is not your live envelope: it was replaced or withdrawn already.")
        reasons.append(Reason("bidding.not_live", text))
    return reasons


def _take(this: This[Lot], envelope: Envelope) -> Withdrawal:
    number = opaque()
    happened = EnvelopeWithdrawn(
        this.on.code, envelope.round, envelope.submission, this.now, number, envelope.number
    )
    return Withdrawal.objects.create(
        lot=this.on,
        round=envelope.round,
        handle=envelope.handle,
        submission=envelope.submission,
        stamp=this.now,
        number=number,
        withdraws=envelope.number,
        **receipts.answer(this, happened),
    )


def _refuse(this: This[Lot], handle: str, envelope: Envelope | None, reasons: list[Reason]) -> Refusal:
    """A number that is none of the bidder's own cannot stand in a record: the refusal then names none."""
    require_room(this.on, handle, reasons)
    round_, number = this.on.tender.round, opaque()
    submission, withdraws = (envelope.submission, envelope.number) if envelope else ("", "")
    codes = tuple(reason.code for reason in reasons)
    happened = WithdrawalRefused(this.on.code, round_, submission, this.now, number, withdraws, codes)
    return Refusal.objects.create(
        lot=this.on,
        round=round_,
        handle=handle,
        submission=submission,
        stamp=this.now,
        number=number,
        reasons=kept_reasons(reasons),
        is_withdrawal=True,
        withdraws=withdraws,
        **receipts.answer(this, happened),
    )
