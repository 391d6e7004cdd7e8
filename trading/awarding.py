"""Awarding: after the publicity the purchaser gives the award to the first candidate (Bidding Law 45, Regulation 55).

Enters: a lot whose publicity is over and whose objections are answered. Leaves: the numbered award notice, as a record
for everybody and as a document, and the lot in stage awarded. Those who did not win read it on their own desks.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from ledger import objects
from ledger.act import act
from ledger.actor import Actor
from ledger.errors import Reason, _, refuse
from trading import objections
from trading.almanac import shipped
from trading.events import AwardNoticed
from trading.models import Award, CandidateRow, Lot
from trading.noticing import body_of, give
from trading.procedures.known import procedure_of
from trading.progress import schedule
from trading.publicity import receive_candidates
from trading.records import AwardNotice
from trading.stages import Stage
from trading.timetable import Mark, after_award

__all__ = ["award", "award_blockers", "candidates_of", "last_award", "receive_candidates"]
SPACE = "awards"


def award(lot: Lot, *, actor: Actor) -> Award:
    """Give the award to the first candidate, at the price of its bid."""
    from trading import award_paper  # every process of the site knows this act; few write a document

    with act("trading:award:give", actor, on=lot) as this:
        fresh = this.on
        refuse(award_blockers(fresh, this.now))
        first = candidates_of(fresh)[0]
        number = f"{fresh.code}-award-{Award.objects.filter(lot=fresh).count() + 1}"
        record = _record(fresh, first, number, this.now)
        paper = objects.put(SPACE, award_paper.write(record, fresh.tender))
        notice = give(this, fresh.tender, record, fresh.title, lot=fresh)
        made = Award.objects.create(
            lot=fresh, candidate=first, notice=notice, number=number, amount=first.price, at=this.now, paper=paper.name
        )
        this.move(fresh, Stage.AWARDED)
        this.swap(fresh, awarded_at=(fresh.awarded_at, this.now))
        schedule(this, fresh)
        digests = bytes.fromhex(notice.digest), bytes.fromhex(paper.digest)
        winner = first.party.code, first.bid_code, first.price
        this.record(AwardNoticed(fresh.code, number, *winner, *digests, record.contract_until))
    return made


def award_blockers(lot: Lot, at: datetime) -> list[Reason]:
    """Every reason why the award cannot be given at `at`."""
    early = lot.publicity_until is None or at < lot.publicity_until
    found = [
        (early, "publicity_not_over", _("The candidates still stand in public; objections may come in.")),
        (not candidates_of(lot), "no_candidate", _("There is no candidate.")),
    ]
    reasons = [Reason(f"trading.{word}", text) for wrong, word, text in found if wrong]
    return [*reasons, *objections.unanswered_blockers(lot, objections.RESULT)]


def candidates_of(lot: Lot) -> list[CandidateRow]:
    """The candidates as last published, best first."""
    last = CandidateRow.objects.filter(lot=lot).order_by("-notice_id").first()
    if last is None:
        return []
    return list(CandidateRow.objects.filter(notice=last.notice_id).select_related("party").order_by("rank"))


def last_award(lot: Lot) -> Award | None:
    """The award that holds."""
    return Award.objects.filter(lot=lot).select_related("candidate__party", "notice").first()


def contract_until(lot: Lot, awarded: datetime) -> Mark:
    """By when the contract is signed after an award at `awarded`."""
    marks = after_award(procedure_of(lot.tender.procedure), awarded, shipped())
    return next(mark for mark in marks if mark.name == "contract_until")


def _record(lot: Lot, first: CandidateRow, number: str, at: datetime) -> AwardNotice:
    until, price = contract_until(lot, at), Decimal(first.price)
    return AwardNotice(
        lot=lot.code, title=lot.title, number=number, purchaser=body_of(lot.tender.purchaser),
        winner=body_of(first.party), amount=price, days=first.days, awarded=at, contract_until=until.at,
        article=until.article,
    )  # fmt: skip
