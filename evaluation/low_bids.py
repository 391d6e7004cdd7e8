"""Pure. Which prices are so low that the bidder must explain them (异常低价, domain.md 5.6).

Enters: the prices of bids that passed, the ceiling or budget if there is one, the lines the tender document draws.
Leaves: the lines each bid falls under. A flag asks a question, it rejects nobody: the committee does, with a reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from evaluation.exact import mean
from evaluation.price import check_figures


class Line(StrEnum):
    """A line under which a price must be explained."""

    MEAN = "mean"
    SECOND_LOWEST = "second_lowest"
    CEILING = "ceiling"
    CEILING_AND_MEAN = "ceiling_and_mean"
    COST = "cost"


@dataclass(frozen=True)
class LowLines:
    """Ratios under which a price is questioned; None draws no such line.

    `both` = (of ceiling, of mean): under the one and the other. `cost` is a price in yuan.
    """

    mean: Decimal | None = None
    second_lowest: Decimal | None = None
    ceiling: Decimal | None = None
    both: tuple[Decimal, Decimal] | None = None
    cost: Decimal | None = None

    def __post_init__(self) -> None:
        ratios = {"mean": self.mean, "second_lowest": self.second_lowest, "ceiling": self.ceiling}
        first, second = self.both or (None, None)
        ratios |= {"both.ceiling": first, "both.mean": second}
        check_figures({name: ratio is None or 0 < ratio < 1 for name, ratio in ratios.items()})


# Ministry of Finance 2026 No. 2; the purchaser may raise each to 0.65.
PROCUREMENT = LowLines(mean=Decimal("0.50"), second_lowest=Decimal("0.50"), ceiling=Decimal("0.45"))
CONSTRUCTION = LowLines(both=(Decimal("0.85"), Decimal("0.90")))  # a usual local rule


def warning_price(ceiling: Decimal, safety: Decimal, taxes: Decimal, share: Decimal) -> Decimal:
    """The cost warning line D = L - (L - S - T) x W in yuan."""
    return ceiling - (ceiling - safety - taxes) * share


def questioned(prices: Mapping[str, Decimal], lines: LowLines, ceiling: Decimal | None) -> dict[str, tuple[Line, ...]]:
    """Each bid that falls under a line, with the lines. A line on the ceiling is not drawn when there is none."""
    limits = _limits(prices, lines, ceiling) if prices else {}
    found = {
        bid: tuple(line for line, limit in limits.items() if Fraction(price) < limit) for bid, price in prices.items()
    }
    return {bid: under for bid, under in found.items() if under}


def _limits(prices: Mapping[str, Decimal], lines: LowLines, ceiling: Decimal | None) -> dict[Line, Fraction]:
    average, ordered = mean(list(prices.values())), sorted(prices.values())
    limits: dict[Line, Fraction] = {}
    if lines.mean is not None:
        limits[Line.MEAN] = average * Fraction(lines.mean)
    if lines.second_lowest is not None and len(ordered) > 1:
        limits[Line.SECOND_LOWEST] = Fraction(ordered[1]) * Fraction(lines.second_lowest)
    if ceiling is not None and lines.ceiling is not None:
        limits[Line.CEILING] = Fraction(ceiling) * Fraction(lines.ceiling)
    if ceiling is not None and lines.both is not None:
        of_ceiling, of_mean = lines.both
        limits[Line.CEILING_AND_MEAN] = min(Fraction(ceiling) * Fraction(of_ceiling), average * Fraction(of_mean))
    if lines.cost is not None:
        limits[Line.COST] = Fraction(lines.cost)
    return limits
