"""Checks 10 and 11: certificates used where they were issued, and times on the edge of the hour that is allowed."""

from __future__ import annotations

from datetime import timedelta

from supervision.verifier.belonging import ENROLLED, OPENED, REGISTERED
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


def by_a_stranger(tag: str, **values: str) -> Lie:
    """An entry of this kind, left by somebody whom nobody knows."""

    def lie(forger: Forger) -> None:
        one = forger.case.all(tag)[0]
        forger.double(one, by="stranger", **values)

    return lie


def opened_as(role: str, at: int = 0) -> Lie:
    """The account of the agent was opened in another role, or once more in that role for another body."""

    def lie(forger: Forger) -> None:
        party = forger.case.all(REGISTERED, name="agent")[0]["party"]
        one = forger.case.one(OPENED, party=party)
        forger.double(one, role=role, party=forger.case.all(REGISTERED)[at]["party"])

    return lie


def of_no_body(forger: Forger) -> None:
    """The account of the agent was opened for a party that nobody registered."""
    party = forger.case.all(REGISTERED, name="agent")[0]["party"]
    forger.say(forger.case.one(OPENED, party=party), party="x")


SECOND = timedelta(seconds=1)
OF_BODIES = ("bidding:key:registered", "experts:seed:committed", "experts:seed:revealed", "experts:draw:drawn")
OF_LEAVES = ("bidding:share:released", "bidding:rehearsal:given")
LIES: list[tuple[int, str, str, Lie]] = [
    (10, "whole", "a certificate used where it was issued", used_where_it_was_issued),
    (10, "whole", "a certificate issued twice", issued_twice),
    *((11, "whole", f"{tag} by a stranger", by_a_stranger(tag)) for tag in OF_BODIES),
    *((11, "whole", f"{tag} of nobody's leaf by a stranger", by_a_stranger(tag, leaf="x")) for tag in OF_LEAVES),
    *((11, "whole", what, lie) for what, lie in (
        ("a key of nobody's by a stranger", by_a_stranger("bidding:key:registered", label="x")),
        ("a key of a nameless leaf by a stranger", by_a_stranger("bidding:key:registered", label="")),
        ("a seed of no body by a stranger", by_a_stranger("experts:seed:committed", body="x")),
        ("a seed of no body shown by a stranger", by_a_stranger("experts:seed:revealed", body="x")),
        ("an agent who is a bidder too", opened_as("bidder")),
        ("an agent who is a guarantor too", opened_as("guarantor")),
        ("an agent for the purchaser", opened_as("agent")),
        ("an agent of no body", of_no_body),
    )),
    (11, "whole", "an hour late", backdated(timedelta())),
    (11, "whole", "an hour and a second late", backdated(SECOND)),
]  # fmt: skip
