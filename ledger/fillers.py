"""Fillers: veiled entries that hide nothing, so that a round has its size whatever happened (ledger.md).

Enters: how many a round may need. Leaves: a stock of fillers with salts of their own, kept like every inner entry, and
out of it the rows that a round takes. A filler's leaf cannot be told from another; lifted, it says what it was.
"""

from __future__ import annotations

import os

from ledger import clock
from ledger.canon import tag_of
from ledger.events import Stamp, VeiledAdded, VeiledFiller, veiled_leaf, write_entry
from ledger.keeping import keep_many
from ledger.models import EntryRow, Filler, Inner

STOCK = 128  # drawn and kept at once: one object in storage for each, not one for each filler


def stock_up(least: int) -> None:
    """Draw and keep fillers until at least `least` are in stock."""
    missing = least - Filler.objects.count()
    if missing <= 0:
        return
    stamped = clock.now()
    drawn = [
        (os.urandom(32), write_entry(VeiledFiller(), Stamp(os.urandom(16), stamped, None)))
        for _each in range(max(missing, STOCK))
    ]
    keep_many("", drawn)
    Filler.objects.bulk_create(Filler(salt=salt, inner=inner) for salt, inner in drawn)


def take(count: int) -> list[EntryRow] | None:
    """Make `count` fillers of the stock into entries, inside the sequencer's transaction; None when it has too few."""
    stock = list(Filler.objects.order_by("pk")[:count])
    if len(stock) < count:
        return None
    rows = [EntryRow(leaf=veiled_leaf(bytes(one.salt), bytes(one.inner)), tag=tag_of(VeiledAdded)) for one in stock]
    made = EntryRow.objects.bulk_create(rows)
    Inner.objects.bulk_create(
        Inner(entry=row, inner=one.inner, salt=one.salt, scope="") for row, one in zip(made, stock, strict=True)
    )
    Filler.objects.filter(pk__in=[one.pk for one in stock]).delete()
    return made
