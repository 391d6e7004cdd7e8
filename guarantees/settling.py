"""Settling: guarantees go back when their purpose is over; deposits with interest, to the account they came from.

Enters: a lot and why it is settled. Leaves: movements and entries, each guarantee once however often it is asked.
"""

from __future__ import annotations

from decimal import Decimal

from guarantees.cover import DEPOSIT
from guarantees.events import GuaranteeReleased
from guarantees.interest import interest
from guarantees.models import HELD, RELEASED, Guarantee, Movement
from ledger.act import act
from ledger.actor import THE_CLOCK
from ledger.errors import Conflict, Refused
from trading.forms import SHANGHAI

NOTHING = Decimal("0.00")


def release(guarantee: Guarantee, because: str) -> None:
    """Release one guarantee; `because` is the tag of the entry that ended its purpose."""
    with act("guarantees:guarantee:release", THE_CLOCK, on=guarantee) as this:
        row = this.on
        this.move(row, RELEASED)
        payout, since = this.now.astimezone(SHANGHAI).date(), row.since.astimezone(SHANGHAI).date()
        is_deposit = row.kind == DEPOSIT
        back = row.amount if is_deposit else NOTHING
        due = interest(row.amount, row.rate, since, payout) if is_deposit else NOTHING
        Movement.objects.create(
            guarantee=row, kind="refund" if is_deposit else "release", amount=back, interest=due, account=row.account,
            at=this.now,
        )  # fmt: skip
        this.record(GuaranteeReleased(row.code, because, back, due))


def settle(lot: str, because: str, *, winner: str | None) -> int:
    """Release what is held for the lot, not the winner's when `winner` (a party code) is given. Returns how many."""
    held = Guarantee.objects.filter(lot__code=lot, stage=HELD).select_related("lot")
    count = 0
    for guarantee in held.exclude(party__code=winner) if winner else held:
        try:
            release(guarantee, because)
        except (Conflict, Refused):
            continue  # somebody released or claimed it in between
        count += 1
    return count
