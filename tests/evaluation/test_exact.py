"""Exact rounding, against the standard library's own."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.exact import mean, rounded


@given(st.decimals(-(10**12), 10**12, places=6), st.integers(0, 4))
def test_rounding_is_half_up(value: Decimal, places: int) -> None:
    assert rounded(value, places) == value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    assert rounded(value, places).as_tuple().exponent == -places


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (Fraction(1, 3), 2, "0.33"),
        (Fraction(2, 3), 2, "0.67"),
        (Fraction(1, 200), 2, "0.01"),
        (Fraction(-1, 200), 2, "-0.01"),
        (Fraction(7, 5), 0, "1"),
        (Fraction(3, 2), 0, "2"),
    ],
)
def test_rounded(value: Fraction, places: int, text: str) -> None:
    assert str(rounded(value, places)) == text


def test_mean_is_exact() -> None:
    assert mean([Decimal("0.01"), Decimal("0.01"), Decimal("0.02")]) == Fraction(4, 300)
