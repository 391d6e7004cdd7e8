"""Lifting by the clock: what is left under veils when nothing in it is secret any more (ledger.md, "Veiled entry").

Enters: rounds that are not lifted, and what is sealed now. Leaves: every veiled entry of a lot that is no longer sealed
lifted, and every entry of a round lifted, fillers too, once none of the round's lots is sealed.
"""

from __future__ import annotations

from django.db.models import Q

from ledger.act import act
from ledger.actor import THE_CLOCK
from ledger.models import Inner, Round, SealedLots
from ledger.sealed import sealed_scopes
from ledger.veil import lift_rows, lifting_blockers

AT_ONCE = 200  # rounds, or entries of a lot, in one act


def lift_due() -> int:
    """Lift what is due, a batch for each lot and each group of rounds. Returns how many acts that took."""
    hidden = Round.objects.filter(lifted=False).values("sealed")
    groups = {group: frozenset(group.lots.splitlines()) for group in SealedLots.objects.filter(pk__in=hidden)}
    sealed = sealed_scopes()
    free = frozenset().union(*groups.values()) - sealed
    done = sum(_lift_lot(scope) for scope in sorted(free))
    return done + sum(_lift_rounds(group) for group, lots in groups.items() if lots.isdisjoint(sealed))


def _lift_lot(scope: str) -> int:
    hidden = Inner.objects.filter(scope=scope, entry__lifted__isnull=True).select_related("entry__place")
    if not hidden.exists() or lifting_blockers(scope):
        return 0
    with act("ledger:veil:lift", THE_CLOCK, on=None) as this:
        lift_rows(this, hidden.order_by("entry__place__index")[:AT_ONCE])
    return 1


def _lift_rounds(group: SealedLots) -> int:
    batch = list(Round.objects.filter(lifted=False, sealed=group).order_by("first")[:AT_ONCE])
    where = Q()
    for one in batch:
        where |= Q(entry__place__index__gte=one.first, entry__place__index__lt=one.first + one.count)
    hidden = Inner.objects.filter(where, entry__lifted__isnull=True).select_related("entry__place")
    rounds = Round.objects.filter(pk__in=[one.pk for one in batch])
    if not hidden.exists():
        return min(1, rounds.update(lifted=True))
    with act("ledger:veil:lift", THE_CLOCK, on=None) as this:
        lift_rows(this, hidden.order_by("entry__place__index"))
        rounds.update(lifted=True)
    return 1
