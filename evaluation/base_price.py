"""Pure. How a base price (评标基准价) comes from the admitted prices: methods M2 to M8 of domain.md 5.3.

Enters: at least one price in yuan, and figures fixed in the tender document or drawn at the opening. Leaves: the exact
base as a fraction; `evaluation.price` rounds it. Dropped prices are only left out of the mean, they are still scored.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from evaluation.exact import mean, rounded
from evaluation.price import check_figures

ONE = Decimal(1)


@dataclass(frozen=True)
class Drop:
    """With `least` bids or more, the mean leaves out the `high` highest and the `low` lowest."""

    least: int
    high: int
    low: int

    def __post_init__(self) -> None:
        check_figures({"high": self.high >= 0, "low": self.low >= 0, "least": self.least > self.high + self.low})


@dataclass(frozen=True)
class TrimmedMean:
    """M2, and M3 with a drawn `factor`: `factor` times the mean after the drop of the largest `least` reached."""

    drops: tuple[Drop, ...] = ()
    factor: Decimal = ONE

    def __post_init__(self) -> None:
        check_figures(
            {"factor": 0 < self.factor <= 2, "drops": len({drop.least for drop in self.drops}) == len(self.drops)}
        )

    def of(self, prices: Sequence[Decimal]) -> Fraction:
        """The base of `prices`."""
        reached = [drop for drop in self.drops if len(prices) >= drop.least]
        kept = sorted(prices)
        if reached:
            drop = max(reached, key=lambda drop: drop.least)
            kept = kept[drop.low : len(kept) - drop.high]
        return mean(kept) * Fraction(self.factor)


@dataclass(frozen=True)
class Composite:
    """M4, with the control price: A x k1 x q1 + ceiling x k2 x (1 - q1).

    A is the mean; with 7 bids or more without the highest and the lowest 20 % (each rounded), with 4 to 6 without the
    highest; with fewer the second lowest price.
    """

    ceiling: Decimal
    k1: Decimal
    q1: Decimal
    k2: Decimal

    def __post_init__(self) -> None:
        check_figures(
            {
                "ceiling": self.ceiling > 0,
                "k1": 0 < self.k1 <= 1,
                "q1": 0 <= self.q1 <= 1,
                "k2": 0 < self.k2 <= 1,
            }
        )

    def of(self, prices: Sequence[Decimal]) -> Fraction:
        """The base of `prices`."""
        q1 = Fraction(self.q1)
        own = self._mean(sorted(prices)) * Fraction(self.k1) * q1
        return own + Fraction(self.ceiling) * Fraction(self.k2) * (1 - q1)

    def _mean(self, prices: list[Decimal]) -> Fraction:
        if len(prices) < 4:
            return SecondLowest().of(prices)
        if len(prices) < 7:
            return mean(prices[:-1])
        cut = int(rounded(Fraction(len(prices), 5), 0))
        return mean(prices[cut : len(prices) - cut])


@dataclass(frozen=True)
class TwoStepMean:
    """M5 (二次平均): halfway between the mean of all and the mean of those not above it."""

    def of(self, prices: Sequence[Decimal]) -> Fraction:
        """The base of `prices`."""
        first = mean(prices)
        return (first + mean([price for price in prices if price <= first])) / 2


@dataclass(frozen=True)
class CeilingMix:
    """M6: ceiling x (1 - fall) x weight + mean x (1 - weight), `fall` drawn (下浮率)."""

    ceiling: Decimal
    fall: Decimal
    weight: Decimal
    mean: TrimmedMean = TrimmedMean()

    def __post_init__(self) -> None:
        check_figures({"ceiling": self.ceiling > 0, "fall": 0 <= self.fall < 1, "weight": 0 <= self.weight <= 1})

    def of(self, prices: Sequence[Decimal]) -> Fraction:
        """The base of `prices`."""
        weight = Fraction(self.weight)
        return Fraction(self.ceiling) * (1 - Fraction(self.fall)) * weight + self.mean.of(prices) * (1 - weight)


@dataclass(frozen=True)
class SecondLowest:
    """M7: the second lowest price, or the only one."""

    def of(self, prices: Sequence[Decimal]) -> Fraction:
        """The base of `prices`."""
        return Fraction(sorted(prices)[min(1, len(prices) - 1)])


@dataclass(frozen=True)
class Lowest:
    """M8: the lowest price."""

    def of(self, prices: Sequence[Decimal]) -> Fraction:
        """The base of `prices`."""
        return Fraction(min(prices))
