"""Pure. The evaluation method that a tender document declares: how opened bids of a lot become a ranking (domain.md 5).

Enters: the JSON stored in `Lot.method`, as a mapping. Leaves: a `Method`, or `Refused` with every fault at once
(trading.method_*); and the same JSON back. Figures are decimals written as text, with at most two places. What is not
declared here cannot be used in the evaluation (Bidding Regulation, article 49).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from ledger.errors import Reason, _, refuse
from trading.method_fields import Fields

ZERO = Decimal(0)
HUNDRED = Decimal(100)
MOST_CANDIDATES = 3  # Bidding Regulation, article 53
LEAST_MEMBERS = 5  # Bidding Law, article 37
MOST_MEMBERS = 99
MOST_CRITERIA = 40


class Kind(StrEnum):
    """The two methods of the Bidding Law, article 41."""

    COMPREHENSIVE = "comprehensive"  # 综合评估法
    LOWEST_PRICE = "lowest_price"  # 经评审的最低投标价法


class Rule(StrEnum):
    """How prices become points (domain.md 5.3)."""

    MEAN_SLOPE = "mean_slope"  # M2, and M3 with a factor: slopes around a mean without the extremes
    TWO_STEP_MEAN = "two_step_mean"  # M5: slopes around the mean of two means
    SECOND_LOWEST = "second_lowest"  # M7: slopes around the second lowest
    LOW_RATIO = "low_ratio"  # M1: lowest price / price


class CriterionKind(StrEnum):
    """How a member judges a criterion."""

    PASS = "pass"  # noqa: S105  met or not met; no password
    RANGE = "range"  # any points from `low` to `full`
    FIXED = "fixed"  # all or nothing
    STEP = "step"  # one of `steps`


class Part(StrEnum):
    """Where in the evaluation a criterion belongs (domain.md 5.1)."""

    QUALIFICATION = "qualification"
    RESPONSIVENESS = "responsiveness"
    SCORING = "scoring"


@dataclass(frozen=True)
class PriceRule:
    """`full` points at the base; `above` and `below` come off for each percent beside it, down to `floor`.

    From `drop_from` bids on (0: never) the mean leaves out the `drop_high` highest and `drop_low` lowest prices.
    """

    rule: Rule
    full: Decimal
    above: Decimal = ZERO
    below: Decimal = ZERO
    floor: Decimal = ZERO
    drop_from: int = 0
    drop_high: int = 0
    drop_low: int = 0
    factor: Decimal = Decimal(1)


@dataclass(frozen=True)
class Criterion:
    """One line of the sheets. `objective`: a fact, on which all members must agree (MOF order 87, article 64)."""

    code: str
    title: str
    kind: CriterionKind
    part: Part
    full: Decimal = ZERO
    low: Decimal = ZERO
    steps: tuple[Decimal, ...] = ()
    objective: bool = False
    clause: str = ""

    def allows(self, points: Decimal) -> bool:
        """Whether `points` may stand on a sheet for this criterion; NaN and figures too long to round may not."""
        if not points.is_finite() or not 0 <= points <= max(self.full, Decimal(1)):
            return False
        if self.kind is CriterionKind.RANGE:
            return self.low <= points <= self.full and points == points.quantize(Decimal("0.01"))
        return points in (self.steps if self.kind is CriterionKind.STEP else (ZERO, self.full))


@dataclass(frozen=True)
class Method:
    """The whole method. `price` is None for the lowest price.

    From `trim_from` members on (0: never) the mean of the members leaves out one highest and one lowest score.
    `blind`: codes of the volumes that are judged without knowing whose they are (暗标).
    """

    kind: Kind
    price: PriceRule | None
    criteria: tuple[Criterion, ...]
    candidates: int = MOST_CANDIDATES
    members: int = LEAST_MEMBERS
    trim_from: int = 0
    blind: tuple[str, ...] = ()

    def of_part(self, *parts: Part) -> tuple[Criterion, ...]:
        """The criteria of these parts, in order."""
        return tuple(criterion for criterion in self.criteria if criterion.part in parts)

    @property
    def admission(self) -> tuple[Criterion, ...]:
        """What a bid must meet to be admitted: qualification, then responsiveness."""
        return (*self.of_part(Part.QUALIFICATION), *self.of_part(Part.RESPONSIVENESS))

    @property
    def scoring(self) -> tuple[Criterion, ...]:
        """What earns points."""
        return self.of_part(Part.SCORING)


def parse(data: object) -> Method:
    """The method that `data` spells.

    Refused trading.method_field, _figure, _criteria, _admission, _weights, _candidates, _members.
    """
    fields = Fields(data, "method")
    kind = fields.choice("kind", Kind)
    price = None
    if kind is Kind.COMPREHENSIVE:
        price = _price(fields.under("price"))
    criteria = tuple(_criterion(item) for item in fields.rows("criteria", MOST_CRITERIA))
    candidates = fields.whole("candidates", MOST_CANDIDATES)
    members = fields.whole("members", LEAST_MEMBERS)
    trim_from = fields.whole("trim_from", 0)
    blind = fields.words("blind")
    fields.close()
    made = Method(kind, price, criteria, candidates, members, trim_from, blind)
    refuse(_blockers(made))
    return made


def _price(fields: Fields) -> PriceRule:
    rule = fields.choice("rule", Rule)
    full = fields.decimal("full")
    if rule is Rule.LOW_RATIO:
        fields.close()
        return PriceRule(rule, full)
    slopes = fields.decimal("above"), fields.decimal("below"), fields.decimal("floor", ZERO)
    if rule is not Rule.MEAN_SLOPE:
        fields.close()
        return PriceRule(rule, full, *slopes)
    drops = fields.whole("drop_from", 0), fields.whole("drop_high", 0), fields.whole("drop_low", 0)
    made = PriceRule(rule, full, *slopes, *drops, fields.decimal("factor", Decimal(1), places=4))
    fields.close()
    return made


def _criterion(fields: Fields) -> Criterion:
    code, title = fields.text("code", 32), fields.text("title", 200)
    kind = fields.choice("kind", CriterionKind)
    clause = fields.text("clause", 200, "")
    if kind is CriterionKind.PASS:
        part = fields.choice("part", Part)
        fields.close()
        return Criterion(code, title, kind, part, clause=clause)
    steps = fields.decimals("steps") if kind is CriterionKind.STEP else ()
    full = max(steps, default=ZERO) if kind is CriterionKind.STEP else fields.decimal("full")
    low = fields.decimal("low", ZERO) if kind is CriterionKind.RANGE else ZERO
    objective = fields.flag("objective", kind is CriterionKind.FIXED)
    fields.close()
    return Criterion(code, title, kind, Part.SCORING, full, low, steps, objective, clause)


def _blockers(method: Method) -> list[Reason]:
    return [*_frame_blockers(method), *_criteria_blockers(method), *_price_blockers(method)]


def _frame_blockers(method: Method) -> list[Reason]:
    reasons = []
    if not 1 <= method.candidates <= MOST_CANDIDATES:
        text = _("There are one to three candidates (Bidding Regulation, article 53).")
        reasons.append(Reason("trading.method_candidates", text))
    trims = method.trim_from == 0 or method.trim_from >= LEAST_MEMBERS
    if not LEAST_MEMBERS <= method.members <= MOST_MEMBERS or method.members % 2 == 0 or not trims:
        text = _("A committee has an odd number of members, five or more (Bidding Law, article 37).")
        reasons.append(Reason("trading.method_members", text))
    return reasons


def _criteria_blockers(method: Method) -> list[Reason]:
    codes = [criterion.code for criterion in method.criteria]
    text = _("The criterion %(code)s is named twice or its points make no sense.")
    reasons = [
        Reason("trading.method_criteria", text, {"code": criterion.code})
        for criterion in method.criteria
        if codes.count(criterion.code) > 1 or not _makes_sense(criterion)
    ]
    if not method.admission:
        missing = _("The method names nothing that a bid must meet to be admitted.")
        reasons.append(Reason("trading.method_admission", missing))
    scored = bool(method.scoring)
    if scored is not (method.kind is Kind.COMPREHENSIVE):
        wrong = _("Criteria with points belong to the comprehensive method, and to it alone.")
        reasons.append(Reason("trading.method_criteria", wrong, {"code": ""}))
    return reasons


def _makes_sense(criterion: Criterion) -> bool:
    if criterion.kind is CriterionKind.PASS:
        return criterion.part is not Part.SCORING
    if criterion.kind is CriterionKind.STEP:
        steps = criterion.steps
        return len(steps) > 1 and steps[0] >= 0 and all(a < b for a, b in pairwise(steps))
    return 0 <= criterion.low < criterion.full


def _price_blockers(method: Method) -> list[Reason]:
    price = method.price
    if price is None:
        return []
    fits = {
        "full": price.full > 0,
        "above": price.above >= 0,
        "below": price.below >= 0,
        "floor": 0 <= price.floor <= price.full,
        "drop_from": price.drop_from == 0 or price.drop_from > price.drop_high + price.drop_low,
        "factor": 0 < price.factor <= 2,
    }
    text = _("%(field)s makes no sense in an evaluation method.")
    wrong = [name for name, good in fits.items() if not good]
    reasons = [Reason("trading.method_figure", text, {"field": f"price.{name}"}) for name in wrong]
    total = price.full + sum((criterion.full for criterion in method.scoring), ZERO)
    if total != HUNDRED:
        sums = _("The full points add up to %(total)s, not to 100.")
        reasons.append(Reason("trading.method_weights", sums, {"total": f"{total:f}"}))
    return reasons


def to_json(method: Method) -> dict[str, object]:
    """The JSON of `method`, from which `parse` makes it again."""
    made: dict[str, object] = {"kind": method.kind.value}
    if method.price is not None:
        made["price"] = _price_json(method.price)
    made["criteria"] = [_criterion_json(criterion) for criterion in method.criteria]
    made |= {"candidates": method.candidates, "members": method.members, "trim_from": method.trim_from}
    return {**made, "blind": list(method.blind)} if method.blind else made


def _price_json(price: PriceRule) -> dict[str, object]:
    made: dict[str, object] = {"rule": price.rule.value, "full": f"{price.full:f}"}
    if price.rule is Rule.LOW_RATIO:
        return made
    made |= {name: f"{getattr(price, name):f}" for name in ("above", "below", "floor")}
    if price.rule is Rule.MEAN_SLOPE:
        made |= {name: getattr(price, name) for name in ("drop_from", "drop_high", "drop_low")}
        made["factor"] = f"{price.factor:f}"
    return made


def _criterion_json(criterion: Criterion) -> dict[str, object]:
    made: dict[str, object] = {"code": criterion.code, "title": criterion.title, "kind": criterion.kind.value}
    if criterion.clause:
        made["clause"] = criterion.clause
    if criterion.kind is CriterionKind.PASS:
        return {**made, "part": criterion.part.value}
    if criterion.kind is CriterionKind.STEP:
        made["steps"] = [f"{step:f}" for step in criterion.steps]
    else:
        made["full"] = f"{criterion.full:f}"
    if criterion.kind is CriterionKind.RANGE:
        made["low"] = f"{criterion.low:f}"
    return {**made, "objective": criterion.objective}


# What every construction tender of the demo must meet (Bidding Regulation, article 51; order 12, articles 17 to 23).
ADMISSION: tuple[Mapping[str, object], ...] = (
    {"code": "licence", "title": _("Business licence and qualification grade"), "kind": "pass",
     "part": "qualification", "clause": _("Bidding Regulation, article 51 (3)")},
    {"code": "safety", "title": _("Safety production permit"), "kind": "pass",
     "part": "qualification", "clause": _("Bidding Regulation, article 51 (3)")},
    {"code": "signed", "title": _("Signed and sealed as required"), "kind": "pass",
     "part": "responsiveness", "clause": _("Bidding Regulation, article 51 (1)")},
    {"code": "substance", "title": _("Answers the substance of the tender document"), "kind": "pass",
     "part": "responsiveness", "clause": _("Bidding Regulation, article 51 (6)")},
)  # fmt: skip

# The worked set X of domain.md 5.3: 60 points for the price, 40 for the technical bid.
WORKED: Mapping[str, object] = {
    "kind": "comprehensive",
    "price": {"rule": "mean_slope", "full": "60", "above": "1", "below": "0.5", "floor": "0",
              "drop_from": 5, "drop_high": 1, "drop_low": 1, "factor": "1"},
    "criteria": [
        *ADMISSION,
        {"code": "plan", "title": _("Construction organisation plan"), "kind": "range", "full": "15"},
        {"code": "quality", "title": _("Quality and safety measures"), "kind": "range", "full": "15"},
        {"code": "schedule", "title": _("Schedule and resources"), "kind": "range", "full": "10"},
    ],
    "candidates": 3,
    "members": 5,
}  # fmt: skip

LOWEST: Mapping[str, object] = {
    "kind": "lowest_price",
    "criteria": [*ADMISSION],
    "candidates": 3,
    "members": 5,
}
