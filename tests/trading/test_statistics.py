"""Savings: the Haikou and Honghe figures of domain.md 11.2, and the rules on bases."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trading.statistics import (
    WAN,
    YI,
    Rounding,
    Savings,
    Traded,
    failure_rate,
    in_unit,
    mean_bidders,
    reconciliation,
    savings,
)

MONEY = st.decimals(Decimal(1), Decimal(10) ** 9, places=2)


@pytest.mark.parametrize(
    ("base", "award", "saved", "down", "half_up"),
    [
        ("187.138", "183.054", "4.084", "2.18%", "2.18%"),  # works
        ("9.225", "8.932", "0.293", "3.17%", "3.18%"),  # government procurement
        ("32.226", "30.845", "1.381", "4.28%", "4.29%"),  # paperless
    ],
)
def test_haikou_rows(base: str, award: str, saved: str, down: str, half_up: str) -> None:
    row = savings([Traded(Decimal(award) * YI, Decimal(base) * YI)])
    assert in_unit(row.saved, YI) == saved
    assert row.rate_shown(rounding=Rounding.DOWN) == down
    assert row.rate_shown(rounding=Rounding.HALF_UP) == half_up


def test_haikou_total() -> None:
    works, purchases = Traded(Decimal("183.054") * YI), Traded(Decimal("8.932") * YI)
    assert in_unit(savings([works, purchases]).turnover, YI) == "191.986"
    assert reconciliation({"works": Decimal(242), "purchases": Decimal(53)}, Decimal(295)) == []


def test_honghe_does_not_add_up() -> None:
    classes = dict(zip("abcdefg", map(Decimal, (608, 547, 100, 28, 3, 1, 4)), strict=True))
    assert [(reason.code, str(reason)) for reason in reconciliation(classes, Decimal(1285))] == [
        (
            "trading.statistics_do_not_add_up",
            "trading.statistics_do_not_add_up: The classes add up to 1291, not to the stated total of 1285.",
        )
    ]


def test_honghe_supermarket() -> None:
    deals, saved = Decimal("1450.68") * WAN, Decimal("477.73") * WAN
    row = savings([Traded(deals, deals + saved)])
    assert (in_unit(row.base, WAN, 2), row.rate_shown()) == ("1928.41", "24.77%")


def test_a_lot_without_base_counts_in_the_turnover_only() -> None:
    lots = [Traded(Decimal(90), Decimal(100)), Traded(Decimal(50))]
    assert savings(lots) == Savings(
        lots=2, turnover=Decimal(140), lots_with_base=1, base=Decimal(100), award=Decimal(90)
    )
    assert savings(lots).rate == Decimal("0.1")


def test_the_rate_is_the_ratio_of_sums() -> None:
    # The mean of the ratios would be 30 %.
    assert savings([Traded(Decimal(50), Decimal(100)), Traded(Decimal(810), Decimal(900))]).rate == Decimal("0.14")


def test_no_base_no_rate() -> None:
    assert savings([]) == Savings(0, Decimal(0), 0, Decimal(0), Decimal(0))
    assert (savings([]).rate, savings([Traded(Decimal(1))]).rate_shown()) == (None, "–")


def test_failure_rate_and_bidders() -> None:
    assert (failure_rate(1, 3), failure_rate(0, 0)) == (Decimal("0.25"), None)
    assert (mean_bidders([3, 4, 7, 8]), mean_bidders([])) == (Decimal("5.5"), None)


@given(st.lists(st.tuples(MONEY, MONEY), min_size=1, max_size=8), st.integers(1, 7))
def test_parts_add_up_to_the_whole(pairs: list[tuple[Decimal, Decimal]], cut: int) -> None:
    lots = [Traded(award, base) for award, base in pairs]
    whole, left, right = savings(lots), savings(lots[:cut]), savings(lots[cut:])
    assert whole.saved == left.saved + right.saved
    assert whole.turnover == left.turnover + right.turnover
    assert whole.lots == left.lots + right.lots
