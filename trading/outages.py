"""Outages as the platform knows them: its own heartbeat, and what people declared (promises.md, P9).

Enters: rows. Leaves: whether the deadline of a lot may still be moved by an outage, so that nobody closes it or calls a
bid late before that is decided; and the extensions of a lot. The heartbeat is in real time: a demo clock that jumps is
no outage.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from ledger import clock
from trading import outage
from trading.models import Beat, Extension, Lot, Outage

FIRST = 1  # the one row of the heartbeat


def gap() -> timedelta:
    """A heartbeat that is missing for longer than this is an outage."""
    return timedelta(seconds=settings.SUNLIGHT_OUTAGE_GAP)


def rule() -> outage.Rule:
    """The formula of the house."""
    return outage.rule_of(settings.SUNLIGHT_OUTAGE_RULE)


def last_beat() -> Beat | None:
    """The last sign of life; None before the first."""
    return Beat.objects.filter(pk=FIRST).first()


def silence() -> timedelta:
    """How long the heartbeat has been missing beyond what is allowed; nothing while it beats."""
    beat = last_beat()
    missing = clock.real_now() - beat.real_at if beat else timedelta(0)
    return missing if missing > gap() else timedelta(0)


def is_undecided(lot: Lot, now: datetime) -> bool:
    """Whether an outage that is not settled may still move the deadline of the lot."""
    if lot.deadline is None:
        return False
    quiet = silence()
    if quiet and lot.deadline >= now - quiet:
        return True
    open_ones = Outage.objects.filter(settled=False, begin__lte=lot.deadline)
    return any(row.end is None or may_move(lot, row) for row in open_ones)


def span(row: Outage) -> outage.Outage | None:
    """The interval of an outage that is over."""
    return outage.Outage(row.begin, row.end) if row.end else None


def may_move(lot: Lot, row: Outage) -> bool:
    """Whether the outage moves the deadline of the lot and has not done so yet."""
    found = span(row)
    if found is None or lot.deadline is None or outage.moved(lot.deadline, found, rule()) is None:
        return False
    return not Extension.objects.filter(lot=lot, outage=row).exists()


def extensions_of(lot: Lot) -> list[Extension]:
    """Every extension of the lot after an outage, in order."""
    return list(Extension.objects.filter(lot=lot).select_related("outage").order_by("pk"))


def noticed_deadline(lot: Lot) -> datetime | None:
    """The deadline before outages moved it: what bidders' banks were told. An addendum since then counts."""
    found = lot.deadline
    for one in reversed(extensions_of(lot)):
        if one.new == found:
            found = one.old
    return found


def opening_at(lot: Lot) -> datetime | None:
    """When the hall may be opened: at the deadline, or later where an outage moved the opening."""
    return max(lot.deadline, lot.opens_at) if lot.deadline and lot.opens_at else lot.deadline
