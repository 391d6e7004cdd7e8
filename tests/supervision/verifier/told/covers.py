"""Check 35: guarantees claimed, paid, released twice, of another kind, or kept too long."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from bidding.opening.events import Readout
from guarantees.cover import DEPOSIT
from guarantees.events import ClaimFiled, ClaimPaid
from ledger.canon import encode
from ledger.events import Stamp, read_entry, write_entry
from supervision.verifier.case import Case, Happened
from supervision.verifier.covers import RELEASED
from supervision.verifier.notice import procedure_of
from supervision.verifier.opening import READ
from supervision.verifier.result import AWARDED, CONTRACTED
from tests.supervision.forger import Forger, Lie
from tests.supervision.verifier.told.places import in_one_place
from trading.timetable import refund_until

ONE, THREE = "sl-2026-0001-1", "sl-2026-0001-3"
RECOGNISED = "guarantees:guarantee:recognised"
BOND = Decimal("200000.00")


def held(forger: Forger) -> Happened:
    """The first guarantee behind a bid for lot 1."""
    return forger.case.all(RECOGNISED, lot=ONE)[0]


def released(forger: Forger, of: Happened | None = None) -> Happened:
    """Its release."""
    return forger.case.one(RELEASED, guarantee=(of or held(forger))["guarantee"])


def claims(*amounts: str, paid: tuple[str, ...] = (), keeps: bool = False) -> Lie:
    """The guarantee was claimed, and paid, instead of released."""

    def lie(forger: Forger) -> None:
        guarantee, last = held(forger)["guarantee"], forger.case.open[-1]
        if not keeps:
            forger.drop(released(forger))
        filed = [ClaimFiled(guarantee, Decimal(one), "because") for one in amounts]
        given = [ClaimPaid(guarantee, Decimal(one)) for one in paid]
        stamps = [Stamp(bytes([at] * 16), last.at, "somebody") for at in range(1, 9)]
        forger.append(*(write_entry(one, stamp) for one, stamp in zip([*filed, *given], stamps, strict=False)))

    return lie


def as_deposit(amount: Decimal, interest: str) -> Lie:
    """The guarantee was money, and went back with interest."""

    def lie(forger: Forger) -> None:
        forger.say(held(forger), kind=DEPOSIT)
        forger.say(released(forger), amount=amount, interest=Decimal(interest))

    return lie


def goes_back(amount: str, interest: str) -> Lie:
    """A promise went back with money."""
    return lambda forger: forger.say(released(forger), amount=Decimal(amount), interest=Decimal(interest))


def because(tag: str) -> Lie:
    """A guarantee released for another reason."""
    return lambda forger: forger.say(released(forger), because=tag)


def of_the_winner(forger: Forger) -> None:
    """The winner's guarantee released with the award."""
    winner = forger.case.one(AWARDED, lot=ONE)["winner"]
    one = forger.case.one(RECOGNISED, lot=ONE, party=winner)
    forger.say(released(forger, one), because=AWARDED)


def before(tag: str) -> Lie:
    """A guarantee released before what it was released for."""

    def lie(forger: Forger) -> None:
        cause = forger.case.one(tag, lot=ONE)
        one = next(one for one in forger.case.all(RELEASED, because=tag) if one.index > cause.index)
        forger.exchange(cause, one)

    return lie


def kept(late: timedelta) -> Lie:
    """A guarantee never released, in a log that went on until the law's time for that, or `late` after it."""

    def lie(forger: Forger) -> None:
        contract = forger.case.one(CONTRACTED, lot=ONE)
        forger.drop(released(forger))
        until = refund_until(procedure_of(forger.case, forger.trust), contract.at, forger.trust.holidays).at
        forger.say(forger.case.open[-1], at=until + late)

    return lie


def larger(forger: Forger) -> None:
    """A guarantee of more than was asked for."""
    forger.say(held(forger), amount=BOND + 1)


def sooner(forger: Forger) -> None:
    """A guarantee never released, and a contract that is not yet."""
    forger.drop(released(forger))
    forger.drop(forger.case.one(CONTRACTED, lot=ONE))


def other_contract(forger: Forger) -> None:
    """A guarantee of lot 1 kept too long, while lot 3 has had its contract this moment."""
    kept(timedelta())(forger)
    at = read_entry(forger.leaves[forger.case.open[-1].index] or b"").stamp
    assert at is not None
    for one in forger.case.all(CONTRACTED, lot=THREE):
        forger.say(one, at=at.at)


def bad_cover(forger: Forger) -> None:
    """The first bid was read out with a cover that is no good, and its guarantee stands on record all the same."""
    entry = forger.case.one(READ, lot=ONE)
    table = forger.case.record(Readout, entry["table"], "")
    bids = (replace(table.bids[0], cover=("guarantees.amount",)), *table.bids[1:])
    forger.say(entry, table=forger.put(encode(replace(table, bids=bids))), bids=bids)


def cause_and_release(case: Case) -> tuple[Happened, Happened]:
    """The contract, and the release of a guarantee because of it."""
    one = next(one for one in case.all(RELEASED, because=CONTRACTED) if _is_of(case, one, ONE))
    return one, case.one(CONTRACTED, lot=ONE)


def _is_of(case: Case, released: Happened, lot: str) -> bool:
    return bool(case.all(RECOGNISED, guarantee=released["guarantee"], lot=lot))


SECOND = timedelta(seconds=1)
LIES: list[tuple[int, str, str, Lie]] = [
    (35, "whole", what, lie)
    for what, lie in (
        ("claimed and paid", claims("200000.00", paid=("200000.00",))),
        ("claimed and not paid yet", claims("200000.00")),
        ("claimed twice", claims("200000.00", "200000.00")),
        ("paid and never claimed", claims(paid=("200000.00",))),
        ("paid twice", claims("200000.00", paid=("200000.00", "200000.00"))),
        ("paid with another amount", claims("200000.00", paid=("1.00",))),
        ("claimed and released", claims("200000.00", keeps=True)),
        ("money that went back with interest", as_deposit(BOND, "12.00")),
        ("money that went back without interest", as_deposit(BOND, "0.00")),
        ("money that went back with less than nothing", as_deposit(BOND, "-0.01")),
        ("money that did not go back", as_deposit(Decimal("0.00"), "1.00")),
        ("a promise that went back with interest", goes_back("0.00", "1.00")),
        ("a promise that went back with less than nothing", goes_back("0.00", "-1.00")),
        ("a promise that went back as money", goes_back("200000.00", "0.00")),
        ("a larger guarantee", larger),
        *((f"released because of {tag}", because(tag)) for tag in (
            CONTRACTED, AWARDED, "bidding:lot:failed", "bidding:opening:failed", "evaluation:lot:failed",
            "trading:lot:closing", "bidding:prices:read")),
        ("the winner's released with the award", of_the_winner),
        ("released before the award", before(AWARDED)),
        ("released before the contract", before(CONTRACTED)),
        ("kept until the law's time is over", kept(timedelta())),
        ("kept until a second before the law's time is over", kept(-SECOND)),
        ("kept longer than the law allows", kept(SECOND)),
        ("kept longer than the law allows, another lot's not yet", other_contract),
        ("behind a bid with a bad cover", bad_cover),
        ("released where its contract was signed", in_one_place(cause_and_release)),
        ("not released, without a contract", sooner),
    )
]  # fmt: skip
