"""Score sheets: what an item allows, whole sheets only, uniform objective items, means, weights, outliers."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.scoring import (
    Aggregation,
    Combining,
    Criterion,
    Kind,
    Part,
    member_totals,
    objective_blockers,
    outliers,
    part_points,
    sheet_blockers,
    total,
    weights_blockers,
)
from ledger.errors import Refused


def d(text: str) -> Decimal:
    """A Decimal, shortly."""
    return Decimal(text)


SEAL = Criterion("seal", "Sealed and signed", Kind.PASS_FAIL, d("0"))
LICENCE = Criterion("licence", "First-class licence", Kind.FIXED, d("5"), objective=True)
WORKS = Criterion("works", "Like works", Kind.STEP, d("10"), steps=(d("0"), d("4"), d("7"), d("10")))
PLAN = Criterion("plan", "Construction plan", Kind.RANGE, d("15"), low=d("6"))
TECHNICAL = Part("technical", (SEAL, LICENCE, WORKS, PLAN))
BIDS = ["a", "b"]
ROW = {"seal": d("1"), "licence": d("5"), "works": d("7"), "plan": d("12.5")}
SHEET = {"a": ROW, "b": {"seal": d("1"), "licence": d("0"), "works": d("10"), "plan": d("6")}}


@pytest.mark.parametrize(
    ("criterion", "allowed", "not_allowed"),
    [
        (SEAL, ["0", "1"], ["0.5", "2", "-1"]),
        (LICENCE, ["0", "5", "5.00"], ["4.99", "6"]),
        (WORKS, ["0", "4", "7", "10"], ["5", "11"]),
        (PLAN, ["6", "6.01", "15"], ["5.99", "15.01", "6.001", "0", "-7", "NaN", "Infinity", "1E+40", "1E-40"]),
    ],
)
def test_what_an_item_allows(criterion: Criterion, allowed: list[str], not_allowed: list[str]) -> None:
    assert [text for text in allowed if not criterion.allows(d(text))] == []
    assert [text for text in not_allowed if criterion.allows(d(text))] == []


@pytest.mark.parametrize(
    ("kind", "points", "steps", "low", "figures"),
    [
        (Kind.PASS_FAIL, "5", (), "0", ["x.points"]),
        (Kind.FIXED, "0", (), "0", ["x.points"]),
        (Kind.FIXED, "5", ("5",), "1", ["x.steps", "x.low"]),
        (Kind.STEP, "10", ("0", "4"), "0", ["x.steps"]),  # nobody could earn all
        (Kind.STEP, "10", ("4", "4", "10"), "0", ["x.steps"]),
        (Kind.STEP, "10", ("11", "10"), "0", ["x.steps"]),
        (Kind.RANGE, "10", (), "10", ["x.low"]),
    ],
)
def test_an_item_that_makes_no_sense_is_refused(
    kind: Kind, points: str, steps: tuple[str, ...], low: str, figures: list[str]
) -> None:
    with pytest.raises(Refused) as refusal:
        Criterion("x", "", kind, d(points), tuple(map(d, steps)), d(low))
    assert [(reason.code, reason.facts["figure"]) for reason in refusal.value.reasons] == [
        ("evaluation.method_figures", figure) for figure in figures
    ]


def test_two_items_of_one_code_are_refused() -> None:
    with pytest.raises(Refused) as refusal:
        Part("technical", (LICENCE, LICENCE), weight=d("0"))
    assert [reason.facts["figure"] for reason in refusal.value.reasons] == ["technical.criteria", "technical.weight"]


def test_a_whole_sheet_has_no_blockers() -> None:
    assert sheet_blockers(TECHNICAL.criteria, BIDS, SHEET) == []
    assert TECHNICAL.full == d("30")


def test_every_fault_of_a_sheet_is_named() -> None:
    sheet = {"a": ROW | {"plan": d("15.5"), "colour": d("1")}, "c": {"plan": d("6")}}
    reasons = sheet_blockers((LICENCE, PLAN), ["a", "b"], sheet)
    assert [(reason.code, reason.facts["bid"], reason.facts["item"]) for reason in reasons] == [
        ("evaluation.score_out_of_range", "a", "plan"),
        ("evaluation.score_missing", "b", "licence"),
        ("evaluation.score_missing", "b", "plan"),
        ("evaluation.score_unknown", "a", "seal"),
        ("evaluation.score_unknown", "a", "works"),
        ("evaluation.score_unknown", "a", "colour"),
        ("evaluation.score_unknown", "c", "plan"),
    ]


def test_objective_items_are_the_same_for_all() -> None:
    other = {"a": ROW | {"licence": d("0"), "plan": d("9")}, "b": SHEET["b"]}
    reasons = objective_blockers(TECHNICAL.criteria, {"m1": SHEET, "m2": SHEET, "m3": other})
    assert [(reason.code, reason.facts) for reason in reasons] == [
        ("evaluation.objective_not_uniform", {"item": "licence", "bid": "a"})
    ]


def test_part_points_are_the_mean_of_members() -> None:
    other = {"a": ROW | {"plan": d("13")}, "b": SHEET["b"] | {"works": d("7")}}
    sheets = {"m1": SHEET, "m2": SHEET, "m3": other}
    assert member_totals(TECHNICAL, sheets, "a") == {"m1": d("24.5"), "m2": d("24.5"), "m3": d("25")}
    assert part_points(TECHNICAL, BIDS, sheets, Aggregation()) == {"a": d("24.67"), "b": d("15.00")}


def test_points_of_a_faulty_sheet_are_refused_with_every_reason() -> None:
    faulty = {"a": ROW | {"plan": d("16"), "licence": d("0")}, "b": SHEET["b"]}
    with pytest.raises(Refused) as refusal:
        part_points(TECHNICAL, BIDS, {"m1": SHEET, "m2": faulty}, Aggregation())
    assert refusal.value.codes == ["evaluation.score_out_of_range", "evaluation.objective_not_uniform"]


def test_points_without_sheets_are_refused() -> None:
    with pytest.raises(Refused) as refusal:
        part_points(TECHNICAL, BIDS, {}, Aggregation())
    assert refusal.value.codes == ["evaluation.no_sheets"]


def test_combining_as_printed() -> None:
    totals = [d(text) for text in ("88", "92", "95", "79", "90")]
    assert Aggregation().combine(totals) == d("88.80")
    assert Aggregation(Combining.TRIMMED, trim_from=5).combine(totals) == d("90.00")
    assert Aggregation(Combining.TRIMMED).combine(totals) == d("88.80")  # five are too few to trim


def test_trimming_too_few_is_refused() -> None:
    with pytest.raises(Refused) as refusal:
        Aggregation(Combining.TRIMMED, trim_from=2)
    assert refusal.value.codes == ["evaluation.method_figures"]


def test_total_weighted_and_plain() -> None:
    points = {"price": d("59.96"), "technical": d("24.67")}
    assert total(points, {"price": d("1"), "technical": d("1")}) == d("84.63")
    assert total({"price": d("100"), "technical": d("81.25")}, {"price": d("0.3"), "technical": d("0.7")}) == d("86.88")


def test_weights_that_do_not_add_up_are_refused() -> None:
    weights = {"price": d("0.3"), "technical": d("0.6")}
    assert [reason.code for reason in weights_blockers(weights)] == ["evaluation.weights"]
    with pytest.raises(Refused) as refusal:
        total({"price": d("1"), "technical": d("1")}, weights)
    assert refusal.value.codes == ["evaluation.weights"]


def test_a_part_without_its_weight_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="different parts"):
        total({"price": d("1")}, {"price": d("0.5"), "technical": d("0.5")})


def test_outliers_are_measured_against_the_others() -> None:
    totals = {"m1": d("80"), "m2": d("82"), "m3": d("84"), "m4": d("50"), "m5": d("82")}
    assert outliers(totals, d("0.2")) == {"m4": d("-0.3902")}
    assert outliers({"m1": d("80")}, d("0.2")) == {}
    assert outliers({"m1": d("0"), "m2": d("0")}, d("0.2")) == {}


SCORES = st.lists(st.decimals(0, 100, places=2), min_size=1, max_size=11)


@given(SCORES, st.sampled_from(Combining), st.integers(3, 9))
def test_a_combined_score_lies_among_the_members(scores: list[Decimal], combining: Combining, trim_from: int) -> None:
    combined = Aggregation(combining, trim_from).combine(scores)
    assert min(scores) <= combined <= max(scores)
    assert combined == Aggregation(combining, trim_from).combine(scores[::-1])


@given(st.decimals(allow_nan=True, allow_infinity=True), st.sampled_from([SEAL, LICENCE, WORKS, PLAN]))
def test_any_decimal_is_allowed_or_not(points: Decimal, criterion: Criterion) -> None:
    assert not criterion.allows(points) or 0 <= points <= max(criterion.points, Decimal(1))
