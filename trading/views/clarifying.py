"""Doors of questions, addenda and objections. What bidders send before the opening stands below `/bidding/`."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.actor import Actor
from trading import addenda, objections, questions
from trading.access import access_lot, access_tender
from trading.addenda import AddendumDraft
from trading.doors import Answer, door


@dataclass(frozen=True)
class TextForm:
    """A text of 2 to 4,000 characters."""

    text: str


@door("trading:question:ask", TextForm)
def ask(actor: Actor, form: TextForm, code: str) -> Answer:
    """Ask about a lot."""
    lot = access_lot("trading:question:ask", actor, code)
    question = questions.ask(lot, form.text, actor=actor)
    return Answer({"question": question.code}, f"/bidding/questions/{code}")


@door("trading:question:answer", TextForm)
def answer_question(actor: Actor, form: TextForm, code: str) -> Answer:
    """Answer a question for everybody."""
    question = questions.answer(questions.access_question(actor, code), form.text, actor=actor)
    return Answer({"question": code, "number": question.number}, f"/tenders/{question.lot.tender.code}/questions")


@door("trading:addendum:issue", AddendumDraft)
def issue_addendum(actor: Actor, form: AddendumDraft, code: str) -> Answer:
    """Issue an addendum."""
    notice = addenda.issue(access_tender("trading:addendum:issue", actor, code), form, actor=actor)
    facts = {"notice": notice.code, "number": notice.number, "digest": notice.digest}
    return Answer({**facts, "deadline": notice.until.isoformat() if notice.until else ""}, f"/tenders/{code}")


@door("trading:objection:to_papers", TextForm)
def object_to_papers(actor: Actor, form: TextForm, code: str) -> Answer:
    """Object to the papers of a lot."""
    lot = access_lot("trading:objection:to_papers", actor, code)
    made = objections.object_to_papers(lot, form.text, actor=actor)
    due = objections.answer_due(made).isoformat()
    return Answer({"objection": made.code, "answer_until": due}, f"/bidding/questions/{code}")


@door("trading:objection:to_result", TextForm)
def object_to_result(actor: Actor, form: TextForm, code: str) -> Answer:
    """Object to the candidates of a lot."""
    lot = access_lot("trading:objection:to_result", actor, code)
    made = objections.object_to_result(lot, form.text, actor=actor)
    due = objections.answer_due(made).isoformat()
    return Answer({"objection": made.code, "answer_until": due}, f"/lots/{code}/award")


@door("trading:objection:answer", TextForm)
def answer_objection(actor: Actor, form: TextForm, code: str) -> Answer:
    """Answer an objection."""
    made = objections.answer(objections.access_objection(actor, code), form.text, actor=actor)
    return Answer({"objection": code}, f"/tenders/{made.lot.tender.code}/questions")
