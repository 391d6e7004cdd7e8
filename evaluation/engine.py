"""Pure. Runs the declared method over opened bids and signed sheets: verdicts, points, ranking, candidates.

Enters: the `Method` of the tender document, offers, the members' sheets. Leaves: verdicts; an `Outcome` with the base
price and one line for each admitted bid. The same input gives the same outcome wherever it is run: the verifier runs
it again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from evaluation import qualification, scoring
from evaluation.base_price import Drop, SecondLowest, TrimmedMean, TwoStepMean
from evaluation.price import BaseRule, BySlopes, LowPriceRatio, PriceScore, PriceTable, Slopes
from evaluation.qualification import Check, Item, Rejection, Verdict, Vote
from evaluation.ranking import Ranked, Standing, by_price, by_score, candidates, tie_blockers, untied
from ledger.errors import Broken, Reason, _
from trading.method import LEAST_MEMBERS, CriterionKind, Kind, Method, Part, PriceRule, Rule, to_json

BY_RULE = "invalid"  # the item under which the house itself rejects: arithmetic that no vote can change
CEILING_CLAUSE = _("Bidding Regulation, article 51 (5)")
SCORED = {
    CriterionKind.RANGE: scoring.Kind.RANGE,
    CriterionKind.FIXED: scoring.Kind.FIXED,
    CriterionKind.STEP: scoring.Kind.STEP,
}


@dataclass(frozen=True)
class Offer:
    """What the engine needs of an opened bid. `invalid` is a code ("bidding.above_ceiling") or ""."""

    code: str
    number: int
    price: Decimal
    invalid: str = ""


@dataclass(frozen=True)
class Line:
    """An admitted bid in the outcome; points are None where the lowest price decides alone."""

    bid: str
    price: Decimal
    place: int
    tied: bool
    deviation: Decimal | None = None
    price_points: Decimal | None = None
    technical: Decimal | None = None
    total: Decimal | None = None


@dataclass(frozen=True)
class Outcome:
    """The ranking: base price (None for the lowest price), lines by place, candidates, ties still to be decided."""

    base: Decimal | None
    lines: tuple[Line, ...]
    candidates: tuple[str, ...]
    open_ties: tuple[Reason, ...]


def method_text(method: Method) -> str:
    """The one spelling of a method: JSON, sorted keys, no spaces."""
    return json.dumps(to_json(method), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def method_digest(method: Method) -> bytes:
    """SHA-256 of the method's text: what every sheet names."""
    return hashlib.sha256(method_text(method).encode()).digest()


def items(method: Method) -> list[Item]:
    """What is voted on, in the order of the document."""
    checks = {Part.QUALIFICATION: Check.QUALIFICATION, Part.RESPONSIVENESS: Check.RESPONSE}
    return [Item(one.code, one.title, checks[one.part], one.clause) for one in method.admission]


def criteria(method: Method) -> list[scoring.Criterion]:
    """What is scored, in the order of the document."""
    return [
        scoring.Criterion(one.code, one.title, SCORED[one.kind], one.full, one.steps, one.low, one.objective)
        for one in method.scoring
    ]


def price_score(rule: PriceRule) -> PriceScore:
    """The rule of the document as `evaluation.price` runs it."""
    if rule.rule is Rule.LOW_RATIO:
        return LowPriceRatio(rule.full)
    return BySlopes(_base_rule(rule), Slopes(rule.full, rule.above, rule.below, rule.floor))


def _base_rule(rule: PriceRule) -> BaseRule:
    if rule.rule is Rule.TWO_STEP_MEAN:
        return TwoStepMean()
    if rule.rule is Rule.SECOND_LOWEST:
        return SecondLowest()
    drops = (Drop(rule.drop_from, rule.drop_high, rule.drop_low),) if rule.drop_from else ()
    return TrimmedMean(drops, rule.factor)


def verdicts(method: Method, offers: Sequence[Offer], members: Sequence[str], votes: Sequence[Vote]) -> list[Verdict]:
    """The verdict on each offer: what the majority rejects, and what arithmetic rejects whatever the vote."""
    voted = qualification.verdicts(items(method), members, [offer.code for offer in offers], votes)
    return [_with_rule(offer, verdict, len(members)) for offer, verdict in zip(offers, voted, strict=True)]


def _with_rule(offer: Offer, verdict: Verdict, members: int) -> Verdict:
    if not offer.invalid:
        return verdict
    by_rule = Rejection(BY_RULE, CEILING_CLAUSE, members, 0, (offer.invalid,))
    return Verdict(verdict.bid, (by_rule, *verdict.rejections))


def outcome(
    method: Method, offers: Sequence[Offer], sheets: Mapping[str, scoring.Sheet], decided: Sequence[str] = ()
) -> Outcome:
    """Rank the admitted `offers`. `sheets` by member (empty for the lowest price); `decided` orders tied bids.

    Refused with every fault of the sheets (evaluation.score_*, evaluation.objective_not_uniform), evaluation.no_prices.
    """
    prices = {offer.code: offer.price for offer in offers}
    if method.kind is Kind.LOWEST_PRICE:
        return _outcome(method, None, {}, by_price(prices), decided)
    if method.price is None:
        raise Broken("a comprehensive method without a price rule")
    table = price_score(method.price).score(prices)
    technical = technical_points(method, list(prices), sheets)
    standings = [Standing(bid, table.points[bid] + technical[bid], prices[bid], technical[bid]) for bid in prices]
    return _outcome(method, table, technical, by_score(standings), decided)


def technical_points(method: Method, bids: Sequence[str], sheets: Mapping[str, scoring.Sheet]) -> dict[str, Decimal]:
    """Points of every bid beside the price, over all members."""
    part = scoring.Part("technical", tuple(criteria(method)))
    combining = scoring.Combining.TRIMMED if method.trim_from else scoring.Combining.MEAN
    return scoring.part_points(part, bids, sheets, scoring.Aggregation(combining, method.trim_from or LEAST_MEMBERS))


def _outcome(
    method: Method,
    table: PriceTable | None,
    technical: Mapping[str, Decimal],
    ranked: Sequence[Ranked],
    decided: Sequence[str],
) -> Outcome:
    settled = untied(ranked, decided)
    lines = tuple(_line(one, table, technical) for one in settled)
    first = tuple(one.bid for one in candidates(settled, method.candidates))
    return Outcome(table.base if table else None, lines, first, tuple(tie_blockers(settled, method.candidates)))


def _line(one: Ranked, table: PriceTable | None, technical: Mapping[str, Decimal]) -> Line:
    if table is None:
        return Line(one.bid, one.standing.price, one.place, one.tied)
    priced = table.lines[one.bid]
    return Line(
        one.bid, one.standing.price, one.place, one.tied,
        priced.deviation, priced.points, technical[one.bid], one.standing.total,
    )  # fmt: skip
