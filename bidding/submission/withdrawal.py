"""Withdrawal of a live envelope before the deadline (Bidding Law, article 29); it gets a receipt too."""

from __future__ import annotations

from bidding.events import EnvelopeWithdrawn
from bidding.models import Envelope, Withdrawal
from bidding.submission import receipts
from bidding.submission.refusing import late_reason
from bidding.submission.standing import live
from bidding.submission.standings import moves
from ledger.act import act
from ledger.actor import Actor
from ledger.errors import Refused, _, refused
from trading.models import Lot, opaque


def withdraw(lot: Lot, handle: str, number: str, *, actor: Actor) -> Withdrawal:
    """Withdraw the live envelope with the receipt number `number`, and with it all that was sealed before.

    Refused `bidding.not_live`, `bidding.late`.
    """
    with act("bidding:envelope:withdraw", actor, on=lot, by="") as this:
        if this.on.deadline is None or this.now >= this.on.deadline:
            raise Refused(late_reason(this.now, this.on.deadline or this.now))
        envelope = Envelope.objects.filter(lot=lot, handle=handle, number=number).first()
        if envelope is None or live(moves(this.on, handle)) != number:
            refused("bidding.not_live", _("This is not your live envelope: it was replaced or withdrawn already."))
        own = opaque()
        happened = EnvelopeWithdrawn(lot.code, envelope.round, envelope.submission, this.now, own, number)
        return Withdrawal.objects.create(
            lot=lot,
            round=envelope.round,
            handle=handle,
            submission=envelope.submission,
            stamp=this.now,
            number=own,
            withdraws=number,
            **receipts.answer(this, happened),
        )
