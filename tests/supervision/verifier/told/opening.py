"""Checks 18 to 21: testimonies rebutted, decisions and releases in one place, halls and read-outs that do not fit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bidding.opening.events import Readout, TestimonyRebutted
from ledger.canon import encode
from ledger.events import Stamp, write_entry
from supervision.verifier.case import Case
from supervision.verifier.opening import CLOSED_LEAF, DECIDED, ENDED_WAIT, HALL, READ, RELEASED
from tests.supervision.forger import Forger, Lie
from tests.supervision.verifier.told.places import beside

ONE, THREE = "sl-2026-0001-1", "sl-2026-0001-3"


def unopened(forger: Forger) -> Any:
    """The decision about the envelope of lot 1 that did not open."""
    return next(one for one in forger.case.all(DECIDED, lot=ONE) if one["reason"])


def rebutted(reason: str = "", side: str = "", number: int = 0, receipt: str = "", *, first: bool = False) -> Lie:
    """Somebody rebutted a testimony; the decision says so much of it."""

    def lie(forger: Forger) -> None:
        one, last = unopened(forger), forger.case.open[-1]
        said = TestimonyRebutted(ONE, one["round"], one["number"] + number, one["receipt"] + receipt)
        data = write_entry(said, Stamp(bytes(16), one.at if first else last.at, "somebody"))
        if reason:
            forger.say(one, reason=reason, side=side)
        if first:
            forger.leaves[one.index - 1] = data
        else:
            forger.append(data)

    return lie


def rebutted_at_once(forger: Forger) -> None:
    """A testimony rebutted where it was given."""
    rebutted(CLOSED_LEAF, "bidder")(forger)
    one, at = unopened(forger), max(forger.leaves) - 2

    def moved(case: Case) -> Case:
        leaves = [replace(leaf, index=one.index) if leaf.index == at else leaf for leaf in case.leaves]
        return replace(case, leaves=tuple(leaves), _worked_out={})

    forger.afterwards = moved


def rebutted_elsewhere(forger: Forger) -> None:
    """A testimony about an envelope of lot 3 rebutted in lot 1."""
    one, last = forger.case.all(DECIDED, lot=THREE)[0], forger.case.open[-1]
    forger.say(one, reason=CLOSED_LEAF, side="bidder")
    said = TestimonyRebutted(ONE, one["round"], one["number"], one["receipt"])
    forger.append(write_entry(said, Stamp(bytes(16), last.at, "somebody")))


def still_undecided(forger: Forger) -> None:
    """Nothing of lot 3 was read, and one of its envelopes is not decided yet."""
    forger.drop(forger.case.one(READ, lot=THREE))
    forger.drop(forger.case.all(DECIDED, lot=THREE)[-1])


def nobody_came(forger: Forger) -> None:
    """Envelopes were decided, and no custodian ever came."""
    for one in forger.case.all(RELEASED, lot=ONE):
        forger.drop(one)


def hall(**changes: Any) -> Lie:
    """The second envelope of the hall numbered or named otherwise."""

    def lie(forger: Forger) -> None:
        entry = forger.case.one(HALL, lot=ONE)
        first, second, *rest = entry["envelopes"]
        found = {name: getattr(first, name) if to is None else to for name, to in changes.items()}
        forger.say(entry, envelopes=(first, replace(second, **found), *rest))

    return lie


def read_out(**to: Any) -> Lie:
    """Another read-out, in the entry and in the table alike."""

    def lie(forger: Forger) -> None:
        entry = forger.case.one(READ, lot=ONE)
        table = forger.case.record(Readout, entry["table"], "")
        other = replace(table, **{name: change(getattr(table, name)) for name, change in to.items()})
        shown = {"bids": other.bids, "failed": other.failed}
        counts = {"opened": len(other.bids), "unopened": len(other.failed)}
        forger.say(entry, table=forger.put(encode(other)), **shown, **counts)

    return lie


def first(**values: Any) -> Any:
    """A change of the first of several."""
    return lambda ones: (replace(ones[0], **values), *ones[1:])


def in_table_alone(forger: Forger) -> None:
    """The entry shows nothing, as one does that would be too long."""
    forger.say(forger.case.one(READ, lot=ONE), bids=(), failed=())


def half_shown(forger: Forger) -> None:
    """The entry shows what opened, and not what did not."""
    forger.say(forger.case.one(READ, lot=ONE), failed=())


LIES: list[tuple[int, str, str, Lie]] = [
    *((18, "whole", what, lie) for what, lie in (
        ("two envelopes with one code", hall(code=None)),
        ("two envelopes with one number", hall(number=None)),
        ("an envelope with the number after the next", hall(number=3)),
        ("two envelopes with one receipt", hall(receipt=None)),
    )),
    *((19, "whole", what, lie) for what, lie in (
        ("no release at all", nobody_came),
        ("a release where an envelope was decided", beside(RELEASED, DECIDED)),
        ("a release where the bids were counted", beside(RELEASED, "bidding:lot:closed")),
    )),
    (19, "hours", "a wait ended where an envelope was decided", beside(ENDED_WAIT, DECIDED, THREE)),
    (19, "hours", "a wait ended after an envelope was decided", lambda forger: forger.exchange(
        forger.case.one(ENDED_WAIT, lot=THREE), forger.case.all(DECIDED, lot=THREE)[0])),
    *((20, "whole", what, lie) for what, lie in (
        ("a testimony rebutted that was given", rebutted(CLOSED_LEAF, "bidder")),
        ("a testimony rebutted that was not given", rebutted()),
        ("a testimony rebutted of another side", rebutted(CLOSED_LEAF, "platform")),
        ("a testimony rebutted of another reason", rebutted("bidding.too_few", "bidder")),
        ("a testimony rebutted about another number", rebutted(CLOSED_LEAF, "bidder", number=1)),
        ("a testimony rebutted about another receipt", rebutted(CLOSED_LEAF, "bidder", receipt="x")),
        ("a testimony rebutted where it was given", rebutted_at_once),
        ("a testimony of another lot rebutted", rebutted_elsewhere),
        ("an envelope of another lot undecided", still_undecided),
        ("a testimony rebutted before it was given", rebutted(CLOSED_LEAF, "bidder", first=True)),
    )),
    *((21, "whole", what, lie) for what, lie in (
        ("prices read where an envelope was decided", beside(READ, DECIDED)),
        ("an envelope decided where prices were read", beside(DECIDED, READ)),
        ("a table that the entry does not show", in_table_alone),
        ("a table that the entry shows half", half_shown),
        ("a bid under another code", read_out(bids=first(code="x"))),
        ("a bid under another name", read_out(bids=first(name="x"))),
        ("a bid of another party", read_out(bids=first(party="x"))),
        ("a bid under another credit code", read_out(bids=first(credit_code="x"))),
        ("a bid with another number", read_out(bids=first(number=99))),
        ("a bid that is marked", read_out(bids=first(invalid="bidding.above_ceiling"))),
        ("bids in another order", read_out(bids=lambda ones: ones[::-1])),
        ("an unopened envelope for another reason", read_out(failed=first(reason="x"))),
        ("an unopened envelope by another side", read_out(failed=first(side="x"))),
        ("an unopened envelope under another code", read_out(failed=first(code="x"))),
        ("an unopened envelope of nobody", read_out(failed=first(party="", name="", credit_code=""))),
        ("an unopened envelope of another party", read_out(failed=first(party="x"))),
        ("an unopened envelope under another name", read_out(failed=first(name="x"))),
        ("an unopened envelope under another credit code", read_out(failed=first(credit_code="x"))),
        ("no unopened envelope", read_out(failed=lambda _ones: ())),
        ("another lot", read_out(lot=lambda _lot: THREE)),
        ("another round", read_out(round=lambda number: number + 1)),
    )),
]  # fmt: skip
