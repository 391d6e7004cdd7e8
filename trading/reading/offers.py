"""What a reader can do with a tender or lot now, with every reason why not: the buttons of its page.

Enters: tender or lot, actor, instant. Leaves: `Action` values for parts/action.html. Rooms above add theirs for lots
with `@lot_offer` in their own `desk.py`, and evidence that is to be had of a tender with `@tender_evidence`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from ledger.actor import Actor, Role
from ledger.rights import may
from trading import awarding, rules
from trading.desks import Action
from trading.models import Lot, Tender
from trading.stages import RESULT_PUBLIC, Stage

LotOffer = Callable[[Lot, Actor, datetime], Iterable[Action]]
LOT_OFFERS: list[LotOffer] = []


def lot_offer(offer: LotOffer) -> LotOffer:
    """Register what can be done with a lot on its page."""
    LOT_OFFERS.append(offer)
    return offer


@dataclass(frozen=True)
class Evidence:
    """A file with evidence of a tender: what it is of, where it is to be had; of one that is kept when it was made, its
    SHA-256 (hex), size and the index of the entry that names it. `export`: where the regulator takes the private one.
    """

    name: str
    href: str
    at: datetime | None = None
    digest: str = ""
    size: int = 0
    entry: int | None = None
    export: str = ""


EvidenceSource = Callable[[Tender, Actor], Iterable[Evidence]]
EVIDENCE: list[EvidenceSource] = []


def tender_evidence(source: EvidenceSource) -> EvidenceSource:
    """Register what evidence of a tender is to be had on its page."""
    EVIDENCE.append(source)
    return source


def evidence_of(tender: Tender, actor: Actor) -> list[Evidence]:
    """The evidence of a tender that the actor may take."""
    return [one for source in EVIDENCE for one in source(tender, actor)]


def of_tender(tender: Tender, actor: Actor, _now: datetime) -> list[Action]:
    """What can be done with a tender."""
    made = []
    if may("trading:tender:amend", actor, tender):
        made.append(Action("draft", _("Go on with the draft"), f"/tenders/{tender.code}/draft", "primary"))
    elif rules.is_side(actor, tender):
        made.append(Action("questions", _("Questions, addenda, objections"), f"/tenders/{tender.code}/questions"))
    return made


def of_lot(lot: Lot, actor: Actor, now: datetime) -> list[Action]:
    """What can be done with a lot, the rooms above included."""
    return [*_own(lot, actor, now), *(action for offer in LOT_OFFERS for action in offer(lot, actor, now))]


def _own(lot: Lot, actor: Actor, now: datetime) -> Iterator[Action]:
    if actor.role is Role.PUBLIC and lot.stage == Stage.BIDDING:
        after = _("Everything here can be read without an account; bidding needs one.")
        yield Action("sign-in", _("Sign in to take part"), f"/accounts/login/?next=/lots/{lot.code}", next=after)
    if actor.role is Role.BIDDER and lot.stage == Stage.BIDDING:
        after = _("Nobody learns who asks: your question lies under a handle.")
        yield Action("ask", _("Ask or object about the papers"), f"/bidding/questions/{lot.code}", next=after)
    if may("trading:objection:to_result", actor, lot) and lot.publicity_until and now < lot.publicity_until:
        yield Action("object", _("Object to the result"), f"/lots/{lot.code}/award#object")
    if lot.stage in RESULT_PUBLIC and rules.is_concerned(actor, lot):
        yield Action("result", _("Result, award, contract"), f"/lots/{lot.code}/award", "primary")
    if lot.stage in {Stage.AWARDED, Stage.CONTRACTED} and awarding.last_award(lot):
        yield Action("paper", _("Award notice as a document"), f"/lots/{lot.code}/award.docx")
