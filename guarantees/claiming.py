"""Claims: the purchaser demands payment from a guarantee, the issuer pays (domain.md 7.1, 7.3).

Enters: a guarantee, an amount and the grounds. Leaves: a claimed, then a paid guarantee, a movement, entries.
"""

from __future__ import annotations

from decimal import Decimal

from guarantees.events import ClaimFiled, ClaimPaid
from guarantees.models import CLAIMED, PAID, Guarantee, Movement
from ledger.act import act
from ledger.actor import Actor
from ledger.errors import _, refused


def file_claim(guarantee: Guarantee, amount: Decimal, grounds: str, *, actor: Actor) -> None:
    """Demand `amount` yuan of the guarantee, on stated grounds."""
    with act("guarantees:claim:file", actor, on=guarantee) as this:
        if not grounds:
            refused("guarantees.no_grounds", _("A claim states its grounds."))
        if not 0 < amount <= this.on.amount:
            refused("guarantees.amount", _("A claim is more than nothing and at most the guaranteed amount."))
        if this.now > this.on.until:
            refused("guarantees.expired", _("The guarantee has expired."))
        this.move(this.on, CLAIMED)
        Movement.objects.create(guarantee=this.on, kind="claim", amount=amount, at=this.now)
        this.record(ClaimFiled(this.on.code, amount, grounds))


def pay_claim(guarantee: Guarantee, *, actor: Actor) -> None:
    """The issuer pays what was claimed, on demand and in full."""
    with act("guarantees:claim:pay", actor, on=guarantee) as this:
        claim = this.on.movements.filter(kind="claim").latest("pk")
        this.move(this.on, PAID)
        Movement.objects.create(guarantee=this.on, kind="payment", amount=claim.amount, at=this.now)
        this.record(ClaimPaid(this.on.code, claim.amount))
