"""Price points: every worked figure of domain.md 5.3, and what no method may do."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.base_price import (
    CeilingMix,
    Composite,
    Drop,
    Lowest,
    SecondLowest,
    TrimmedMean,
    TwoStepMean,
)
from evaluation.exact import rounded
from evaluation.price import BaseRule, BySlopes, LowPriceRatio, PricePoints, PriceScore, PriceTable, Slopes
from ledger.errors import Refused


def d(text: str) -> Decimal:
    """A Decimal, shortly."""
    return Decimal(text)


CEILING = d("10000000.00")
X = {
    "A": d("9850000.00"),
    "B": d("9720000.00"),
    "C": d("9680000.00"),
    "D": d("9600000.00"),
    "E": d("9550000.00"),
    "F": d("9430000.00"),
    "G": d("9120000.00"),
}
ONE_EACH = TrimmedMean((Drop(4, 1, 1),))


def lines(base: str, rows: dict[str, tuple[str, str]]) -> PriceTable:
    """The table of the set X with these deviations and points."""
    return PriceTable(d(base), {bid: PricePoints(X[bid], d(off), d(points)) for bid, (off, points) in rows.items()})


def test_m1_low_price_ratio() -> None:
    prices = {"a": d("1000000"), "b": d("900000"), "c": d("980000")}
    assert LowPriceRatio(d("30")).score(prices).points == {"a": d("27.00"), "b": d("30.00"), "c": d("27.55")}


def test_m1_after_a_deduction_for_a_small_enterprise() -> None:
    prices = {"a": d("1000000"), "b": d("900000"), "c": d("882000")}
    table = LowPriceRatio(d("30")).score(prices)
    assert (table.base, table.points) == (d("882000"), {"a": d("26.46"), "b": d("29.40"), "c": d("30.00")})


def test_m2_worked_set_x() -> None:
    table = BySlopes(ONE_EACH, Slopes(d("60"), d("1"), d("0.5"))).score(X)
    assert table == lines(
        "9596000.00",
        {
            "A": ("2.65", "57.35"),
            "B": ("1.29", "58.71"),
            "C": ("0.88", "59.12"),
            "D": ("0.04", "59.96"),
            "E": ("-0.48", "59.76"),
            "F": ("-1.73", "59.14"),
            "G": ("-4.96", "57.52"),
        },
    )


def test_m2_worked_set_x_with_the_gentle_slopes() -> None:
    table = BySlopes(ONE_EACH, Slopes(d("60"), d("0.2"), d("0.1"))).score(X)
    assert table == lines(
        "9596000.00",
        {
            "A": ("2.65", "59.47"),
            "B": ("1.29", "59.74"),
            "C": ("0.88", "59.82"),
            "D": ("0.04", "59.99"),
            "E": ("-0.48", "59.95"),
            "F": ("-1.73", "59.83"),
            "G": ("-4.96", "59.50"),
        },
    )


def test_m3_mean_times_a_drawn_factor() -> None:
    table = BySlopes(TrimmedMean(factor=d("0.97")), Slopes(d("100"), d("0.5"), d("0.3"))).score(X)
    assert table == lines(
        "9277357.14",
        {
            "A": ("6.17", "96.92"),
            "B": ("4.77", "97.62"),
            "C": ("4.34", "97.83"),
            "D": ("3.48", "98.26"),
            "E": ("2.94", "98.53"),
            "F": ("1.65", "99.18"),
            "G": ("-1.70", "99.49"),
        },
    )


def test_m4_composite_with_the_control_price() -> None:
    rule = Composite(CEILING, k1=d("0.975"), q1=d("0.70"), k2=d("0.96"))
    table = BySlopes(rule, Slopes(d("60"), d("1"), d("0.5"))).score(X)
    assert table.base == d("9429270.00")
    assert table.points == {
        "A": d("55.54"), "B": d("56.92"), "C": d("57.34"), "D": d("58.19"), "E": d("58.72"), "F": d("59.99"),
        "G": d("58.36"),
    }  # fmt: skip


def test_m4_with_few_bids() -> None:
    rule = Composite(CEILING, k1=d("1"), q1=d("1"), k2=d("1"))
    prices = sorted(X.values())
    assert [rounded(rule.of(prices[:count])) for count in (1, 2, 3, 4, 6)] == [
        d("9120000.00"),  # the only one
        d("9430000.00"),  # the second lowest
        d("9430000.00"),
        d("9366666.67"),  # without the highest
        d("9476000.00"),
    ]


def test_m5_two_step_mean() -> None:
    assert rounded(TwoStepMean().of(list(X.values()))) == d("9465476.19")


def test_m6_ceiling_mix() -> None:
    assert rounded(CeilingMix(CEILING, d("0.03"), d("0.4"), ONE_EACH).of(list(X.values()))) == d("9637600.00")


def test_m7_second_lowest_and_m8_lowest() -> None:
    assert SecondLowest().of(list(X.values())) == d("9430000")
    assert Lowest().of(list(X.values())) == d("9120000")
    assert SecondLowest().of([d("5")]) == Lowest().of([d("5")]) == d("5")


def test_the_drop_of_the_largest_reached_count_holds() -> None:
    rule = TrimmedMean((Drop(6, 1, 0), Drop(7, 1, 1)), factor=d("0.95"))
    assert rounded(rule.of(list(X.values()))) == d("9116200.00")  # 9,596,000 less 5 %
    assert rounded(rule.of(list(X.values())[1:])) == d("9002200.00")  # without B: 9,476,000 less 5 %
    assert rounded(rule.of(list(X.values())[2:])) == d("9002200.00")  # five bids: all count


def test_a_frozen_base_stays_when_a_bid_is_rejected() -> None:
    method = BySlopes(ONE_EACH, Slopes(d("60"), d("1"), d("0.5")))
    before = method.score(X)
    rest = {bid: price for bid, price in X.items() if bid != "B"}
    after = method.score(rest, base=before.base)
    assert after.lines == {bid: line for bid, line in before.lines.items() if bid != "B"}
    assert method.score(rest).base != before.base


def test_a_price_under_a_frozen_lowest_earns_no_more_than_full() -> None:
    assert LowPriceRatio(d("30")).score({"a": d("800")}, base=d("900")).points == {"a": d("30.00")}


def test_points_stop_at_the_floor() -> None:
    slopes = Slopes(d("60"), d("1"), d("0.5"), floor=d("40"))
    assert [slopes.points(d(off)) for off in ("0", "19.99", "20", "20.01", "99", "-40.02")] == [
        d("60.00"), d("40.01"), d("40.00"), d("40.00"), d("40.00"), d("40.00"),
    ]  # fmt: skip


@pytest.mark.parametrize("price", ["0", "-1", "NaN", "Infinity"])
def test_a_price_that_is_none_is_refused(price: str) -> None:
    with pytest.raises(Refused) as refusal:
        BySlopes(Lowest(), Slopes(d("60"), d("1"), d("1"))).score({"a": d("5"), "b": d(price)})
    assert [(reason.code, reason.facts) for reason in refusal.value.reasons] == [
        ("evaluation.price_not_positive", {"bid": "b"})
    ]


def test_no_prices_are_refused() -> None:
    for method in (LowPriceRatio(d("30")), BySlopes(Lowest(), Slopes(d("60"), d("1"), d("1")))):
        with pytest.raises(Refused) as refusal:
            method.score({})
        assert refusal.value.codes == ["evaluation.no_prices"]


@pytest.mark.parametrize(
    ("make", "figures"),
    [
        (lambda: LowPriceRatio(d("0")), ["full"]),
        (lambda: Slopes(d("0"), d("-1"), d("-1"), d("1")), ["full", "above", "below", "floor"]),
        (lambda: Slopes(d("60"), d("1"), d("1"), d("61")), ["floor"]),
        (lambda: Drop(2, 1, 1), ["least"]),
        (lambda: Drop(4, -1, 1), ["high"]),
        (lambda: TrimmedMean(factor=d("0")), ["factor"]),
        (lambda: TrimmedMean((Drop(4, 1, 1), Drop(4, 1, 0))), ["drops"]),
        (lambda: Composite(d("0"), d("1.1"), d("-0.1"), d("0")), ["ceiling", "k1", "q1", "k2"]),
        (lambda: CeilingMix(d("0"), d("1"), d("1.1")), ["ceiling", "fall", "weight"]),
    ],
)
def test_figures_that_make_no_method_are_refused(make: object, figures: list[str]) -> None:
    assert callable(make)
    with pytest.raises(Refused) as refusal:
        make()
    assert [(reason.code, reason.facts["figure"]) for reason in refusal.value.reasons] == [
        ("evaluation.method_figures", figure) for figure in figures
    ]


PRICES = st.dictionaries(
    st.sampled_from("ABCDEFGHIJ"), st.decimals(d("1"), d("999999999"), places=2), min_size=1, max_size=10
)
RULES: list[BaseRule] = [
    ONE_EACH,
    TrimmedMean(factor=d("0.97")),
    Composite(CEILING, d("0.975"), d("0.7"), d("0.96")),
    TwoStepMean(),
    CeilingMix(CEILING, d("0.03"), d("0.4"), ONE_EACH),
    SecondLowest(),
    Lowest(),
]
METHODS: list[PriceScore] = [
    LowPriceRatio(d("30")),
    *(BySlopes(rule, Slopes(d("60"), d("1"), d("0.5"))) for rule in RULES),
]


@given(PRICES, st.sampled_from(METHODS))
def test_points_lie_between_nothing_and_full_whatever_the_order(prices: dict[str, Decimal], method: PriceScore) -> None:
    table = method.score(prices)
    assert all(0 <= points <= method.full for points in table.points.values())
    assert method.score(dict(sorted(prices.items(), reverse=True))) == table
    assert table.base > 0


@given(PRICES, st.sampled_from(METHODS))
def test_equal_prices_earn_equal_points_and_nearer_ones_no_less(prices: dict[str, Decimal], method: PriceScore) -> None:
    rows = list(method.score(prices).lines.values())
    for one in rows:
        for other in rows:
            if one.price == other.price:
                assert one.points == other.points
            same_side = (one.deviation >= 0) == (other.deviation >= 0)
            if same_side and abs(one.deviation) < abs(other.deviation):
                assert one.points >= other.points


@given(PRICES)
def test_the_trimmed_mean_lies_among_the_prices(prices: dict[str, Decimal]) -> None:
    base = ONE_EACH.of(list(prices.values()))
    assert min(prices.values()) <= base <= max(prices.values())
