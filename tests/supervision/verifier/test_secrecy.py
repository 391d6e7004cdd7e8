"""What is everybody's, and from when on: asked of a public bundle as the log was at each time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from ledger.bundle import Leaf
from ledger.events import Entry
from supervision.verifier.case import PUBLIC, REGULATOR, Case
from supervision.verifier.secrecy import draw_is_public, is_unsealed, members_are_public, result_is_public
from tests.supervision.forger import Forger, written
from tests.supervision.verifier.saved import case_of, saved

ONE, TWO, THREE = "sl-2026-0001-1", "sl-2026-0001-2", "sl-2026-0001-3"
AWARDED, PUBLISHED, FAILED = "trading:award:noticed", "trading:candidates:published", "evaluation:lot:failed"
OPENED, COMPLETED, VOIDED = "bidding:lot:opened", "experts:panel:completed", "experts:draw:voided"


def told(kind: str, lie: Callable[[Forger], None] = lambda _forger: None) -> Case:
    """The case with another log, as a bundle of a kind."""
    forger = Forger(case_of("whole"), saved("whole").trust)
    lie(forger)
    leaves = tuple(Leaf(index, data, ()) for index, data in sorted(forger.leaves.items()) if data is not None)
    return replace(forger.case, kind=kind, leaves=leaves, _worked_out={})


def without(tag: str, kind: str = PUBLIC) -> Case:
    """A bundle of a log without the entries of a kind."""

    def lie(forger: Forger) -> None:
        for one in forger.case.all(tag):
            forger.drop(one)

    return told(kind, lie)


def instead(tag: str, other: str, kind: str = PUBLIC, **values: object) -> Case:
    """A bundle of a log with another entry in the place of the first of a kind, and none of the others."""

    def lie(forger: Forger) -> None:
        first, *others = forger.case.all(tag)
        forger.leaves[first.index] = written(Entry(other, first.entry.stamp, values))
        for one in others:
            forger.drop(one)

    return told(kind, lie)


@pytest.mark.parametrize(
    ("tag", "rule"), [(AWARDED, members_are_public), (PUBLISHED, result_is_public)]
)  # fmt: skip
def test_members_and_result_are_public_when_it_is_settled(tag: str, rule: Callable[[Case, str], bool]) -> None:
    whole = told(PUBLIC)
    assert [rule(whole, lot) for lot in (ONE, TWO, THREE)] == [True, False, True]
    assert [rule(without(tag), lot) for lot in (ONE, TWO, THREE)] == [False, False, False]
    failed = instead(tag, FAILED, lot=THREE, digest=bytes(32))
    assert [rule(failed, lot) for lot in (ONE, TWO, THREE)] == [False, False, True]
    assert [rule(without(tag, REGULATOR), lot) for lot in (ONE, TWO, THREE)] == [True, True, True]


def test_a_draw_is_public_when_the_panel_is_complete_or_it_is_void() -> None:
    whole = told(PUBLIC)
    one, two = (found["draw"] for found in whole.all(COMPLETED))
    assert [draw_is_public(whole, code) for code in (one, two, "x")] == [True, True, False]
    assert [draw_is_public(without(COMPLETED), code) for code in (one, two)] == [False, False]
    assert [draw_is_public(without(COMPLETED, REGULATOR), code) for code in (one, two)] == [True, True]
    void = instead(COMPLETED, VOIDED, draw=two, reason="why")
    assert [draw_is_public(void, code) for code in (one, two)] == [False, True]


def test_what_was_sealed_is_for_the_regulator_once_the_opening_is_over() -> None:
    assert [is_unsealed(told(REGULATOR), lot) for lot in (ONE, TWO, THREE)] == [True, False, True]
    assert [is_unsealed(told(PUBLIC), lot) for lot in (ONE, TWO, THREE)] == [False, False, False]
    assert not is_unsealed(without(OPENED, REGULATOR), ONE)
