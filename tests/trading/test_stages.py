"""The stages of a lot: names as published, groups, and the table of moves."""

from __future__ import annotations

import itertools

import pytest

from trading.stages import ENDED, LIVE, MOVES, PUBLISHED, RESULT_PUBLIC, SEALED, UNSEALED, Stage, move_blockers


def test_stage_names_are_the_published_ones() -> None:
    assert [stage.value for stage in Stage] == [
        "draft", "bidding", "closing", "closed", "opening", "opened", "evaluating", "evaluated", "publicity",
        "awarded", "contracted", "failed", "terminated",
    ]  # fmt: skip


def test_every_stage_has_its_row_and_none_moves_to_itself() -> None:
    assert set(MOVES) == set(Stage)
    assert [stage for stage in Stage if stage in MOVES[stage]] == []


def test_ended_stages_are_those_without_moves() -> None:
    assert {stage for stage in Stage if not MOVES[stage]} == ENDED


def test_groups_divide_the_stages() -> None:
    assert {Stage.DRAFT} | LIVE | ENDED == set(Stage)
    assert {Stage.DRAFT} | PUBLISHED == set(Stage)
    assert frozenset() == SEALED & UNSEALED
    assert set(Stage) - {Stage.DRAFT, Stage.FAILED, Stage.TERMINATED} == SEALED | UNSEALED
    assert RESULT_PUBLIC < UNSEALED


def test_no_move_leads_back_to_sealed() -> None:
    # Once opened, a bid can never be called sealed again.
    assert [(old, new) for old in UNSEALED for new in MOVES[old] if new in SEALED] == []


def test_every_stage_can_be_reached_from_the_draft() -> None:
    seen, todo = {Stage.DRAFT}, [Stage.DRAFT]
    while todo:
        fresh = MOVES[todo.pop()] - seen
        seen |= fresh
        todo.extend(fresh)
    assert seen == set(Stage)


def test_the_straight_way_has_no_blockers() -> None:
    way = [stage for stage in Stage if stage not in {Stage.FAILED, Stage.TERMINATED}]
    assert [move_blockers(old, new) for old, new in itertools.pairwise(way)] == [[]] * (len(way) - 1)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (Stage.BIDDING, Stage.OPENING),  # never opened before it is closed and counted
        (Stage.CLOSED, Stage.OPENED),
        (Stage.FAILED, Stage.OPENING),  # fewer than three: nothing is opened
        (Stage.OPENED, Stage.BIDDING),
        (Stage.CONTRACTED, Stage.TERMINATED),
        (Stage.DRAFT, Stage.DRAFT),
    ],
)
def test_a_move_outside_the_table_is_named(old: Stage, new: Stage) -> None:
    reasons = move_blockers(old, new)
    assert [(reason.code, reason.facts) for reason in reasons] == [
        ("trading.move_not_allowed", {"old": old.value, "new": new.value})
    ]
