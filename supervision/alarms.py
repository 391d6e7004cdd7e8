"""Pure. Rules that find what a regulator should look at (domain.md 9.1). A hint, never a finding.

Enters: what was opened, read or scored, as values. Leaves: hints: rule, whom or what it is about, and the figures.
Ratios are exact; thresholds are the defaults of the table of rules.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from evaluation.exact import rounded
from evaluation.scoring import outliers
from ledger.errors import _

CLOSE = Fraction(1, 100)  # all prices within 1 % of the lowest (W41)
NEAR = Fraction(1, 1000)  # within 0.1 % below the ceiling (W36)
OUTLIER = Decimal("0.30")  # a member's total for a bid, from the mean of the others (W30)
FEWEST = 3  # fewer prices than that are no pattern
NOT_BIDDERS = frozenset({"platform", "other"})


class Level(StrEnum):
    """How much it matters (domain.md 9.1)."""

    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"


@dataclass(frozen=True)
class Rule:
    """A rule: its level, its name, and what a hit says, with places for the facts."""

    level: Level
    name: str
    says: str


RULES: Mapping[str, Rule] = {
    "not_opened": Rule(
        Level.RED,
        _("A bid did not open, and not by its bidder's fault"),
        _("Envelope %(number)s did not open: %(reason)s."),
    ),
    "few_bids": Rule(
        Level.YELLOW,
        _("Fewer bids than the law asks for"),
        _("%(count)s bids came, %(least)s are needed; nothing was opened."),
    ),
    "equal_prices": Rule(
        Level.RED, _("Prices equal to the cent"), _("Bids %(bids)s have the same price, %(price)s yuan.")
    ),
    "close_prices": Rule(
        Level.ORANGE,
        _("All prices within one percent"),
        _("%(count)s prices lie within %(spread)s percent of the lowest."),
    ),
    "near_ceiling": Rule(
        Level.YELLOW,
        _("A price just below the ceiling"),
        _("Bid %(number)s lies %(gap)s percent below the ceiling."),
    ),
    "draw_voided": Rule(
        Level.ORANGE, _("A draw of experts was declared void"), _("The draw was declared void: %(reason)s")
    ),
    "score_outlier": Rule(
        Level.ORANGE,
        _("A member scored far from the others"),
        _("Seat %(seat)s gave bid %(number)s %(ratio)s percent against the mean of the others."),
    ),
}


@dataclass(frozen=True)
class Hint:
    """A hit of a rule. `subject` tells hits of one rule in a lot apart."""

    rule: str
    subject: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


def decided(number: int, state: str, reason: str, side: str) -> Iterator[Hint]:
    """An envelope that failed for the platform's or another's reasons."""
    if state == "failed" and side in NOT_BIDDERS:
        yield Hint("not_opened", str(number), {"number": str(number), "reason": reason})


def failed(count: int, least: int) -> Iterator[Hint]:
    """A lot with too few bids."""
    yield Hint("few_bids", "", {"count": str(count), "least": str(least)})


def voided(draw: str, reason: str) -> Iterator[Hint]:
    """A void draw."""
    yield Hint("draw_voided", draw, {"reason": reason})


def prices(quotes: Mapping[int, Decimal], ceiling: Decimal | None) -> list[Hint]:
    """What the prices of a lot, by bid number, look like together."""
    return [*_equal(quotes), *_close(list(quotes.values())), *_near(quotes, ceiling)]


def _equal(quotes: Mapping[int, Decimal]) -> Iterator[Hint]:
    same: dict[Decimal, list[int]] = defaultdict(list)
    for number, price in quotes.items():
        same[price].append(number)
    for price, numbers in same.items():
        if len(numbers) > 1:
            bids = ", ".join(str(number) for number in sorted(numbers))
            yield Hint("equal_prices", bids, {"bids": bids, "price": f"{price:.2f}"})


def _close(found: Sequence[Decimal]) -> Iterator[Hint]:
    if len(found) < FEWEST:
        return
    lowest, highest = Fraction(min(found)), Fraction(max(found))
    spread = (highest - lowest) / lowest
    if spread <= CLOSE:
        yield Hint("close_prices", "", {"count": str(len(found)), "spread": str(rounded(spread * 100))})


def _near(quotes: Mapping[int, Decimal], ceiling: Decimal | None) -> Iterator[Hint]:
    for number, price in quotes.items() if ceiling else ():
        gap = 1 - Fraction(price) / Fraction(ceiling or 1)
        if 0 <= gap <= NEAR:
            yield Hint("near_ceiling", str(number), {"number": str(number), "gap": str(rounded(gap * 100, 3))})


def scores(totals: Mapping[int, Mapping[str, Decimal]]) -> list[Hint]:
    """Members far from the others: totals by bid number and seat."""
    return [hint for number, members in totals.items() for hint in _outliers(number, outliers(members, OUTLIER))]


def _outliers(number: int, found: Mapping[str, Decimal]) -> Iterable[Hint]:
    for seat, ratio in found.items():
        facts = {"seat": seat, "number": str(number), "ratio": str(rounded(Fraction(ratio) * 100))}
        yield Hint("score_outlier", f"{seat}/{number}", facts)
