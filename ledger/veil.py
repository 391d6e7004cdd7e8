"""Veils: reading and lifting veiled entries (ledger.md, "Veiled entry").

Enters: a lot's scope. Leaves: its inner entries, for `bidding` and `guarantees` alone; and, after the opening or the
failure of the lot, `ledger:veiled:lifted` entries for all of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ledger.act import This
from ledger.errors import Reason, _
from ledger.events import VeiledLifted
from ledger.models import Inner, Lifted


def inner_entries(scope: str) -> list[Inner]:
    """The veiled entries of a lot in the order they were recorded."""
    return list(Inner.objects.filter(scope=scope).select_related("entry", "entry__place").order_by("entry_id"))


def lifting_blockers(scope: str) -> list[Reason]:
    """Why the veil of a lot cannot be lifted now: something has no place in the tree yet."""
    if Inner.objects.filter(scope=scope, entry__place__isnull=True).exists():
        return [Reason("ledger.veil_waiting", _("Entries of this lot are still on their way into the log; try again."))]
    return []


def lift(this: This[Any], scope: str) -> int:
    """Lift every veiled entry of the lot that is not lifted yet, within an act. Returns how many."""
    hidden = Inner.objects.filter(scope=scope, entry__lifted__isnull=True).select_related("entry__place")
    return lift_rows(this, hidden.order_by("entry__place__index"))


def lift_rows(this: This[Any], rows: Iterable[Inner]) -> int:
    """Lift these entries, which have their places and are not lifted yet. Returns how many."""
    hidden = list(rows)
    said = this.record_all(
        [(VeiledLifted(row.entry.place.index, bytes(row.salt), bytes(row.inner)), row.scope) for row in hidden]
    )
    Lifted.objects.bulk_create(Lifted(entry=row.entry, by=by) for row, by in zip(hidden, said, strict=True))
    return len(hidden)
