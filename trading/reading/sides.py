"""Reads for the working pages of those who take part: draft, questions and addenda, asking, the result.

Enters: a tender or lot, who reads, the instant. Leaves: contexts of templates; every button with its reasons.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from ledger.actor import Actor, Role
from ledger.rights import may
from trading import addenda, awarding, contracting, objections, papers, questions, rules
from trading.awarding import award_blockers
from trading.desks import Action
from trading.models import Lot, Tender
from trading.money import capitals, thousands
from trading.objections import PAPERS, RESULT
from trading.procedures.known import procedure_of
from trading.reading import lots, story
from trading.reading.notices import until
from trading.reading.story import Row
from trading.timetable import objection_to_papers_blockers
from trading.words import badge, tender_badge


def draft_page(tender: Tender) -> Row:
    """The draft with its lots and papers."""
    procedure = procedure_of(tender.procedure)
    present = {paper.kind for paper in tender.papers.all()}
    kinds = [
        {"value": kind.code, "label": _(kind.name) + ("" if not kind.required or kind.code in present else " *")}
        for kind in procedure.papers
    ]
    return {
        "tender": tender,
        "stage": tender_badge(tender.stage),
        "lots": tender.lots.all(),
        "papers": papers.loose(tender),
        "kinds": kinds,
        "missing": procedure.missing_papers(frozenset(present)),
    }


def questions_page(tender: Tender, now: datetime) -> Row:
    """What waits for an answer, and the form of an addendum."""
    found = [made for lot in tender.lots.all() for made in objections.unanswered(lot, PAPERS)]
    found += [made for lot in tender.lots.all() for made in objections.unanswered(lot, RESULT)]
    return {
        "tender": tender,
        "now": now,
        "waiting": questions.unanswered(tender),
        "answered": questions.answered(tender).select_related("lot"),
        "objections": [{"made": made, "until": objections.answer_due(made)} for made in found],
        "loose": papers.loose(tender),
        "lawful": addenda.lawful_deadline(tender, now),
        "open": tender.deadline is not None and now < tender.deadline,
    }


def asking_page(lot: Lot, actor: Actor, now: datetime) -> Row:
    """A bidder's own questions and objections about a lot."""
    procedure = procedure_of(lot.tender.procedure)
    late = objection_to_papers_blockers(procedure, now, lot.deadline) if lot.deadline else []
    return {
        "lot": lot,
        "tender": lot.tender,
        "now": now,
        "open": may("trading:question:ask", actor, lot) and lot.deadline is not None and now < lot.deadline,
        "late": late,
        "own": questions.own(lot, actor),
        "objections": objections.readable(lot, actor).filter(about=PAPERS),
        "answered": questions.answered(lot.tender).select_related("lot"),
    }


def result_page(lot: Lot, actor: Actor, now: datetime) -> Row:
    """Candidates, objections, the award and the contract."""
    contract, award = contracting.contract_of(lot), awarding.last_award(lot)
    in_time = lot.publicity_until is not None and now < lot.publicity_until
    return {
        "lot": lot,
        "tender": lot.tender,
        "now": now,
        "stage": badge(lot.stage),
        "facts": lots.facts(lot),
        "candidates": lots.candidate_rows(lot),
        "objections": objections.readable(lot, actor).filter(about=RESULT),
        "answers": rules.is_side(actor, lot),
        "objects": in_time and may("trading:objection:to_result", actor, lot),
        "award": award,
        "contract": contract,
        "signs": contract is not None and may("trading:contract:sign", actor, lot) and not _signed(lot, actor),
        "reads_record": contract is not None and may("trading:contract:view", actor, lot),
        "draws": contract is None and may("trading:contract:draw", actor, lot),
        "amount": {"figures": thousands(award.amount), "capitals": capitals(award.amount)} if award else None,
        "until": until(awarding.contract_until(lot, award.at).at) if award else "",
        "actions": _actions(lot, actor, now),
        "entries": story.entries(lot.tender, [lot.code]),
    }


def _actions(lot: Lot, actor: Actor, now: datetime) -> list[Action]:
    if actor.role is not Role.PURCHASER or not may("trading:award:give", actor, lot):
        return []
    after = _("The award notice is published at once; the contract is signed within 30 days.")
    post = f"/lots/{lot.code}/award/give"
    reasons = tuple(award_blockers(lot, now))
    return [Action("award", _("Give the award to the first candidate"), "", "primary", after, reasons, post)]


def _signed(lot: Lot, actor: Actor) -> bool:
    contract = contracting.contract_of(lot)
    if contract is None:
        return False
    side = contract.purchaser_signature if rules.is_purchaser(actor, lot) else contract.winner_signature
    return bool(side)
