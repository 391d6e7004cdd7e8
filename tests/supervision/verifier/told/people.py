"""Checks 10 and 11: certificates used where they were issued, and times on the edge of the hour that is allowed."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from guarantees.events import ClaimPaid
from ledger.events import Stamp, write_entry
from supervision.verifier.belonging import ENROLLED, OPENED, RECOGNISED, REGISTERED
from supervision.verifier.people import SLACK
from tests.supervision.forger import Forger, Lie, changed, written
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


def paid_by_a_guarantor(forger: Forger) -> None:
    """A guarantor paid a claim."""
    one = forger.case.all(OPENED)[0]
    opened = changed(one.entry, id=bytes([1] * 16), account="guarantor1", role="guarantor")
    paid = ClaimPaid(forger.case.all(RECOGNISED)[0]["guarantee"], Decimal("1.00"))
    forger.append(written(opened), write_entry(paid, Stamp(bytes([2] * 16), forger.case.open[-1].at, "guarantor1")))


def second_leaf(forger: Forger) -> None:
    """The agent has a second leaf."""
    one = forger.case.first("bidding:key:registered", label="a")
    assert one is not None
    forger.double(one, label="a2")


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
        ("a claim paid by a guarantor", paid_by_a_guarantor),
        ("a second leaf of the agent", second_leaf),
    )),
    (11, "whole", "an hour late", backdated(timedelta())),
    (11, "whole", "an hour and a second late", backdated(SECOND)),
]  # fmt: skip
