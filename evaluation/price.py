"""Pure. Turns evaluated prices of admitted bids into points, by the method the tender document names (domain.md 5.3).

Enters: prices in yuan by bid code; the figures of a method. Leaves: a `PriceTable` with the base, each deviation in
percent (2 places) and each score (2 places). Figures that make no method are refused before they meet a price. How the
base comes about stands in `evaluation.base_price`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from evaluation.exact import HUNDRED, rounded
from ledger.errors import Reason, _, refuse

ZERO = Decimal(0)


@dataclass(frozen=True)
class PricePoints:
    """One bid's line: its evaluated price, its deviation from the base in percent, its points."""

    price: Decimal
    deviation: Decimal
    points: Decimal


@dataclass(frozen=True)
class PriceTable:
    """The base price in yuan and every bid's line."""

    base: Decimal
    lines: Mapping[str, PricePoints]

    @property
    def points(self) -> dict[str, Decimal]:
        """Points by bid."""
        return {bid: line.points for bid, line in self.lines.items()}


class PriceScore(Protocol):
    """A method of scoring prices."""

    @property
    def full(self) -> Decimal:
        """The points of the best price."""
        ...

    def score(self, prices: Mapping[str, Decimal], *, base: Decimal | None = None) -> PriceTable:
        """The table for `prices`; `base` is the frozen one when bids were rejected after it was computed.

        Refused `evaluation.no_prices`, `evaluation.price_not_positive`.
        """
        ...


class BaseRule(Protocol):
    """How a base price comes from at least one price."""

    def of(self, prices: Sequence[Decimal]) -> Fraction:
        """The exact base."""
        ...


@dataclass(frozen=True)
class Slopes:
    """`full` points at the base; each percent over it costs `above`, each percent under it `below`; at least `floor`.

    Refused `evaluation.method_figures`, one reason for each wrong figure.
    """

    full: Decimal
    above: Decimal
    below: Decimal
    floor: Decimal = ZERO

    def __post_init__(self) -> None:
        check_figures(
            {
                "full": self.full > 0,
                "above": self.above >= 0,
                "below": self.below >= 0,
                "floor": 0 <= self.floor <= self.full,
            }
        )

    def points(self, deviation: Decimal) -> Decimal:
        """The points of a bid that is `deviation` percent from the base."""
        off = Fraction(self.above if deviation > 0 else self.below) * abs(Fraction(deviation))
        return rounded(max(Fraction(self.full) - off, Fraction(self.floor)))


@dataclass(frozen=True)
class BySlopes:
    """M2 to M8: a base from `rule`, points falling along `slopes` on both sides of it."""

    rule: BaseRule
    slopes: Slopes

    @property
    def full(self) -> Decimal:
        """The points at the base."""
        return self.slopes.full

    def score(self, prices: Mapping[str, Decimal], *, base: Decimal | None = None) -> PriceTable:
        """As `PriceScore.score`. The base is rounded to fen first, so that anybody can go on from the printed one."""
        refuse(price_blockers(prices))
        chosen = rounded(self.rule.of(list(prices.values()))) if base is None else base
        lines = {}
        for bid, price in prices.items():
            off = deviation(price, chosen)
            lines[bid] = PricePoints(price, off, self.slopes.points(off))
        return PriceTable(chosen, lines)


@dataclass(frozen=True)
class LowPriceRatio:
    """M1, the low price method of government procurement: lowest price / price x full (order 87, article 55)."""

    full: Decimal

    def __post_init__(self) -> None:
        check_figures({"full": self.full > 0})

    def score(self, prices: Mapping[str, Decimal], *, base: Decimal | None = None) -> PriceTable:
        """As `PriceScore.score`; the base is the lowest price, and no price under a frozen one earns more than full."""
        refuse(price_blockers(prices))
        chosen = min(prices.values()) if base is None else base
        return PriceTable(
            chosen,
            {
                bid: PricePoints(price, deviation(price, chosen), rounded(min(self._share(chosen, price), self._all)))
                for bid, price in prices.items()
            },
        )

    @property
    def _all(self) -> Fraction:
        return Fraction(self.full)

    def _share(self, base: Decimal, price: Decimal) -> Fraction:
        return Fraction(base) / Fraction(price) * self._all


def deviation(price: Decimal, base: Decimal) -> Decimal:
    """(price - base) / base in percent with 2 places: the ratio at 4 places, half up."""
    return rounded((Fraction(price) - Fraction(base)) / Fraction(base) * HUNDRED)


def price_blockers(prices: Mapping[str, Decimal]) -> list[Reason]:
    """Why these prices cannot be scored."""
    if not prices:
        return [Reason("evaluation.no_prices", _("There is no admitted price to score."))]
    text = _("The evaluated price of %(bid)s is not more than zero.")
    return [
        Reason("evaluation.price_not_positive", text, {"bid": bid})
        for bid, price in sorted(prices.items())
        if not price.is_finite() or price <= 0
    ]


def check_figures(fits: Mapping[str, bool]) -> None:
    """Refused with one `evaluation.method_figures` for each figure that does not fit."""
    refuse(figure_reasons(name for name, good in fits.items() if not good))


def figure_reasons(names: Iterable[str]) -> list[Reason]:
    """A reason for each wrong figure of a method."""
    text = _("The figure %(figure)s of the evaluation method makes no sense.")
    return [Reason("evaluation.method_figures", text, {"figure": name}) for name in names]
