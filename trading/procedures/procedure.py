"""Pure. What a kind of trade declares about itself; each file beside this one declares one.

Enters: nothing. Leaves: `Procedure` values with stages and moves, statutory terms and their articles, papers, limits of
the bond, composition of the committee, methods, mechanism; and the reasons why given figures do not fit them.
Articles and names are English msgids with their Chinese in the catalogues.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum

from ledger.errors import Reason, _
from trading.money import CENT, thousands
from trading.periods import Period
from trading.stages import Stage


class Mechanism(StrEnum):
    """How the price comes about."""

    SEALED = "sealed"
    ASCENDING = "ascending"
    DESCENDING = "descending"
    CATALOGUE = "catalogue"
    LOTTERY = "lottery"


class Method(StrEnum):
    """How opened bids become a ranking."""

    COMPREHENSIVE = "comprehensive"  # 综合评估法, 综合评分法: points for price and for everything else
    LOWEST_EVALUATED = "lowest_evaluated"  # 经评审的最低投标价法


@dataclass(frozen=True)
class Term:
    """A period that the law sets, with its article."""

    period: Period
    article: str


@dataclass(frozen=True)
class PaperKind:
    """A kind of tender paper: `required` ones must be there before the notice."""

    code: str
    name: str
    required: bool
    article: str


@dataclass(frozen=True)
class VolumeKind:
    """A paper that a bid has: `stems` begin the names of its files, `endings` end them."""

    code: str
    name: str
    stems: tuple[str, ...]
    endings: tuple[str, ...]
    required: bool
    article: str


@dataclass(frozen=True)
class BondLimit:
    """The bid bond is at most `ratio` of the estimate and at most `cap` yuan."""

    ratio: Decimal
    cap: Decimal
    article: str

    def highest(self, estimate: Decimal) -> Decimal:
        """The largest bond in yuan for this estimate; fen are cut, never rounded up over the limit."""
        return min((estimate * self.ratio).quantize(CENT, ROUND_DOWN), self.cap)

    def blockers(self, bond: Decimal, estimate: Decimal) -> list[Reason]:
        """Why `bond` may not be asked: `trading.bond_too_large`, `trading.bond_negative`."""
        if bond < 0:
            return [Reason("trading.bond_negative", _("A bond is not negative."))]
        highest = self.highest(estimate)
        if bond <= highest:
            return []
        text = _("The bond is at most %(highest)s (%(article)s).")
        return [Reason("trading.bond_too_large", text, {"highest": thousands(highest), "article": self.article})]


@dataclass(frozen=True)
class CommitteeRule:
    """An odd number of members, `least` or more, experts at least `share` = (2, 3) of them."""

    least: int
    share: tuple[int, int]
    article: str

    def experts_least(self, members: int) -> int:
        """How many of `members` must be experts: 4 of 5, 5 of 7, 6 of 9."""
        part, whole = self.share
        return -(-members * part // whole)

    def blockers(self, members: int, experts: int) -> list[Reason]:
        """Why this committee may not sit: `trading.committee_small`, `_even`, `_few_experts`."""
        facts = {"least": str(self.least), "experts": str(self.experts_least(members)), "article": self.article}
        found = [
            (members < self.least, "small", _("A committee has at least %(least)s members (%(article)s).")),
            (members % 2 == 0, "even", _("A committee has an odd number of members (%(article)s).")),
            (
                experts < self.experts_least(members),
                "few_experts",
                _("At least %(experts)s members must be experts from the draw (%(article)s)."),
            ),
        ]
        return [Reason(f"trading.committee_{word}", text, facts) for wrong, word, text in found if wrong]


@dataclass(frozen=True)
class Procedure:
    """One kind of trade. `terms` are named by the words of `trading.timetable`."""

    code: str
    name: str
    mechanism: Mechanism
    moves: Mapping[Stage, frozenset[Stage]]
    terms: Mapping[str, Term]
    papers: tuple[PaperKind, ...]
    bond: BondLimit
    committee: CommitteeRule
    methods: frozenset[Method]
    least_bidders: int
    most_candidates: int
    volumes: tuple[VolumeKind, ...] = ()

    def missing_papers(self, present: frozenset[str]) -> list[Reason]:
        """One `trading.paper_missing` for each required kind that is not `present`."""
        text = _("A required paper is missing: %(paper)s (%(article)s).")
        return [
            Reason("trading.paper_missing", text, {"paper": paper.name, "article": paper.article})
            for paper in self.papers
            if paper.required and paper.code not in present
        ]
