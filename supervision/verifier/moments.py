"""Pure. Check 42: the four moments at which a tender's evidence is put away (docs/bundle.md).

42. An archive of a moment ends with the first count by which every lot had come to it. The log names each archive that
    was made once, with the count it ends with, after those of the moments before it; and none is missing for longer
    than a month.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from datetime import timedelta

from ledger.errors import Reason, _
from supervision.verifier.case import (
    ARCHIVE,
    AWARD,
    DEADLINE,
    LATEST,
    MOMENTS,
    OPENING,
    Case,
    Happened,
    fault,
    once_a_case,
)
from supervision.verifier.check import Check, Found
from supervision.verifier.log import TRAIL
from supervision.verifier.trust import Trust

MADE = "supervision:archive:made"
CLOSED, OPENED = "bidding:lot:closed", "bidding:lot:opened"
UNOPENED = "bidding:opening:failed"
AWARDED, SIGNED = "trading:award:noticed", "trading:contract:signed"
FAILED = frozenset({"bidding:lot:failed", UNOPENED, "evaluation:lot:failed"})
# What a lot must have come to; and what at least one lot must have, lest all had failed before.
STEPS = {
    DEADLINE: (frozenset({CLOSED}), frozenset({CLOSED})),
    OPENING: (FAILED | {OPENED}, frozenset({OPENED, UNOPENED})),
    AWARD: (FAILED | {AWARDED}, frozenset({AWARDED})),
    ARCHIVE: (FAILED | {SIGNED}, FAILED | {SIGNED}),
}
MARKS = frozenset().union(*(mark for mark, _one in STEPS.values()))  # the tags that bring a lot to a moment
GRACE = timedelta(days=30)


def has_come(moment: str, lots: Sequence[AbstractSet[str]]) -> bool:
    """Whether a tender has come to a moment; `lots` are, for each of its lots, the tags that the log says of it."""
    every, one = STEPS[moment]
    return bool(lots) and all(tags & every for tags in lots) and any(tags & one for tags in lots)


@once_a_case
def first_count(case: Case, moment: str) -> Happened | None:
    """The first count by which the tender had come to the moment."""
    marks = [(one.index, one.tag, one["lot"]) for tag in sorted(MARKS) for one in case.all(tag)]
    for count in case.all(TRAIL):
        lots = [{tag for index, tag, of in marks if of == lot and index <= count["upto"]} for lot in case.lots]
        if has_come(moment, lots):
            return count
    return None


def moments(case: Case, _trust: Trust) -> Found:
    """Check 42."""
    if case.moment != LATEST:
        ended, last = first_count(case, case.moment), case.last(TRAIL)
        if ended is None or last is None or ended.index != last.index:
            yield fault("moment", _("The archive is not of the moment that its head names."))
    for moment, count in Counter(one["moment"] for one in case.all(MADE)).items():
        if count > 1:
            yield fault("archived_twice", _("The log names the archive of %(moment)s twice."), moment=moment)
    for one in case.all(MADE):
        ended = first_count(case, one["moment"]) if one["moment"] in MOMENTS else None
        if ended is None or one["trail"] != ended.index or not ended.index < one["state"] <= one.index:
            text = _("Entry %(index)s names an archive of a moment that it was not made at.")
            yield fault("archived", text, index=one.index)
        elif any(moment not in _named(case, one.index) for moment in _before(case, one["moment"])):
            text = _("Entry %(index)s names an archive, and none of an earlier moment is named before it.")
            yield fault("archived_before", text, index=one.index)
    yield from _missing(case)


def _before(case: Case, moment: str) -> list[str]:
    """The moments before this one to which the tender had come."""
    return [one for one in MOMENTS[: MOMENTS.index(moment)] if first_count(case, one) is not None]


def _named(case: Case, index: int) -> set[str]:
    """The moments whose archives are named before an index."""
    return {one["moment"] for one in case.all(MADE) if one.index < index}


def _missing(case: Case) -> Iterator[Reason]:
    newest = max((one.at for one in case.open), default=None)
    for moment in MOMENTS:
        ended = first_count(case, moment)
        if ended and newest and newest > ended.at + GRACE and not case.all(MADE, moment=moment):
            yield fault("not_archived", _("The log names no archive of %(moment)s, a month later."), moment=moment)


CHECKS = (Check(42, _("The archives of the tender were made at their moments"), moments, since=(CLOSED,)),)
