"""Checks 19 and 20 in small: what statements allow, what is held against whom, how long shares are awaited."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import cache

import pytest

from bidding.custody.key_statement import POLICY
from bidding.envelope.sheet import policy_of, read_sheet
from bidding.hall.events import HallWindows
from bidding.opening.events import NumberedEnvelope
from ledger.canon import encode
from supervision.verifier.belonging import SEALED as SHEET
from supervision.verifier.case import Happened
from supervision.verifier.opening import (
    CLOSED_LEAF,
    DECIDED,
    ENDED_WAIT,
    FAILED,
    GIVEN,
    HALL,
    NO_OWN_SHARE,
    OPENED,
    OVER,
    RELEASED,
    RESTS,
    TOO_FEW,
    WINDOW,
    _refuted,
    _said,
    _way,
    _window,
)
from tests.supervision.verifier.saved import case_of as saved_case
from tests.supervision.verifier.small import ONE, TWO, at, case_of, happened

OWN, EITHER = "2(b,2(a,c,r))", "3(b,a,c,r)"
WRONG = "bidding:testimony:refuted"


@cache
def sheet(policy: str) -> Happened:
    """A sheet under a policy, of custodians a, c and r."""
    made = read_sheet(saved_case("own").all(SHEET)[0]["sheet"])
    return happened(0, SHEET, lot=ONE, sheet=encode(replace(made, policy=policy)))


def released(index: int, leaf: str, *closed: str, lot: str = ONE) -> Happened:
    return happened(index, RELEASED, lot=lot, leaf=leaf, closed=closed)


def given(index: int, receipt: str = "x", lot: str = ONE, minute: int | None = None) -> Happened:
    return happened(index, GIVEN, lot=lot, receipt=receipt, minute=minute)


def decided(index: int, reason: str = "", side: str = "", state: str = "", receipt: str = "x") -> Happened:
    state = state or (FAILED if reason else OPENED)
    return happened(index, DECIDED, lot=ONE, number=1, receipt=receipt, state=state, reason=reason, side=side)


def way(policy: str, *before: Happened, reason: str = "", side: str = "", state: str = "") -> list[str]:
    """What is wrong with a decision after these statements."""
    one = decided(20, reason, side or ("bidder" if reason else ""), state)
    return [fault.code for fault in _way(case_of(sheet(policy), *before, one), ONE, one)]


NOT = ["verify.decided"]
A, C, R = released(1, "a"), released(2, "c"), released(3, "r")
NO_A, NO_C, NO_R = released(1, "a", "x"), released(2, "c", "x"), released(3, "r", "x")
WAITED = happened(9, ENDED_WAIT, lot=ONE)


def test_an_envelope_opens_with_enough_shares() -> None:
    assert way(POLICY, A, C) == way(POLICY, A, C, NO_R) == way(OWN, A, C, given(4)) == []
    assert way(POLICY, A) == way(POLICY, A, NO_C) == way(OWN, A, C) == way(OWN, given(4)) == NOT
    assert way(POLICY, A, C, state=FAILED) == way(POLICY, A, C, state="waiting") == NOT
    assert way(POLICY, A, C, reason="bidding.price", state=OPENED) == NOT
    assert way(POLICY, A, C, side="bidder") == NOT
    assert way(POLICY, A, C, reason="bidding.price") == []
    assert way(POLICY, A, released(20, "c")) == way(OWN, A, C, given(20)) == NOT
    assert way(POLICY, A, released(4, "c", lot=TWO)) == way(OWN, A, C, given(4, lot=TWO)) == NOT
    assert way(OWN, A, C, given(4, "y")) == NOT


def test_enough_custodians_may_say_that_it_does_not_open() -> None:
    def closed(policy: str, *before: Happened) -> list[str]:
        return way(policy, *before, reason=CLOSED_LEAF)

    assert closed(POLICY, NO_A, NO_C) == closed(POLICY, NO_A, NO_C, R) == closed(OWN, NO_A, NO_C) == []
    assert closed(OWN, NO_A, NO_C, given(4)) == closed(OWN, NO_A, NO_C, R, given(4)) == []
    assert closed(POLICY, NO_A) == closed(POLICY, A, C) == closed(POLICY, NO_A, C, R) == NOT
    assert closed(OWN, NO_A) == closed(OWN, NO_A, C, R, given(4)) == closed(OWN) == NOT
    assert closed(EITHER, NO_A, NO_C) == closed(EITHER, NO_A, NO_C, R, given(4)) == NOT
    assert closed(EITHER, NO_A, NO_C, NO_R) == closed(EITHER, NO_A, NO_C, NO_R, given(4)) == []


def test_an_envelope_stays_shut_for_want_of_its_bidders_share() -> None:
    def unshared(policy: str, *before: Happened) -> list[str]:
        return way(policy, *before, reason=NO_OWN_SHARE)

    assert unshared(OWN, A, C) == []
    assert unshared(OWN, A, C, given(4)) == unshared(OWN, A) == unshared(POLICY, A) == unshared(POLICY, A, C) == NOT


def test_an_envelope_stays_shut_for_want_of_custodians() -> None:
    def few(policy: str, *before: Happened) -> list[str]:
        return way(policy, *before, reason=TOO_FEW)

    assert few(POLICY, A, WAITED) == few(POLICY, WAITED) == few(POLICY, NO_A, C, WAITED) == []
    assert few(OWN, A, NO_C, NO_R, given(4)) == few(OWN, A, NO_C, NO_R) == []
    assert few(POLICY, A) == few(POLICY) == few(POLICY, A, C) == few(POLICY, NO_A, NO_C, WAITED) == NOT
    assert few(POLICY, A, C, WAITED) == few(POLICY, A, happened(20, ENDED_WAIT, lot=ONE)) == NOT
    assert few(POLICY, A, happened(9, ENDED_WAIT, lot=TWO)) == few(POLICY, A, NO_C) == NOT
    assert few("3(a,c,r)", A, C, NO_R) == []
    assert few("3(a,c,r)", A, C, R) == few("3(a,c,r)", NO_A, NO_C, NO_R) == NOT


def test_what_was_said_of_an_envelope_before_it_was_decided() -> None:
    policy = policy_of(read_sheet(sheet(OWN)["sheet"]))
    own, a, c, r = (policy.labels.index(label) for label in "bacr")

    def said(*before: Happened) -> tuple[set[int], set[int]]:
        return _said(case_of(*before), policy, decided(20))

    assert said() == (set(), set())
    assert said(A, NO_C, R) == ({a, r}, {c})
    assert said(released(1, "a", "y"), NO_C) == ({a}, {c})
    assert said(given(1), given(2), A) == ({own, a}, set())
    assert said(given(20), released(21, "a")) == (set(), set())
    assert said(released(20, "a"), released(20, "c", "x")) == (set(), set())


def refuted(*entries: Happened) -> list[str]:
    return [str(one) for one in _refuted(case_of(sheet(POLICY), *entries), ONE)]


def wrong(leaf: str, receipt: str = "x", lot: str = ONE) -> Happened:
    return happened(30, WRONG, lot=lot, leaf=leaf, receipt=receipt)


def test_what_opened_although_a_custodian_denied_it_is_held_against_him() -> None:
    denied = [
        "verify.refuted: What opened although a custodian denied it is not what the log holds against him."
    ]  # fmt: skip
    assert refuted(A, C, NO_R, decided(20), wrong("r")) == refuted(A, C, R, decided(20)) == []
    assert refuted(A, C, NO_R, decided(20)) == refuted(A, C, R, decided(20), wrong("r")) == denied
    assert refuted(A, C, NO_R, decided(20), wrong("c")) == refuted(A, C, NO_R, decided(20), wrong("r", "y")) == denied
    assert refuted(A, C, NO_R, decided(20), wrong("r", lot=TWO)) == denied
    assert refuted(NO_A, NO_C, decided(20, CLOSED_LEAF, "bidder")) == []
    two = released(1, "a", "x", "y"), C, R, decided(20), decided(21, receipt="y"), decided(22, receipt="z")
    assert refuted(*two, wrong("a"), happened(31, WRONG, lot=ONE, leaf="a", receipt="y")) == []
    assert refuted(*two, wrong("a")) == refuted(*two, wrong("a", "y")) == denied
    elsewhere = happened(20, DECIDED, lot=TWO, number=1, receipt="x", state=OPENED, reason="", side="")
    assert refuted(NO_A, elsewhere) == []


def hall(*receipts: str, lot: str = ONE) -> Happened:
    numbered = tuple(NumberedEnvelope(at, f"c{at}", one) for at, one in enumerate(receipts, start=1))
    return happened(1, HALL, lot=lot, envelopes=numbered)


def window(minute: int) -> Happened:
    return happened(2, WINDOW, lot=ONE, until=at(minute))


def over(index: int, *missing: str, minute: int | None = None, lot: str = ONE) -> Happened:
    return happened(index, OVER, lot=lot, missing=missing, minute=minute)


def rest(tag: str, index: int, minute: int | None, lot: str = ONE) -> Happened:
    until: datetime | None = None if minute is None else at(minute)
    return happened(index, tag, lot=lot, windows=HallWindows(None, until, None, None))


def awaited(*entries: Happened) -> list[str]:
    return [one.code for one in _window(case_of(*entries), ONE)]


STILL, OTHERWISE = ["verify.window"], ["verify.window_said"]
BOTH = (hall("x", "y"), window(30), given(3, "x"), given(4, "y"))
X_ONLY = (hall("x", "y"), window(30), given(3, "x"))


def test_shares_are_awaited_until_all_are_there_or_the_window_is_over() -> None:
    assert awaited(*BOTH, over(5), decided(6)) == awaited(*BOTH, over(5)) == []
    assert awaited(*X_ONLY, over(31, "y"), decided(32)) == awaited(*X_ONLY, over(30, "y"), decided(32)) == []
    assert awaited(*BOTH) == awaited(*BOTH, decided(6)) == awaited(*BOTH, over(5, lot=TWO)) == STILL
    assert awaited(*BOTH, over(7), decided(6)) == awaited(*BOTH, over(5), over(6)) == STILL
    assert awaited(*BOTH, over(6), decided(6)) == []
    assert awaited(*BOTH, over(5), over(6, lot=TWO), decided(7)) == []
    assert awaited(*BOTH, over(5), happened(4, DECIDED, lot=TWO), decided(7)) == []


def test_who_gave_no_share_is_named_and_the_window_kept() -> None:
    assert awaited(*X_ONLY, over(29, "y")) == awaited(*X_ONLY, over(31)) == awaited(*X_ONLY, over(31, "x")) == OTHERWISE
    assert awaited(*BOTH, over(5, "y")) == OTHERWISE
    assert awaited(*BOTH, given(6, "x"), over(5)) == OTHERWISE
    assert awaited(*BOTH[:3], given(5, "y"), over(5)) == []
    assert awaited(*BOTH[:3], given(4, "y", minute=30), over(40)) == OTHERWISE
    assert awaited(*BOTH[:3], given(4, "y", minute=29), over(40)) == []
    assert awaited(*X_ONLY, given(4, "y", TWO), over(31)) == OTHERWISE
    assert awaited(*X_ONLY, given(4, "y", TWO), over(31, "y")) == []


@pytest.mark.parametrize("tag", RESTS)
def test_a_rest_moves_the_end_of_the_window(tag: str) -> None:
    assert (
        awaited(*X_ONLY, rest(tag, 5, 60), over(60, "y")) == awaited(*X_ONLY, rest(tag, 5, None), over(30, "y")) == []
    )
    assert awaited(*X_ONLY, rest(tag, 5, 60), over(59, "y")) == OTHERWISE
    assert awaited(*X_ONLY, rest(tag, 5, 60, TWO), over(31, "y")) == []
    assert awaited(*X_ONLY, rest(tag, 5, 20), over(29, "y")) == OTHERWISE
    assert awaited(*X_ONLY, given(6, "y", minute=45), rest(tag, 5, 60), over(50)) == []
