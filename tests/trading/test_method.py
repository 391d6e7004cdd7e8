"""The declared method: read strictly, written back, every fault named."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from ledger.errors import Refused
from trading.method import (
    LOWEST,
    WORKED,
    Criterion,
    CriterionKind,
    Kind,
    Method,
    Part,
    PriceRule,
    Rule,
    parse,
    to_json,
)


def changed(base: Mapping[str, Any], **facts: object) -> dict[str, Any]:
    return {**copy.deepcopy(dict(base)), **facts}


def codes(data: object) -> list[str]:
    with pytest.raises(Refused) as refusal:
        parse(data)
    return refusal.value.codes


def test_worked_set_reads_as_declared() -> None:
    method = parse(WORKED)
    assert method.price == PriceRule(
        Rule.MEAN_SLOPE, Decimal(60), Decimal(1), Decimal("0.5"), Decimal(0), 5, 1, 1, Decimal(1)
    )
    assert [(c.code, c.full) for c in method.scoring] == [
        ("plan", Decimal(15)), ("quality", Decimal(15)), ("schedule", Decimal(10)),
    ]  # fmt: skip
    assert [c.code for c in method.admission] == ["licence", "safety", "signed", "substance"]
    assert (method.kind, method.candidates, method.members) == (Kind.COMPREHENSIVE, 3, 5)


def test_lowest_price_has_no_points() -> None:
    assert parse(LOWEST).price is None
    assert parse(LOWEST).scoring == ()


@pytest.mark.parametrize("declared", [WORKED, LOWEST])
def test_json_makes_the_same_method_again(declared: Mapping[str, object]) -> None:
    assert parse(to_json(parse(declared))) == parse(declared)


def test_every_kind_of_criterion_comes_back() -> None:
    rows = [
        Criterion("a", "A", CriterionKind.PASS, Part.QUALIFICATION, clause="7.1"),
        Criterion("b", "B", CriterionKind.RANGE, Part.SCORING, Decimal(20), Decimal("2.5")),
        Criterion("c", "C", CriterionKind.FIXED, Part.SCORING, Decimal(5), objective=True),
        Criterion("d", "D", CriterionKind.STEP, Part.SCORING, Decimal(15),
                  steps=(Decimal(0), Decimal(5), Decimal(15)), objective=True),
    ]  # fmt: skip
    method = Method(Kind.COMPREHENSIVE, PriceRule(Rule.LOW_RATIO, Decimal(60)), tuple(rows), 2, 7, 7)
    assert parse(to_json(method)) == method


@pytest.mark.parametrize(
    ("points", "allowed"), [("2.5", True), ("2.49", False), ("20", True), ("20.01", False), ("7.125", False)]
)
def test_range_allows_what_lies_within(points: str, allowed: bool) -> None:
    row = Criterion("b", "B", CriterionKind.RANGE, Part.SCORING, Decimal(20), Decimal("2.5"))
    assert row.allows(Decimal(points)) is allowed


def test_fixed_allows_all_or_nothing_and_steps_their_steps() -> None:
    fixed = Criterion("c", "C", CriterionKind.FIXED, Part.SCORING, Decimal(5))
    step = Criterion("d", "D", CriterionKind.STEP, Part.SCORING, Decimal(15), steps=(Decimal(5), Decimal(15)))
    points = [Decimal(number) for number in (0, 2, 5, 15)]
    assert [fixed.allows(p) for p in points] == [True, False, True, False]
    assert [step.allows(p) for p in points] == [False, False, True, True]


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"kind": "beauty"}, "trading.method_field"),
        ({"surprise": 1}, "trading.method_field"),
        ({"candidates": 4}, "trading.method_candidates"),
        ({"candidates": True}, "trading.method_field"),
        ({"members": 4}, "trading.method_members"),
        ({"members": 6}, "trading.method_members"),
        ({"criteria": "none"}, "trading.method_field"),
        ({"criteria": []}, "trading.method_admission"),
        ({"price": None}, "trading.method_field"),
    ],
)
def test_odd_frames_are_refused(facts: dict[str, object], code: str) -> None:
    assert code in codes(changed(WORKED, **facts))


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"full": "59"}, "trading.method_weights"),
        ({"full": 60}, "trading.method_field"),
        ({"full": "60.001"}, "trading.method_field"),
        ({"full": "-60"}, "trading.method_field"),
        ({"full": "6e1"}, "trading.method_field"),
        ({"floor": "61"}, "trading.method_figure"),
        ({"factor": "3"}, "trading.method_figure"),
        ({"drop_from": 2}, "trading.method_figure"),
        ({"rule": "low_ratio"}, "trading.method_field"),
        ({"rule": "dice"}, "trading.method_field"),
    ],
)
def test_odd_price_rules_are_refused(facts: dict[str, object], code: str) -> None:
    data = changed(WORKED)
    data["price"] |= facts
    assert code in codes(data)


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"code": "plan", "title": "again", "kind": "range", "full": "5"}, "trading.method_criteria"),
        ({"code": "x", "title": "x", "kind": "range", "full": "5", "low": "5"}, "trading.method_criteria"),
        ({"code": "x", "title": "x", "kind": "step", "steps": ["5"]}, "trading.method_criteria"),
        ({"code": "x", "title": "x", "kind": "step", "steps": ["5", "1"]}, "trading.method_criteria"),
        ({"code": "x", "title": "x", "kind": "pass", "part": "scoring"}, "trading.method_criteria"),
        ({"code": "x", "title": "x", "kind": "pass", "part": "responsiveness", "full": "5"}, "trading.method_field"),
        ({"code": "x", "title": " ", "kind": "range", "full": "5"}, "trading.method_field"),
        ({"code": "x", "title": "x", "kind": "range", "full": "5"}, "trading.method_weights"),
    ],
)
def test_odd_criteria_are_refused(row: dict[str, object], code: str) -> None:
    data = changed(WORKED)
    data["criteria"] = [*data["criteria"], row]
    assert code in codes(data)


def test_points_and_the_lowest_price_do_not_go_together() -> None:
    assert "trading.method_field" in codes(changed(LOWEST, price=WORKED["price"]))
    assert "trading.method_criteria" in codes(changed(LOWEST, criteria=WORKED["criteria"]))


@pytest.mark.parametrize("data", [None, [], "comprehensive", {}])
def test_what_is_no_method_at_all_is_refused(data: object) -> None:
    assert codes(data) == ["trading.method_field"]
