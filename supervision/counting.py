"""Counting the trail of a tender: what the log holds about it, said in the log itself after every milestone.

Enters: a tender. Leaves: `supervision:trail:counted`, by the clock. A bundle ends with such an entry, so whoever leaves
something out of a bundle contradicts the log.
"""

from __future__ import annotations

from django.db.models import Max, QuerySet

from ledger.act import act
from ledger.actor import THE_CLOCK
from ledger.canon import tag_of
from ledger.errors import Reason, _, refuse
from ledger.events import read_entry
from ledger.models import EntryRow, Place
from supervision.events import TrailCounted
from supervision.trail import trail_digest
from trading.models import Lot, Tender

TRAIL = tag_of(TrailCounted)
NOTHING_NEW = Reason("supervision.nothing_new", _("Nothing has happened since the last count."))


def scopes(tender: Tender) -> list[str]:
    """The tender's code and those of its lots: under which the log files what is about them."""
    return [tender.code, *Lot.objects.filter(tender=tender).order_by("number").values_list("code", flat=True)]


def entries_about(tender: Tender) -> QuerySet[EntryRow]:
    """The entries about a tender that have their place, in index order."""
    found = EntryRow.objects.filter(scope__in=scopes(tender), place__isnull=False)
    return found.select_related("place").order_by("place__index")


def counts(tender: Tender) -> QuerySet[EntryRow]:
    """The counts of a tender that have their place, in index order."""
    return entries_about(tender).filter(scope=tender.code, tag=TRAIL)


def upto(trail: EntryRow) -> int:
    """The index up to which a count goes."""
    return int(read_entry(bytes(trail.leaf)).values["upto"])


def counting_blockers(tender: Tender) -> list[Reason]:
    """Why there is nothing to count: `supervision.nothing_new`."""
    newest = EntryRow.objects.filter(scope__in=scopes(tender)).exclude(tag=TRAIL).filter(place__isnull=False)
    last = counts(tender).last()
    if last is not None:
        newest = newest.filter(place__index__gt=upto(last))
    waiting = EntryRow.objects.filter(scope=tender.code, tag=TRAIL, place__isnull=True).exists()
    return [NOTHING_NEW] if waiting or not newest.exists() else []


def count_trail(tender: Tender) -> EntryRow:
    """Count what the log holds about the tender now. Refused `supervision.nothing_new`."""
    with act("supervision:trail:count", THE_CLOCK, on=tender) as this:
        refuse(counting_blockers(this.on))
        end = Place.objects.aggregate(end=Max("index"))["end"]
        leaves = [bytes(row.leaf) for row in entries_about(this.on).filter(place__index__lte=end)]
        return this.record(TrailCounted(this.on.code, end, len(leaves), trail_digest(leaves)))
