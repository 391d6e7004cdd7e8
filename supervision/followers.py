"""Followers of supervision: trails are counted after milestones, moments are noted that a count has brought, and the
alarm rules look at what has happened.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from ledger.errors import Refused
from ledger.feed import News, follow
from supervision.alarming import RAISED, is_raised, raise_alarm
from supervision.counting import NOTHING_NEW, TRAIL, count_trail, counting_blockers
from supervision.reaching import note_moments
from supervision.trail import MILESTONES
from supervision.watching import LOOKS, hints
from trading.models import Lot, Tender

NAMES = ("supervision.alarms", "supervision.trail", "supervision.moments")


@follow("supervision.alarms")
def look(news: News) -> None:
    """Raise what the rules find in `news`, once however often it is told."""
    if news.entry.tag not in LOOKS:
        return
    lot = Lot.objects.select_related("tender").filter(code=news.scope).first()
    for hint in hints(lot, news.entry.tag, news.entry.values) if lot else ():
        if lot and not is_raised(lot, hint):
            _unless_done(partial(raise_alarm, lot, hint), RAISED.code)


@follow("supervision.trail")
def count_after_milestones(news: News) -> None:
    """Count the trail of the tender that `news` is about, once however often it is told."""
    tender = tender_of(news.scope) if news.entry.tag in MILESTONES else None
    if tender is not None and not counting_blockers(tender):
        _unless_done(partial(count_trail, tender), NOTHING_NEW.code)


@follow("supervision.moments")
def note_after_counts(news: News) -> None:
    """Note the moments to which the tender has come by a count; the ticker has their archives made."""
    tender = tender_of(news.scope) if news.entry.tag == TRAIL else None
    if tender is not None and news.entry.stamp is not None:
        note_moments(tender, news.index, news.entry.values["upto"], news.entry.stamp.at)


def tender_of(scope: str) -> Tender | None:
    """The published tender whose code, or one of whose lots' codes, `scope` is."""
    published = Tender.objects.filter(stage="published")
    return published.filter(code=scope).first() or published.filter(lots__code=scope).first()


def _unless_done(step: Callable[[], object], code: str) -> None:
    """Take a step; another ticker may have been faster."""
    try:
        step()
    except Refused as refusal:
        if refusal.codes != [code]:
            raise
