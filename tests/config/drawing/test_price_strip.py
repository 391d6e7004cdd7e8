"""The price strip shows the numbers of the record, in their order and nowhere outside the picture."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.drawing.price_strip import APART, MARGIN, Quote, deviation, place, stacked, strip

prices = st.decimals("0.01", "9999999999.99", places=2)


def test_the_strip_of_the_worked_case() -> None:
    ceiling, base = Decimal(10_000_000), Decimal(9_596_000)
    quotes = [Quote("1", "甲", Decimal(9_480_000), "first"), Quote("2", "乙", Decimal(9_999_000))]

    drawn = strip(quotes, ceiling=ceiling, base=base)

    assert [(dot.quote.label, dot.x, dot.row, dot.deviation) for dot in drawn.dots] == [
        ("1", Decimal("6.00"), 0, Decimal("-1.21")),
        ("2", Decimal("93.83"), 0, Decimal("4.20")),
    ]
    assert [(line.kind, line.x, line.end) for line in drawn.lines] == [
        ("ceiling", Decimal("94.00"), True),
        ("base", Decimal("25.63"), False),
    ]
    assert [tick.price for tick in drawn.ticks] == [
        Decimal(n) for n in ("9480000.00", "9610000.00", "9740000.00", "9870000.00", "10000000.00")
    ]
    assert drawn.rows == 1


def test_equal_prices_stand_above_each_other_in_the_middle() -> None:
    drawn = strip([Quote(str(n), "", Decimal(100)) for n in range(3)])

    assert [(dot.x, dot.row) for dot in drawn.dots] == [(Decimal("50.00"), n) for n in range(3)]
    assert [tick.price for tick in drawn.ticks] == [Decimal("100.00")]


def test_nothing_is_drawn_of_nothing() -> None:
    with pytest.raises(ValueError, match="needs a price"):
        strip([])


def test_a_deviation_is_rounded_half_up_and_needs_a_base() -> None:
    assert deviation(Decimal("100.005"), Decimal(100)) == Decimal("0.01")
    assert deviation(Decimal("99.995"), Decimal(100)) == Decimal("-0.01")
    assert deviation(Decimal(100), None) is None


@given(st.lists(prices, min_size=1, max_size=30))
def test_dots_keep_the_order_of_prices_and_never_overlap(amounts: list[Decimal]) -> None:
    drawn = strip([Quote(f"{n:02}", "", price) for n, price in enumerate(amounts)])

    assert [dot.quote.price for dot in drawn.dots] == sorted(amounts)
    assert [dot.x for dot in drawn.dots] == sorted(dot.x for dot in drawn.dots)
    for one, dot in enumerate(drawn.dots):
        assert MARGIN <= dot.x <= 100 - MARGIN
        assert all(other.row != dot.row or dot.x - other.x >= APART for other in drawn.dots[:one])


@given(st.lists(st.decimals(0, 100, places=2), max_size=40))
def test_no_row_is_left_empty(places: list[Decimal]) -> None:
    rows = stacked(sorted(places))

    assert set(rows) == set(range(len(set(rows))))


@given(prices, prices, prices)
def test_a_place_grows_with_its_price(one: Decimal, two: Decimal, three: Decimal) -> None:
    least, middle, most = sorted([one, two, three])

    assert place(least, least, most) <= place(middle, least, most) <= place(most, least, most)
