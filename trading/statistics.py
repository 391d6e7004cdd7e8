"""Pure. What a set of lots saved, by the definitions that reports must keep (domain.md 11.1).

Enters: figures of lots. Leaves: sums and rates. A rate is the ratio of the sums, never the mean of ratios; lots without
a base count in the turnover and in neither side of a rate; sums are exact and rounded once, when shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from enum import StrEnum

from ledger.errors import Reason, _
from trading.money import percent

YI = Decimal(10) ** 8
WAN = Decimal(10) ** 4


class Rounding(StrEnum):
    """How a report cuts its figures: half up, or down as the Haikou reports do."""

    HALF_UP = ROUND_HALF_UP
    DOWN = ROUND_DOWN


@dataclass(frozen=True)
class Traded:
    """One lot with a published result: the award price, and the ceiling or budget it is measured by, if known."""

    award: Decimal
    base: Decimal | None = None


@dataclass(frozen=True)
class Savings:
    """Sums over lots, in yuan. `base`, `award` and `saved` are over the lots with a known base; `turnover` over all."""

    lots: int
    turnover: Decimal
    lots_with_base: int
    base: Decimal
    award: Decimal

    @property
    def saved(self) -> Decimal:
        """节约资金: the bases less the awards."""
        return self.base - self.award

    @property
    def rate(self) -> Decimal | None:
        """节约率 as an exact ratio; None without a base."""
        return self.saved / self.base if self.base else None

    def rate_shown(self, places: int = 2, rounding: Rounding = Rounding.HALF_UP) -> str:
        """The rate in percent, or a dash without a base."""
        return "–" if self.rate is None else percent(self.rate, places, rounding.value)


def savings(lots: Iterable[Traded]) -> Savings:
    """The sums over `lots`."""
    every = list(lots)
    known = [(lot.base, lot.award) for lot in every if lot.base is not None]
    return Savings(
        lots=len(every),
        turnover=sum((lot.award for lot in every), Decimal(0)),
        lots_with_base=len(known),
        base=sum((base for base, _award in known), Decimal(0)),
        award=sum((award for _base, award in known), Decimal(0)),
    )


def in_unit(amount: Decimal, unit: Decimal, places: int = 3, rounding: Rounding = Rounding.HALF_UP) -> str:
    """`amount` of yuan in `unit` (`YI` 亿, `WAN` 万), rounded once."""
    return f"{(amount / unit).quantize(Decimal(1).scaleb(-places), rounding.value):f}"


def failure_rate(failed: int, awarded: int) -> Decimal | None:
    """流标率: failed lots over failed and awarded; None when there is neither."""
    return Decimal(failed) / (failed + awarded) if failed + awarded else None


def mean_bidders(counts: Iterable[int]) -> Decimal | None:
    """平均投标人数 over awarded lots; None without one."""
    every = list(counts)
    return Decimal(sum(every)) / len(every) if every else None


def reconciliation(classes: Mapping[str, Decimal], total: Decimal) -> list[Reason]:
    """Why a report does not add up: the classes' sum and the stated total, when they differ."""
    found = sum(classes.values(), Decimal(0))
    if found == total:
        return []
    text = _("The classes add up to %(sum)s, not to the stated total of %(total)s.")
    return [Reason("trading.statistics_do_not_add_up", text, {"sum": f"{found:f}", "total": f"{total:f}"})]
