"""Checks 15 to 17: counts in a list of their own, stamps on the edge, envelopes that went twice or were never there."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bidding.events import EnvelopeRefused
from bidding.submission.count import Count
from ledger.canon import encode
from ledger.events import Stamp, read_entry, write_entry
from supervision.verifier.envelopes import AT_ONCE, CLOSED, FAILED, LATE, OPENING, SEALED
from supervision.verifier.notice import deadline_of
from tests.supervision.forger import Forger, Lie, changed, written
from tests.supervision.verifier.told.places import beside

ONE, TWO, THREE = "sl-2026-0001-1", "sl-2026-0001-2", "sl-2026-0001-3"


def listed(where: str = ONE, *, is_kept: bool = True, **values: Any) -> Lie:
    """The count of a lot in a list of its own, which may say something else, or not be in the bundle."""

    def lie(forger: Forger) -> None:
        closing = forger.case.one(CLOSED, lot=where)
        count = replace(Count(where, closing["round"], closing["envelopes"]), **values)
        digest = forger.put(encode(count))
        if not is_kept:
            del forger.objects[digest.hex()]
        forger.say(closing, envelopes=(), listed=digest)

    return lie


def on_the_last_day(late: timedelta) -> Lie:
    """Lot 2 has too few bids; the log ends a day later, or a little more, and does not say that it failed."""

    def lie(forger: Forger) -> None:
        closing = forger.case.one(CLOSED, lot=TWO)
        before = [one for one in forger.case.open if one.index <= closing.index]
        newest = {"at": closing.at + AT_ONCE + late}
        forger.cut(closing.index)
        end = max(forger.leaves)
        forger.leaves[end] = written(changed(read_entry(forger.leaves[end] or b""), **newest))
        assert max(one.at for one in before) <= closing.at

    return lie


def opened_all_the_same(tag: str) -> Lie:
    """Something was opened of lot 2, which has too few bids."""
    return lambda forger: forger.double(forger.case.all(tag, lot=ONE)[0], lot=TWO)


def failed_all_the_same(count: int, least: int) -> Lie:
    """Lot 3, which has bids enough, was declared failed."""
    return lambda forger: forger.double(forger.case.one(FAILED, lot=TWO), lot=THREE, count=count, least=least)


def at_the_deadline(forger: Forger) -> None:
    """An envelope stamped at the very deadline, and taken."""
    number = forger.case.one(CLOSED, lot=ONE)["envelopes"][0].number
    forger.say(forger.case.one(SEALED, number=number), stamp=deadline_of(forger.case, ONE))


def late_before_it_was_extended(forger: Forger) -> None:
    """An envelope refused as late under a deadline that was moved after that."""
    moved = forger.case.all("trading:deadline:extended", lot=ONE)[0]
    stamp = moved["old"] + timedelta(minutes=1)
    said = EnvelopeRefused(ONE, 1, "s", stamp, "n", (LATE,))
    forger.leaves[moved.index - 1] = write_entry(said, Stamp(bytes(16), moved.at, "somebody"))


LIES: list[tuple[int, str, str, Lie]] = [
    *((number, "whole", what, lie) for number in (16, 18, 19) for what, lie in (
        ("counted in a list", listed()),
        ("counted in a list that is not here", listed(is_kept=False)),
        ("counted in a list of another lot", listed(lot=TWO)),
        ("counted in a list of another round", listed(round=9)),
        ("counted in an empty list", listed(envelopes=())),
    )),
    (15, "whole", "an envelope at the deadline", at_the_deadline),
    (16, "whole", "the bids counted where the deadline was called", beside("trading:lot:closing", CLOSED)),
    (15, "hours", "an envelope late before the deadline was moved", late_before_it_was_extended),
    *((17, "whole", what, lie) for what, lie in (
        ("not failed after a day", on_the_last_day(timedelta())),
        ("not failed after a day and a second", on_the_last_day(timedelta(seconds=1))),
        *((f"too few bids, and {tag}", opened_all_the_same(tag)) for tag in OPENING),
        ("failed with bids enough", failed_all_the_same(3, 3)),
        ("failed with bids enough, said to be fewer", failed_all_the_same(2, 3)),
        ("failed with bids enough for another law", failed_all_the_same(3, 4)),
        ("a hall where the bids were counted", beside("bidding:hall:opened", CLOSED)),
    )),
    (17, "whole", "a failure noticed where the lot failed",
     beside("trading:failure:noticed", "bidding:lot:failed", TWO)),
]  # fmt: skip
