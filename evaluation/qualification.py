"""Pure. Which opened bids are admitted: the committee votes item by item, the majority decides (domain.md 5.1, 5.9).

Enters: the items of the tender document, the members, their votes. Leaves: a verdict for each bid, every rejection with
its clause, its votes and the reasons the bidder is told. No reason, no rejection; an item that is not in the document
cannot be voted on (Bidding Regulation 49).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ledger.errors import Reason, _, refuse


class Check(StrEnum):
    """What an item looks at, in the order of the evaluation."""

    FORM = "form"
    QUALIFICATION = "qualification"
    RESPONSE = "response"


@dataclass(frozen=True)
class Item:
    """One pass/fail item: `clause` is where the tender document or the law asks for it."""

    code: str
    name: str
    check: Check
    clause: str


@dataclass(frozen=True)
class Vote:
    """One member on one item of one bid; a vote to reject says why, with the page."""

    member: str
    bid: str
    item: str
    passed: bool
    reason: str = ""


@dataclass(frozen=True)
class Rejection:
    """An item a bid failed: votes against and for it, and the reasons of those against."""

    item: str
    clause: str
    against: int
    in_favour: int
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Verdict:
    """Whether a bid is admitted, and if not, why not."""

    bid: str
    rejections: tuple[Rejection, ...]

    @property
    def admitted(self) -> bool:
        """No item failed."""
        return not self.rejections


def vote_blockers(
    items: Sequence[Item], members: Sequence[str], bids: Sequence[str], votes: Sequence[Vote]
) -> list[Reason]:
    """Why the votes cannot be counted yet.

    Codes `evaluation.vote_missing`, `_vote_twice`, `_vote_unknown` (member, bid or item), `_reason_missing`.
    """
    return [*_unknown(items, members, bids, votes), *_unreasoned(votes), *_miscounted(items, members, bids, votes)]


def verdicts(
    items: Sequence[Item], members: Sequence[str], bids: Sequence[str], votes: Sequence[Vote]
) -> list[Verdict]:
    """The verdict on each bid, in the order of `bids`. Refused with all of `vote_blockers`.

    A bid fails an item when more than half of the members reject it; at a tie it passes.
    """
    refuse(vote_blockers(items, members, bids, votes))
    return [Verdict(bid, tuple(_rejections(items, bid, votes))) for bid in bids]


def competition_blockers(admitted: int, least: int) -> list[Reason]:
    """`evaluation.too_few_admitted`: the committee must say whether competition is left (order 12, article 27)."""
    if admitted >= least:
        return []
    text = _("Only %(admitted)s bids are admitted; the committee says whether there is still competition.")
    return [Reason("evaluation.too_few_admitted", text, {"admitted": str(admitted)})]


def _rejections(items: Sequence[Item], bid: str, votes: Sequence[Vote]) -> Iterator[Rejection]:
    for item in items:
        cast = [vote for vote in votes if (vote.bid, vote.item) == (bid, item.code)]
        against = [vote for vote in cast if not vote.passed]
        if 2 * len(against) > len(cast):
            reasons = tuple(vote.reason for vote in sorted(against, key=lambda vote: vote.member))
            yield Rejection(item.code, item.clause, len(against), len(cast) - len(against), reasons)


def _unknown(
    items: Sequence[Item], members: Sequence[str], bids: Sequence[str], votes: Sequence[Vote]
) -> Iterator[Reason]:
    codes = {item.code for item in items}
    for vote in votes:
        if vote.member not in members or vote.bid not in bids or vote.item not in codes:
            yield _reason("vote_unknown", _("%(member)s has no vote on item %(item)s of %(bid)s."), vote)


def _unreasoned(votes: Sequence[Vote]) -> Iterator[Reason]:
    for vote in votes:
        if not vote.passed and not vote.reason.strip():
            yield _reason("reason_missing", _("%(member)s rejects item %(item)s of %(bid)s without a reason."), vote)


def _miscounted(
    items: Sequence[Item], members: Sequence[str], bids: Sequence[str], votes: Sequence[Vote]
) -> Iterator[Reason]:
    cast = Counter((vote.member, vote.bid, vote.item) for vote in votes)
    for bid in bids:
        for item in items:
            for member in members:
                facts = {"member": member, "item": item.code, "bid": bid}
                count = cast[member, bid, item.code]
                if count == 0:
                    text = _("%(member)s has not voted on item %(item)s of %(bid)s.")
                    yield Reason("evaluation.vote_missing", text, facts)
                elif count > 1:
                    text = _("%(member)s voted more than once on item %(item)s of %(bid)s.")
                    yield Reason("evaluation.vote_twice", text, facts)


def _reason(word: str, text: str, vote: Vote) -> Reason:
    return Reason(f"evaluation.{word}", text, {"member": vote.member, "item": vote.item, "bid": vote.bid})
