"""The sequence of entries about a scope, as everybody hears of it: indexes in the log, and nothing else.

Enters: the code of a tender or lot. Leaves: indexes in order. Who keeps to them misses nothing (promises.md, P20).
"""

from __future__ import annotations

from ledger.models import Place

MOST = 1000


def entries_from(scope: str, start: int) -> list[int]:
    """The indexes of the entries about the scope from `start` on; at most `MOST`, the rest is asked for again."""
    rows = Place.objects.filter(index__gte=start, entry__scope=scope).order_by("index")
    return list(rows.values_list("index", flat=True)[:MOST])


def before(scope: str, index: int) -> int | None:
    """The index of the entry about the scope before the one at `index`; None for the first."""
    rows = Place.objects.filter(index__lt=index, entry__scope=scope).order_by("-index")
    return rows.values_list("index", flat=True).first()
