"""Which moments a tender has come to, by a count of its trail.

Enters: a tender and a count. Leaves: a row for each moment that this count is the first to bring.
"""

from __future__ import annotations

from datetime import datetime

from ledger.models import EntryRow
from supervision.counting import scopes
from supervision.models import Moment
from supervision.verifier.case import MOMENTS
from supervision.verifier.moments import MARKS, has_come
from trading.models import Tender


def note_moments(tender: Tender, trail: int, upto: int, at: datetime) -> None:
    """Note what the count at index `trail`, which goes up to `upto`, has brought; an earlier count stays what it is."""
    said: dict[str, set[str]] = {lot: set() for lot in scopes(tender)[1:]}
    rows = EntryRow.objects.filter(scope__in=said, tag__in=MARKS, place__index__lte=upto)
    for lot, tag in rows.values_list("scope", "tag"):
        said[lot].add(tag)
    for moment in MOMENTS:
        if has_come(moment, list(said.values())):
            Moment.objects.get_or_create(tender=tender, moment=moment, defaults={"trail": trail, "reached_at": at})
