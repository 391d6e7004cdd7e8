"""Which envelope is live: checked against a plain walk through time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bidding.submission.standing import Move, live, live_before

START = datetime(2026, 3, 2, tzinfo=UTC)
STEPS = st.lists(st.tuples(st.integers(0, 5), st.booleans()), max_size=12)


def moves_of(steps: list[tuple[int, bool]]) -> list[Move]:
    return [
        Move(START + timedelta(seconds=second), order, f"n{order}", is_withdrawal=withdrawal)
        for order, (second, withdrawal) in enumerate(steps)
    ]


def walk(moves: list[Move]) -> str | None:
    """Every step in its order, remembering one live envelope."""
    alive = None
    for move in sorted(moves, key=lambda move: (move.stamp, move.order)):
        alive = None if move.is_withdrawal else move.number
    return alive


@given(STEPS, st.randoms())
def test_live_is_what_a_walk_through_time_leaves(steps: list[tuple[int, bool]], random: object) -> None:
    moves = moves_of(steps)
    shuffled = list(moves)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert live(shuffled) == walk(moves)


@given(STEPS, st.integers(0, 5))
def test_live_before_looks_no_further_than_its_stamp(steps: list[tuple[int, bool]], second: int) -> None:
    moves, stamp = moves_of(steps), START + timedelta(seconds=second)
    assert live_before(moves, stamp) == walk([move for move in moves if move.stamp <= stamp])


def test_equal_stamps_go_by_their_stored_order() -> None:
    envelope, withdrawal = Move(START, 1, "a"), Move(START, 2, "b", is_withdrawal=True)
    assert live([withdrawal, envelope]) is None
    assert live([Move(START, 3, "c"), withdrawal, envelope]) == "c"
