"""Checks 15 to 17 in small: what is live at an instant, what is gone, which steps name what."""

from __future__ import annotations

from operator import le, lt

from supervision.verifier.case import Case, Happened
from supervision.verifier.envelopes import (
    FAILED,
    SEALED,
    STALE,
    WITHDRAWN,
    _chain,
    _live_at,
    gone,
    is_revealed,
    live,
)
from tests.supervision.verifier.small import ONE, TWO, at, case_of, happened

READ = "bidding:prices:read"


def sealed(index: int, number: str, replaces: str | None = None, lot: str = ONE) -> Happened:
    return happened(index, SEALED, lot=lot, number=number, replaces=replaces, stamp=at(index))


def withdrawn(index: int, number: str, withdraws: str, lot: str = ONE) -> Happened:
    return happened(index, WITHDRAWN, lot=lot, number=number, withdraws=withdraws, stamp=at(index))


def stale(index: int, *numbers: str, lot: str = ONE) -> Happened:
    return happened(index, STALE, lot=lot, numbers=numbers)


# b replaces a; c goes; a new sheet makes b stale, another one d. What lot 2 says is nothing to lot 1.
CASE = case_of(
    sealed(1, "a"), sealed(2, "b", "a"), sealed(3, "c"), withdrawn(4, "w", "c"), sealed(5, "d"), stale(6, "b"),
    sealed(7, "e"), stale(8, "d"), sealed(9, "f"),
    sealed(1, "g", "f", TWO), withdrawn(2, "x", "e", TWO), sealed(3, "h", None, TWO), stale(4, "f", "a", lot=TWO),
)  # fmt: skip


def test_what_is_live_at_an_instant() -> None:
    def surely(minute: int) -> set[str]:
        return _live_at(CASE, ONE, at(minute), lt, le)

    def perhaps(minute: int) -> set[str]:
        return _live_at(CASE, ONE, at(minute), le, lt)

    assert [surely(minute) for minute in range(1, 11)] == [
        set(), {"a"}, {"b"}, {"b"}, {"b"}, {"b", "d"}, {"d"}, {"d", "e"}, {"e"}, {"e", "f"},
    ]  # fmt: skip
    assert [perhaps(minute) for minute in range(1, 11)] == [
        {"a"}, {"b"}, {"b", "c"}, {"b", "c"}, {"b", "d"}, {"b", "d"}, {"d", "e"}, {"d", "e"}, {"e", "f"}, {"e", "f"},
    ]  # fmt: skip
    assert _live_at(CASE, TWO, at(10), lt, le) == {"g", "h"}


def test_what_is_gone_and_what_is_live() -> None:
    assert gone(CASE, ONE) == {None, "a", "b", "c", "d"}
    assert gone(CASE, TWO) == {None, "f", "e", "a"}
    assert [one["number"] for one in live(CASE, ONE)] == ["e", "f"]


def test_the_veil_is_off_a_lot_whose_own_prices_were_read_or_that_failed_itself() -> None:
    def revealed(*entries: Happened) -> list[bool]:
        case = case_of(*entries)
        return [is_revealed(case, lot) for lot in (ONE, TWO)]

    assert revealed() == [False, False]
    assert revealed(happened(1, READ, lot=ONE)) == [True, False]
    assert revealed(happened(1, FAILED, lot=TWO)) == [False, True]
    assert revealed(happened(1, READ, lot=ONE), happened(2, FAILED, lot=TWO)) == [True, True]


def steps(case: Case) -> list[tuple[str, str]]:
    return [(one.code, one.facts["number"]) for one in _chain(case, ONE)]


def test_every_step_names_an_earlier_envelope_of_its_lot_and_no_two_the_same() -> None:
    assert steps(CASE) == []
    assert steps(case_of(sealed(1, "a"), sealed(2, "b", "a"), withdrawn(3, "w", "a"))) == [
        ("verify.replaced_twice", "a")
    ]
    assert steps(case_of(sealed(1, "a"), sealed(2, "b", "x"))) == [("verify.replaces", "b")]
    assert steps(case_of(sealed(1, "a"), withdrawn(2, "w", "x"))) == [("verify.replaces", "w")]
    assert steps(case_of(sealed(3, "a"), sealed(2, "b", "a"))) == [("verify.replaces", "b")]
    assert steps(case_of(sealed(3, "a"), withdrawn(2, "w", "a"))) == [("verify.replaces", "w")]
    assert steps(case_of(sealed(1, "a", None, TWO), withdrawn(2, "w", "a"))) == [("verify.replaces", "w")]
    assert steps(case_of(sealed(1, "a"), sealed(2, "b", "a"), sealed(3, "c", "a", TWO))) == []
