"""The log beside a page: what the ledger says happened about a lot in some rooms, newest first.

Enters: a lot and prefixes of tags. Leaves: number, instant and words of each entry, as parts/log_ticker.html shows
them.
"""

from __future__ import annotations

from django.db.models import Q

from ledger.models import EntryRow
from trading.models import Lot
from trading.words import entry_words

SHOWN = 40


def lines(lot: Lot, *rooms: str) -> list[dict[str, object]]:
    """The newest entries of `rooms` about the lot that have their place in the log."""
    tags = Q()
    for room in rooms:
        tags |= Q(tag__startswith=f"{room}:")
    found = EntryRow.objects.filter(tags, scope=lot.code, place__isnull=False).select_related("place")
    newest = found.order_by("-place__index")[:SHOWN]
    return [{"number": row.place.index, "at": row.at, "text": entry_words(row.tag)} for row in newest]


def last_number(lot: Lot) -> int:
    """The index of the newest entry about the lot, 0 before the first."""
    rows = EntryRow.objects.filter(scope=lot.code, place__isnull=False).select_related("place")
    first = rows.order_by("-place__index").first()
    return first.place.index if first else 0
