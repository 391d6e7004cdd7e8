"""Abnormally low prices: the worked figures of domain.md 5.6."""

from __future__ import annotations

from decimal import Decimal

import pytest

from evaluation.low_bids import CONSTRUCTION, PROCUREMENT, Line, LowLines, questioned, warning_price
from ledger.errors import Refused


def d(text: str) -> Decimal:
    """A Decimal, shortly."""
    return Decimal(text)


PRICES = {"a": d("1000000"), "b": d("960000"), "c": d("900000"), "d": d("420000")}


def test_procurement_example() -> None:
    # Mean 820,000: its line is 410,000, not hit. Second lowest and ceiling give 450,000 each.
    assert questioned(PRICES, PROCUREMENT, d("1000000")) == {"d": (Line.SECOND_LOWEST, Line.CEILING)}


def test_procurement_without_a_ceiling() -> None:
    assert questioned(PRICES, PROCUREMENT, None) == {"d": (Line.SECOND_LOWEST,)}


def test_a_price_on_the_line_is_not_under_it() -> None:
    assert questioned({"a": d("900000"), "b": d("450000")}, PROCUREMENT, d("1000000")) == {}


def test_raised_lines() -> None:
    raised = LowLines(mean=d("0.65"), second_lowest=d("0.65"), ceiling=d("0.65"))
    assert questioned(PRICES, raised, d("1000000")) == {"d": (Line.MEAN, Line.SECOND_LOWEST, Line.CEILING)}


def test_construction_needs_both_lines() -> None:
    ceiling = d("10000000")  # 85 % is 8,500,000
    low = {"a": d("9000000"), "b": d("9000000"), "c": d("8400000")}  # 90 % of the mean is 7,920,000
    assert questioned(low, CONSTRUCTION, ceiling) == {}
    lower = {"a": d("9600000"), "b": d("9600000"), "c": d("8200000")}  # 90 % of the mean is 8,220,000
    assert questioned(lower, CONSTRUCTION, ceiling) == {"c": (Line.CEILING_AND_MEAN,)}


def test_cost_warning_line() -> None:
    line = warning_price(d("10000000"), d("300000"), d("900000"), d("0.08"))
    assert line == d("9296000.00")
    prices = {"a": d("9296000"), "b": d("9295999.99")}
    assert questioned(prices, LowLines(cost=line), None) == {"b": (Line.COST,)}


def test_one_price_or_none_has_no_second() -> None:
    assert questioned({"a": d("1")}, PROCUREMENT, None) == {}
    assert questioned({}, PROCUREMENT, d("5")) == {}


def test_lines_that_make_no_sense_are_refused() -> None:
    with pytest.raises(Refused) as refusal:
        LowLines(mean=d("0"), ceiling=d("1"), both=(d("0.85"), d("1.5")))
    assert [reason.facts["figure"] for reason in refusal.value.reasons] == ["mean", "ceiling", "both.mean"]
