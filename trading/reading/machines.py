"""The working pages for machines: what waits for an answer, one's own questions, what stands against the award.

Enters: a tender or lot, who reads, the instant. Leaves: values that JSON can hold.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from ledger.actor import Actor
from ledger.errors import Reason
from trading import addenda, awarding, objections, questions
from trading.models import Lot, Objection, Tender
from trading.objections import PAPERS, RESULT
from trading.reading import lots
from trading.reading.story import Row


def reason(one: Reason) -> Row:
    """A reason, in the reader's language."""
    text = _(one.text)
    return {"code": one.code, "text": text % one.facts if one.facts else text, "facts": one.facts}


def check(deadline: datetime | None, reasons: list[Reason]) -> Row:
    """The check before the notice."""
    return {"deadline": deadline.isoformat() if deadline else None, "blockers": [reason(one) for one in reasons]}


def waiting(tender: Tender, now: datetime) -> Row:
    """What waits for the purchaser's side, and the deadline that an addendum which matters would need now."""
    lawful = addenda.lawful_deadline(tender, now)
    made = [one for lot in tender.lots.all() for about in (PAPERS, RESULT) for one in objections.unanswered(lot, about)]
    return {
        "questions": [{"question": q.code, "lot": q.lot.code, "text": q.text} for q in questions.unanswered(tender)],
        "objections": [{**_objection(one), "until": objections.answer_due(one).isoformat()} for one in made],
        "lawful_deadline": lawful.isoformat() if lawful else None,
    }


def own(lot: Lot, actor: Actor) -> Row:
    """A bidder's own questions and objections to the papers."""
    made = objections.readable(lot, actor).filter(about=PAPERS)
    asked = questions.own(lot, actor)
    return {
        "questions": [{"question": q.code, "text": q.text, "answer": q.answer} for q in asked],
        "objections": [_objection(one) for one in made],
    }


def result(lot: Lot, actor: Actor, now: datetime) -> Row:
    """The result, the objections to it, and what stands against the award."""
    made = objections.readable(lot, actor).filter(about=RESULT)
    blockers = [] if awarding.last_award(lot) else awarding.award_blockers(lot, now)
    return {
        **lots.page_facts(lot),
        "objections": [_objection(one) for one in made],
        "blockers": [reason(one) for one in blockers],
    }


def _objection(made: Objection) -> Row:
    return {
        "objection": made.code, "lot": made.lot.code, "about": made.about, "text": made.text, "answer": made.answer,
        "party": made.party.name if made.party else None,
    }  # fmt: skip
