"""Check 42: archives named at the edge of what is allowed, and those that are missing at the edge of a month."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from supervision.verifier.case import ARCHIVE, AWARD, DEADLINE, LATEST, OPENING
from supervision.verifier.log import TRAIL
from supervision.verifier.moments import GRACE, MADE, first_count
from tests.supervision.forger import Forger, Lie, changed, other, written

SECOND = timedelta(seconds=1)


def both(*lies: Lie) -> Lie:
    """Several lies."""

    def lie(forger: Forger) -> None:
        for one in lies:
            one(forger)

    return lie


def of(moment: str) -> Lie:
    """The head names a moment."""

    def lie(forger: Forger) -> None:
        forger.case = replace(forger.case, moment=moment, _worked_out={})

    return lie


def ended_with(moment: str, later: int = 0) -> Lie:
    """The log ended with the count of a moment, or so many counts later."""

    def lie(forger: Forger) -> None:
        ended = first_count(forger.case, moment)
        assert ended is not None
        counts = [one.index for one in forger.case.all(TRAIL)]
        last = counts[counts.index(ended.index) + later]
        for index in list(forger.leaves):
            if index > last:
                del forger.leaves[index]

    return lie


def made(moment: str, to: Callable[[int, int], int]) -> Lie:
    """An archive under another state, by the count that it ends with and its own place."""

    def lie(forger: Forger) -> None:
        one = forger.case.one(MADE, moment=moment)
        forger.say(one, state=to(one["trail"], one.index))

    return lie


def unnamed(*moments: str) -> Lie:
    """The log does not name the archives of these moments."""

    def lie(forger: Forger) -> None:
        for moment in moments:
            forger.drop(forger.case.one(MADE, moment=moment))

    return lie


def a_month_later(moment: str, late: timedelta) -> Lie:
    """Something happened a month, and some time, after a moment."""

    def lie(forger: Forger) -> None:
        ended, last = first_count(forger.case, moment), forger.case.all(TRAIL)[-1]
        assert ended is not None
        for one in forger.case.all(TRAIL):
            if one.at > ended.at + GRACE:
                forger.say(one, at=ended.at + GRACE)
        forger.append(written(changed(last.entry, id=other(last.id), at=ended.at + GRACE + late)))

    return lie


def counted_up_to_it(forger: Forger) -> None:
    """The count of the deadline goes up to the last closing itself."""
    closed = max(one.index for one in forger.case.all("bidding:lot:closed"))
    forger.say(forger.case.all(TRAIL)[_at(forger)], upto=closed)


def counted_before_it(forger: Forger) -> None:
    """The count of the deadline goes up to the entry before the last closing."""
    closed = max(one.index for one in forger.case.all("bidding:lot:closed"))
    forger.say(forger.case.all(TRAIL)[_at(forger)], upto=closed - 1)


def _at(forger: Forger) -> int:
    ended = first_count(forger.case, DEADLINE)
    return next(at for at, one in enumerate(forger.case.all(TRAIL)) if one == ended)


def empty(forger: Forger) -> None:
    """No entry at all."""
    forger.afterwards = lambda case: replace(case, leaves=(), _worked_out={})


def uncounted(forger: Forger) -> None:
    """No count of the entries."""
    for one in forger.case.all(TRAIL):
        forger.drop(one)


def thrice(forger: Forger) -> None:
    """An archive named three times."""
    one = forger.case.one(MADE, moment=DEADLINE)
    forger.append(written(changed(one.entry, id=other(one.id))), written(changed(one.entry, id=bytes(16))))


ALL = (DEADLINE, OPENING, AWARD)
LIES: list[tuple[int, str, str, Lie]] = [
    (42, "whole", what, lie) for what, lie in (
        *((f"of {moment}, ended with its count", both(of(moment), ended_with(moment))) for moment in (*ALL, ARCHIVE)),
        *((f"of {moment}, ended with the next count", both(of(moment), ended_with(moment, 1)))
          for moment in (DEADLINE, OPENING)),
        ("of the archive, ended with the count of the award", both(of(ARCHIVE), ended_with(AWARD))),
        ("of the newest state, ended with the count of the award", both(of(LATEST), ended_with(AWARD))),
        *((f"of {moment}", of(moment)) for moment in (*ALL, ARCHIVE)),
        *((f"the state of the count itself at {moment}", made(moment, lambda trail, _own: trail)) for moment in ALL),
        *((f"the first state at {moment}", made(moment, lambda trail, _own: trail + 1)) for moment in ALL),
        *((f"the last state at {moment}", made(moment, lambda _trail, own: own)) for moment in ALL),
        *((f"the state of itself at {moment}", made(moment, lambda _trail, own: own + 1)) for moment in ALL),
        *((f"no archive of {moment}", unnamed(moment)) for moment in ALL),
        ("no archives", unnamed(*ALL)),
        ("no archive of the first two moments", unnamed(DEADLINE, OPENING)),
        ("an archive named three times", thrice),
        ("no archive of the end, a month later", a_month_later(ARCHIVE, timedelta())),
        ("no archive of the end, a month and a second later", a_month_later(ARCHIVE, SECOND)),
        ("no archive of the end, a second before a month is over", a_month_later(ARCHIVE, -SECOND)),
        ("no archives, two months later", both(unnamed(*ALL), a_month_later(ARCHIVE, GRACE))),
        ("counted up to the last closing", counted_up_to_it),
        ("counted up to before the last closing", counted_before_it),
        ("no entry", empty),
        ("no entry, of the deadline", both(of(DEADLINE), empty)),
        ("no count", uncounted),
        ("no count, of the deadline", both(of(DEADLINE), uncounted)),
    )
]  # fmt: skip
