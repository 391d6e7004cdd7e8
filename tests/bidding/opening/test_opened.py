"""What a manifest says of price and duration, read as the record needs it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bidding.envelope.manifest import Item
from bidding.opening.opened import days_of, invalidity


@pytest.mark.parametrize(
    ("items", "days"),
    [
        ([], 0),
        ([Item("days", "120")], 120),
        ([Item("工期", "120 日")], 120),
        ([Item("工期", "365日历天")], 365),
        ([Item("交货期", "30天")], 30),
        ([Item("quality", "120")], 0),
        ([Item("days", "soon")], 0),
        ([Item("days", "-5")], 0),
        ([Item("days", "0")], 0),
        ([Item("days", "1234567")], 0),
        ([Item("days", "１２０")], 0),
    ],
)
def test_days_are_read_strictly(items: list[Item], days: int) -> None:
    assert days_of(items) == days


def test_a_price_at_the_ceiling_is_valid_and_one_fen_more_is_not() -> None:
    ceiling = Decimal("10000000.00")
    assert invalidity(Decimal("10000000.00"), ceiling) == ""
    assert invalidity(Decimal("10000000.01"), ceiling) == "bidding.above_ceiling"
    assert invalidity(Decimal("99999999.00"), None) == ""
