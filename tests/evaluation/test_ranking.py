"""Ranking: order, ties, candidates; and fifty real tenders whose winners must come out the same."""

from __future__ import annotations

import csv
from collections import defaultdict
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.ranking import Ranked, Standing, by_price, by_score, candidates, tie_blockers, untied
from tests.shared import shared_data
from trading.money import parse_price


def d(text: str) -> Decimal:
    """A Decimal, shortly."""
    return Decimal(text)


def standing(bid: str, total: str, price: str, technical: str = "0") -> Standing:
    """A standing from text."""
    return Standing(bid, d(total), d(price), d(technical))


def places(ranked: list[Ranked]) -> list[tuple[int, str, bool]]:
    """What a ranking says, without the figures."""
    return [(one.place, one.bid, one.tied) for one in ranked]


A = standing("a", "91.20", "9850000", "30")
B = standing("b", "93.10", "9720000", "31")
C = standing("c", "93.10", "9600000", "30")
D = standing("d", "93.10", "9600000", "32")


def test_by_score_total_then_price_then_technical() -> None:
    assert places(by_score([A, B, C, D])) == [(1, "d", False), (2, "c", False), (3, "b", False), (4, "a", False)]


def test_what_no_rule_tells_apart_shares_a_place() -> None:
    twin = standing("e", "93.10", "9600000", "32")
    ranked = by_score([A, twin, C, D])
    assert places(ranked) == [(1, "d", True), (1, "e", True), (3, "c", False), (4, "a", False)]
    assert [(reason.code, reason.facts) for reason in tie_blockers(ranked)] == [
        ("evaluation.tied", {"place": "1", "bids": "d, e"})
    ]


def test_the_committee_decides_a_tie_whole() -> None:
    twin = standing("e", "93.10", "9600000", "32")
    ranked = by_score([A, twin, C, D])
    assert places(untied(ranked, ["e", "d"])) == [(1, "e", False), (2, "d", False), (3, "c", False), (4, "a", False)]
    assert untied(ranked, []) == ranked
    for decided in (["e"], ["e", "d", "d"], ["e", "d", "c"]):
        with pytest.raises(ValueError, match="tie"):
            untied(ranked, decided)


def test_at_most_three_candidates() -> None:
    assert [one.bid for one in candidates(by_score([A, B, C, D]))] == ["d", "c", "b"]
    assert [one.bid for one in candidates(by_score([A, B]))] == ["b", "a"]
    assert [one.bid for one in candidates(by_score([A, B, C, D]), most=1)] == ["d"]


def test_a_tie_on_the_last_place_keeps_both_until_it_is_decided() -> None:
    ranked = by_price({"a": d("3"), "b": d("1"), "c": d("3"), "d": d("2")})
    assert places(candidates(ranked)) == [(1, "b", False), (2, "d", False), (3, "a", True), (3, "c", True)]
    assert [reason.facts["place"] for reason in tie_blockers(ranked)] == ["3"]
    assert places(candidates(untied(ranked, ["c", "a"]))) == [(1, "b", False), (2, "d", False), (3, "c", False)]
    assert tie_blockers(ranked, most=2) == []


def test_by_price_lowest_first() -> None:
    assert places(by_price({"a": d("9.10"), "b": d("9.1"), "c": d("9")})) == [
        (1, "c", False),
        (2, "a", True),
        (2, "b", True),
    ]
    assert by_price({}) == by_score([]) == candidates([]) == []


STANDINGS = st.dictionaries(
    st.sampled_from("abcdefgh"), st.tuples(st.integers(0, 3), st.integers(1, 3), st.integers(0, 2)), max_size=8
)


@given(STANDINGS)
def test_the_order_of_arrival_changes_nothing(figures: dict[str, tuple[int, int, int]]) -> None:
    rows = [Standing(bid, *map(Decimal, three)) for bid, three in figures.items()]
    ranked = by_score(rows)
    assert by_score(rows[::-1]) == ranked
    for one in ranked:
        better = [
            other
            for other in rows
            if (-other.total, other.price, -other.technical)
            < (-one.standing.total, one.standing.price, -one.standing.technical)
        ]
        assert one.place == len(better) + 1
    assert {one.bid for one in ranked} == set(figures)


def test_fifty_real_tenders_keep_their_winners() -> None:
    prices: dict[str, dict[str, Decimal]] = defaultdict(dict)
    winners = {}
    with shared_data("real_tenders.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            prices[row["tender"]][row["bidder"]] = parse_price(row["price"])
            if row["winner"] == "1":
                winners[row["tender"]] = row["bidder"]
    found = {tender: [one.bid for one in by_price(bids) if one.place == 1] for tender, bids in prices.items()}
    assert len(found) == 50
    assert sum(map(len, prices.values())) == 354
    assert found == {tender: [winner] for tender, winner in winners.items()}
