"""Pure. Members' score sheets become the points of each bid (domain.md 5.2, 5.9).

Enters: criteria, members' sheets (bid, then criterion, then points). Leaves: the reasons against a sheet, points of a
part, weighted totals. A sheet is taken whole or not at all; objective items are the same for all members (order 87,
article 64).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from evaluation.exact import mean, rounded
from evaluation.price import check_figures
from ledger.errors import Reason, _, refuse

Sheet = Mapping[str, Mapping[str, Decimal]]  # bid -> criterion -> points
ZERO, ONE = Decimal(0), Decimal(1)
CENT = Decimal("0.01")


class Kind(StrEnum):
    """How an item may be scored."""

    PASS_FAIL = "pass_fail"  # noqa: S105  no password; 1 or 0, no points: it decides admission, not rank
    FIXED = "fixed"  # all its points or none (是/否)
    STEP = "step"  # one of the named steps (档)
    RANGE = "range"  # anything from low to points (区间)


@dataclass(frozen=True)
class Criterion:
    """One item: its full `points`; `steps` of a step item, `low` end of a range; `objective` if all must agree."""

    code: str
    name: str
    kind: Kind
    points: Decimal
    steps: tuple[Decimal, ...] = ()
    low: Decimal = ZERO
    objective: bool = False

    def __post_init__(self) -> None:
        check_figures(
            {
                f"{self.code}.points": self.points == 0 if self.kind is Kind.PASS_FAIL else self.points > 0,
                f"{self.code}.steps": self._steps_fit(),
                f"{self.code}.low": 0 <= self.low < self.points if self.kind is Kind.RANGE else self.low == 0,
            }
        )

    def allows(self, points: Decimal) -> bool:
        """Whether a member may write `points` for this item; at most two places, no NaN."""
        if not points.is_finite() or not 0 <= points <= max(self.points, ONE) or points != points.quantize(CENT):
            return False
        match self.kind:
            case Kind.PASS_FAIL:
                return points in {ZERO, ONE}
            case Kind.FIXED:
                return points in {ZERO, self.points}
            case Kind.STEP:
                return points in self.steps
            case Kind.RANGE:
                return self.low <= points <= self.points

    def _steps_fit(self) -> bool:
        if self.kind is not Kind.STEP:
            return not self.steps
        inside = all(0 <= step <= self.points for step in self.steps)
        return inside and len(set(self.steps)) == len(self.steps) and self.points in self.steps


class Combining(StrEnum):
    """How members' totals become one."""

    MEAN = "mean"
    TRIMMED = "trimmed"  # without one highest and one lowest


@dataclass(frozen=True)
class Aggregation:
    """`combining`, and from how many members on a trimmed mean trims (the document decides; domain.md 5.2)."""

    combining: Combining = Combining.MEAN
    trim_from: int = 7

    def __post_init__(self) -> None:
        check_figures({"trim_from": self.trim_from >= 3})

    def combine(self, totals: Sequence[Decimal]) -> Decimal:
        """One figure with 2 places from the members' totals: 88, 92, 95, 79, 90 give 88.80, trimmed 90.00."""
        kept = sorted(totals)
        if self.combining is Combining.TRIMMED and len(kept) >= self.trim_from:
            kept = kept[1:-1]
        return rounded(mean(kept))


@dataclass(frozen=True)
class Part:
    """A part of the bid that is scored together (technical, business, credit): its criteria and its weight."""

    code: str
    criteria: tuple[Criterion, ...]
    weight: Decimal = ONE

    def __post_init__(self) -> None:
        codes = [criterion.code for criterion in self.criteria]
        check_figures(
            {f"{self.code}.criteria": len(set(codes)) == len(codes), f"{self.code}.weight": 0 < self.weight <= 1}
        )

    @property
    def full(self) -> Decimal:
        """The most points a bid can get here, before the weight."""
        return sum((criterion.points for criterion in self.criteria), ZERO)


def sheet_blockers(criteria: Sequence[Criterion], bids: Sequence[str], sheet: Sheet) -> list[Reason]:
    """Why a member's sheet may not be signed: `evaluation.score_missing`, `_unknown`, `_out_of_range`."""
    return list(_sheet_reasons({criterion.code: criterion for criterion in criteria}, bids, sheet))


def objective_blockers(criteria: Sequence[Criterion], sheets: Mapping[str, Sheet]) -> list[Reason]:
    """One `evaluation.objective_not_uniform` for each bid and objective item on which the members' sheets differ."""
    text = _("The members differ on the objective item %(item)s of %(bid)s.")
    bids = sorted({bid for sheet in sheets.values() for bid in sheet})
    return [
        Reason("evaluation.objective_not_uniform", text, {"item": criterion.code, "bid": bid})
        for bid in bids
        for criterion in criteria
        if criterion.objective and len({sheet.get(bid, {}).get(criterion.code) for sheet in sheets.values()}) > 1
    ]


def member_totals(part: Part, sheets: Mapping[str, Sheet], bid: str) -> dict[str, Decimal]:
    """Each member's total for `bid` in `part`, pass/fail items apart."""
    counted = [criterion.code for criterion in part.criteria if criterion.kind is not Kind.PASS_FAIL]
    return {member: sum((sheet[bid][code] for code in counted), ZERO) for member, sheet in sheets.items()}


def part_points(
    part: Part, bids: Sequence[str], sheets: Mapping[str, Sheet], aggregation: Aggregation
) -> dict[str, Decimal]:
    """The points of each bid in `part`, with 2 places.

    Refused with every reason when a sheet is not whole, out of range, or not uniform; `evaluation.no_sheets` if none.
    """
    if not sheets:
        refuse([Reason("evaluation.no_sheets", _("No member has signed a score sheet."))])
    faults = [
        reason for _member, sheet in sorted(sheets.items()) for reason in sheet_blockers(part.criteria, bids, sheet)
    ]
    refuse([*faults, *objective_blockers(part.criteria, sheets)])
    return {bid: aggregation.combine(list(member_totals(part, sheets, bid).values())) for bid in bids}


def weights_blockers(weights: Mapping[str, Decimal]) -> list[Reason]:
    """Weights add up to one, or all are one and points are simply added: else `evaluation.weights`."""
    if sum(weights.values(), ZERO) == 1 or all(weight == 1 for weight in weights.values()):
        return []
    return [Reason("evaluation.weights", _("The weights of the parts do not add up to one."))]


def total(points: Mapping[str, Decimal], weights: Mapping[str, Decimal]) -> Decimal:
    """Sum of points x weight over the parts, with 2 places, rounded once. Refused `evaluation.weights`."""
    if set(points) != set(weights):
        raise ValueError("points and weights name different parts")
    refuse(weights_blockers(weights))
    return rounded(sum((Fraction(points[part]) * Fraction(weights[part]) for part in points), Fraction(0)))


def outliers(totals: Mapping[str, Decimal], limit: Decimal) -> dict[str, Decimal]:
    """Members whose total lies more than `limit` (a ratio) from the mean of the others, with that ratio at 4 places.

    Too high or too low (畸高畸低): the committee looks at them before it signs; nothing is changed here.
    """
    if len(totals) < 2:
        return {}
    found = {}
    for member, own in totals.items():
        others = mean([points for other, points in totals.items() if other != member])
        ratio = rounded((Fraction(own) - others) / others, 4) if others else ZERO
        if abs(ratio) > limit:
            found[member] = ratio
    return found


def _sheet_reasons(criteria: Mapping[str, Criterion], bids: Sequence[str], sheet: Sheet) -> Iterator[Reason]:
    for bid in bids:
        for code, criterion in criteria.items():
            points = sheet.get(bid, {}).get(code)
            facts = {"item": code, "bid": bid}
            if points is None:
                yield Reason("evaluation.score_missing", _("The item %(item)s of %(bid)s is not scored."), facts)
            elif not criterion.allows(points):
                text = _("The score of item %(item)s of %(bid)s is not one this item allows.")
                yield Reason("evaluation.score_out_of_range", text, facts)
    for bid, items in sheet.items():
        for code in items:
            if bid not in bids or code not in criteria:
                text = _("There is no item %(item)s of %(bid)s to score.")
                yield Reason("evaluation.score_unknown", text, {"item": code, "bid": bid})
