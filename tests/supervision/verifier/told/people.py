"""Checks 10 and 11: certificates used where they were issued, and times on the edge of the hour that is allowed."""

from __future__ import annotations

from datetime import timedelta

from supervision.verifier.belonging import ENROLLED
from supervision.verifier.people import SLACK
from tests.supervision.forger import Forger, Lie
from tests.supervision.verifier.told.places import in_one_place


def backdated(more: timedelta) -> Lie:
    """An entry stamped an hour, or a little more, before the newest of those before it."""

    def lie(forger: Forger) -> None:
        one = forger.case.one("bidding:hall:opened", lot="sl-2026-0001-1")
        every = (*forger.case.open, *forger.case.inner)
        newest = max(other.at for other in every if other.index < one.index)
        forger.say(one, at=newest - SLACK - more)

    return lie


def used_where_it_was_issued(forger: Forger) -> None:
    """A certificate by which something was signed in the place where it was issued."""
    used = next(one for one in forger.case.open if "certificate" in one.entry.values)
    issued = forger.case.first(ENROLLED, fingerprint=used["certificate"])
    assert issued is not None
    in_one_place(lambda _case: (used, issued))(forger)


def issued_twice(forger: Forger) -> None:
    """A certificate issued once more at the end, to somebody else: the first time counts."""
    one = forger.case.all(ENROLLED)[0]
    forger.double(one, account="x")


SECOND = timedelta(seconds=1)
LIES: list[tuple[int, str, str, Lie]] = [
    (10, "whole", "a certificate used where it was issued", used_where_it_was_issued),
    (10, "whole", "a certificate issued twice", issued_twice),
    (11, "whole", "an hour late", backdated(timedelta())),
    (11, "whole", "an hour and a second late", backdated(SECOND)),
]
