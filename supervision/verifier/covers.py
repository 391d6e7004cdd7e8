"""Pure. Check 35: the guarantees behind the bids.

35. Every bid that was read out with a good cover has a guarantee, large enough; each was released once, a loser's with
    the award, the winner's with the contract, or claimed; none is held longer than the law allows.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from guarantees.cover import DEPOSIT
from ledger.errors import Reason, _
from supervision.verifier.belonging import RECOGNISED
from supervision.verifier.case import Case, Happened, fault
from supervision.verifier.check import Check, Found, each_lot
from supervision.verifier.notice import line_of, procedure_of
from supervision.verifier.opening import READ, readout_of
from supervision.verifier.result import AWARDED, CONTRACTED
from supervision.verifier.trust import Trust
from trading.timetable import refund_until

RELEASED, CLAIMED, PAID = "guarantees:guarantee:released", "guarantees:claim:filed", "guarantees:claim:paid"
NOTHING = Decimal(0)
ENDS = frozenset({CONTRACTED, "bidding:lot:failed", "bidding:opening:failed", "evaluation:lot:failed"})


@each_lot
def guarantees(case: Case, trust: Trust, lot: str) -> Found:
    """Check 35."""
    if not case.all(READ, lot=lot):
        return
    bond = line_of(case, lot).bond
    good = sorted(bid.party for bid in readout_of(case, lot).bids if bond and not bid.cover)
    held = case.all(RECOGNISED, lot=lot)
    if sorted(one["party"] for one in held) != good or any(one["amount"] < bond for one in held):
        yield fault("guarantees", _("The guarantees on record are not those of the bids that were read out."))
    for one in held:
        yield from _ended(case, trust, one)


def _ended(case: Case, trust: Trust, held: Happened) -> Iterator[Reason]:
    released = case.all(RELEASED, guarantee=held["guarantee"])
    claimed, paid = case.all(CLAIMED, guarantee=held["guarantee"]), case.all(PAID, guarantee=held["guarantee"])
    if len(released) + len(claimed) > 1 or len(paid) > len(claimed):
        yield fault("released_more", _("A guarantee was released or claimed more than once."))
    if _amounts(paid)[: len(claimed)] != _amounts(claimed)[: len(paid)]:
        yield fault("paid", _("A claim was paid with another amount."))
    back = held["amount"] if held["kind"] == DEPOSIT else NOTHING
    for one in released:
        if one["amount"] != back or (held["kind"] != DEPOSIT and one["interest"] != NOTHING) or one["interest"] < 0:
            yield fault("released_amount", _("A guarantee went back with another amount than it had."))
        if not _lawful(case, held, one):
            yield fault("released", _("A guarantee was released before its purpose was over."))
    if not released and not claimed:
        yield from _late(case, trust, held["lot"])


def _amounts(entries: list[Happened]) -> list[Decimal]:
    return [one["amount"] for one in entries]


def _lawful(case: Case, held: Happened, released: Happened) -> bool:
    """A loser's guarantee goes back with the award, everybody's with the contract or a failure."""
    causes = [one for one in case.all(released["because"], lot=held["lot"]) if one.index < released.index]
    if released["because"] == AWARDED:
        return any(one["winner"] != held["party"] for one in causes)
    return released["because"] in ENDS and bool(causes)


def _late(case: Case, trust: Trust, lot: str) -> Iterator[Reason]:
    contract = case.last(CONTRACTED, lot=lot)
    newest = max(one.at for one in case.open)
    if contract and newest >= refund_until(procedure_of(case, trust), contract.at, trust.holidays).at:
        yield fault("not_released", _("A guarantee is still held although the law's time for its return is over."))


CHECKS = (Check(35, _("Guarantees stood behind the bids and went back in time"), guarantees, since=(READ,)),)
