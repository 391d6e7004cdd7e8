"""Lifting what came veiled after the veils of a lot were lifted: refusals of late attempts (ledger.md, "Veiled entry").

Enters: the row of a veiled entry that has its place in the log. Leaves: the veil lifted, when its lot is not sealed any
more; everything else stays as it is.
"""

from __future__ import annotations

from ledger import veil
from ledger.act import act
from ledger.actor import THE_CLOCK
from ledger.models import Inner
from trading.models import Lot
from trading.stages import UNSEALED, Stage

OVER = UNSEALED | {Stage.FAILED}  # the veils of such a lot are off


def lift_if_over(row: int) -> bool:
    """Lift what is veiled about the lot of the entry `row` if that lot is over; whether something was lifted."""
    hidden = Inner.objects.filter(entry_id=row, entry__lifted__isnull=True).first()
    lot = Lot.objects.filter(code=hidden.scope, stage__in=OVER).first() if hidden else None
    if lot is None or veil.lifting_blockers(lot.code):
        return False  # what still waits for its place will be heard of, and lifts all
    with act("bidding:veil:lift", THE_CLOCK, on=lot) as this:
        veil.lift(this, lot.code)
    return True
