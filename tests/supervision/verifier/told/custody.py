"""Checks 8 and 9: sheets that say something else, lack a signature, or stand where their reason stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bidding.custody.key_statement import POLICY
from bidding.envelope.sheet import read_sheet
from ledger.canon import encode
from supervision.verifier.belonging import SEALED
from supervision.verifier.custody import CHOSEN, CLOSED, ISSUED, NOTICED, REGISTERED, SIGNED
from tests.supervision.forger import Forger, Lie, changed, other, written
from tests.supervision.verifier.told.places import beside, in_one_place

ONE, TWO, THREE = "sl-2026-0001-1", "sl-2026-0001-2", "sl-2026-0001-3"


def sheet(**changes: Any) -> Lie:
    """The sheet in force for lot 1 says something else; a function makes a value of the old one."""

    def lie(forger: Forger) -> None:
        entry = forger.case.all(SEALED, lot=ONE)[-1]
        said = read_sheet(entry["sheet"])
        found = {name: to(getattr(said, name)) if callable(to) else to for name, to in changes.items()}
        forger.say(entry, sheet=encode(replace(said, **found)))

    return lie


def first_leaf(**changes: Any) -> Lie:
    """The first custodian in it is another one."""
    return sheet(leaves=lambda leaves: (replace(leaves[0], **changes), *leaves[1:]))


def signatures(to: Callable[[Any], Any]) -> Lie:
    """Other signatures under it."""

    def lie(forger: Forger) -> None:
        entry = forger.case.all(SEALED, lot=ONE)[-1]
        forger.say(entry, signatures=to(entry["signatures"]))

    return lie


def addendum(**values: Any) -> Lie:
    """The addendum that brought the new sheets says something else."""

    def lie(forger: Forger) -> None:
        entry = forger.case.all(ISSUED)[-1]
        old = {"at": entry.at, "by": entry.by, **entry.entry.values}
        forger.say(entry, **{name: to(old[name]) if callable(to) else to for name, to in values.items()})

    return lie


def before_it(one: str, two: str) -> Lie:
    """The last entry of a kind about lot 1 and the first of another one in each other's place."""

    def lie(forger: Forger) -> None:
        firsts = [forger.case.all(tag, lot=ONE) or forger.case.all(tag) for tag in (one, two)]
        forger.exchange(firsts[0][-1], firsts[1][0])

    return lie


def two_more(forger: Forger) -> None:
    """Another custodian signs besides, of whom the sheet knows nothing."""
    signatures(lambda ones: (*ones, replace(ones[0], label="z")))(forger)


def issued_where_it_came(forger: Forger) -> None:
    """The addendum in the place of the sheet that it brought."""
    in_one_place(lambda case: (case.all(ISSUED)[-1], case.all(SEALED, lot=ONE)[-1]))(forger)


def two_before(forger: Forger) -> None:
    """A wrong sheet in force before the right one, both before the notice: the last one counts."""
    one, place = forger.case.all(SEALED, lot=ONE)[0], forger.case.all(REGISTERED)[-1]
    forger.leaves[place.index] = written(changed(one.entry, id=other(one.id), round=one["round"] + 1))


def between_the_counts(forger: Forger) -> None:
    """A new sheet for lot 3 after the bids for another lot were counted, before its own were."""
    forger.exchange(forger.case.all(SEALED, lot=THREE)[-1], forger.case.one(CLOSED, lot=TWO))


def chosen_too(first: str, **values: object) -> Lie:
    """Another choice of a policy between the first one, which says `first`, and the sheets."""

    def lie(forger: Forger) -> None:
        one, place = forger.case.one(CHOSEN), forger.case.all(REGISTERED)[-1]
        forger.leaves[place.index] = written(changed(one.entry, id=other(one.id), **values))
        forger.say(one, policy=first)

    return lie


def chosen_where_it_is(forger: Forger) -> None:
    """Another policy than the sheet's, chosen in its very place: too late for it."""
    forger.say(forger.case.one(CHOSEN), policy="3(a,c,r)")
    beside(CHOSEN, SEALED)(forger)


BOTH = ("whole", "lost")
LIES: list[tuple[int, str, str, Lie]] = [
    *((8, about, f"a sheet {what}", lie) for about in BOTH for what, lie in (
        ("of another lot", sheet(lot="sl-2026-0001-2")),
        ("of another round", sheet(round=lambda number: number + 1)),
        ("under another policy", sheet(policy="3(a,c,r)")),
        ("of another body", first_leaf(holder="91460100MA00000099")),
        ("of another certificate", first_leaf(certificate=bytes(32))),
        ("with a signature less", signatures(lambda ones: ones[1:])),
        ("with a signature twice", signatures(lambda ones: (*ones, ones[0]))),
        ("with a signature more", two_more),
        ("with a signature of another", signatures(
            lambda ones: (replace(ones[0], signature=ones[1].signature), *ones[1:]))),
        ("where the lot was noticed", beside(SEALED, NOTICED)),
        ("where the bids were counted", beside(SEALED, CLOSED)),
        ("after the bids were counted", before_it(SEALED, CLOSED)),
        ("where a signature was said", beside(SIGNED, SEALED)),
        ("where its policy was chosen", beside(CHOSEN, SEALED)),
        ("before its policy was chosen", before_it(CHOSEN, SEALED)),
    )),
    (8, "whole", "a wrong sheet before the right one", two_before),
    (19, "lost", "a sheet between two counts", between_the_counts),
    (8, "whole", "a policy of another tender", chosen_too(POLICY, tender="x", policy="3(a,c,r)")),
    (8, "whole", "a policy chosen anew", chosen_too("3(a,c,r)")),
    (8, "whole", "a policy chosen where the sheet is", chosen_where_it_is),
    (8, "lost", "an addendum where the sheet is that it brought", issued_where_it_came),
    *((8, "lost", f"an addendum {what}", lie) for what, lie in (
        ("that is not there", lambda forger: forger.drop(forger.case.all(ISSUED)[-1])),
        ("that does not matter", addendum(material=False)),
        ("by another", addendum(by="x")),
        ("at another time", addendum(at=other)),
        ("where its sheets came", beside(ISSUED, SEALED)),
        ("after its sheets", before_it(ISSUED, SEALED)),
    )),
    *((number, about, f"a sheet {what}", lie) for number in (9, 19) for about in BOTH for what, lie in (
        ("with another key", first_leaf(key=bytes([9] * 32))),
        ("of another body", first_leaf(holder="91460100MA00000099")),
        ("where the bids were counted", beside(SEALED, CLOSED)),
        ("where the lot was noticed", beside(SEALED, NOTICED)),
        ("where a key was registered", beside(REGISTERED, SEALED)),
        ("before a key was registered", before_it(REGISTERED, SEALED)),
    )),
]  # fmt: skip
