"""Pure. What the evaluation hands down: the candidates for the award and the bidders of a lot.

Enters: nothing. Leaves: values and the reasons why they cannot be published.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ledger.errors import Reason, _


@dataclass(frozen=True)
class Candidate:
    """One candidate: `rank` from 1, organisation by credit code, `price` in yuan, `score` None without points."""

    rank: int
    bid_code: str
    credit_code: str
    price: Decimal
    score: Decimal | None
    days: int
    quality: str = ""
    manager: str = ""


@dataclass(frozen=True)
class Bidder:
    """One bidder whose bid was opened."""

    bid_code: str
    credit_code: str


def candidates_blockers(candidates: Sequence[Candidate], bidders: Sequence[Bidder], most: int) -> list[Reason]:
    """Why these candidates cannot be published: none or too many, ranks with gaps, somebody who did not bid."""
    ranks = [candidate.rank for candidate in candidates]
    took_part = {(bidder.bid_code, bidder.credit_code) for bidder in bidders}
    named = [(candidate.bid_code, candidate.credit_code) for candidate in candidates]
    found = [
        (not 1 <= len(ranks) <= most, "count", _("There are one to %(most)s candidates (Bidding Regulation 53).")),
        (ranks != list(range(1, len(ranks) + 1)), "ranks", _("The candidates are ranked 1, 2, 3 without gaps.")),
        (not took_part.issuperset(named) or len(set(named)) != len(named), "bidders", _("A candidate did not bid.")),
    ]
    facts = {"most": str(most)}
    return [Reason(f"trading.candidates_{word}", text, facts) for wrong, word, text in found if wrong]
