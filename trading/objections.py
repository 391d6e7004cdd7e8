"""Objections: to the papers before the deadline, to the result during the publicity (Bidding Regulation 22 and 54).

Enters: a lot and a text. Leaves: a row, an entry (veiled before the opening), and the time by which it is answered.
While one is unanswered the next step waits: `unanswered_blockers`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from ledger.act import This, act, veiled
from ledger.actor import Actor
from ledger.errors import Reason, _, refuse
from trading import rules
from trading.access import absent
from trading.almanac import shipped
from trading.events import ObjectionAnswered, ObjectionMade
from trading.handles import handle_for
from trading.models import Lot, Objection, Party
from trading.procedures.known import procedure_of
from trading.questions import answered_blockers, digest_of, text_blockers
from trading.timetable import answer_until, objection_to_papers_blockers

PAPERS = "papers"
RESULT = "result"
MOST = 20  # from one organisation about one lot


def object_to_papers(lot: Lot, text: str, *, actor: Actor) -> Objection:
    """Object to the tender papers, at least 10 days before the deadline; the row lies under a handle."""
    with act("trading:objection:to_papers", actor, on=lot) as this:
        handle = handle_for(this.on, actor)
        refuse([*text_blockers(text), *_papers_blockers(this.on, this.now), *_many_blockers(this.on, handle=handle)])
        made = Objection.objects.create(lot=this.on, about=PAPERS, handle=handle, text=text, made_at=this.now)
        this.record(veiled(_made(this, made)), scope=lot.code)
    return made


def object_to_result(lot: Lot, text: str, *, actor: Actor) -> Objection:
    """Object to the candidates during their publicity."""
    with act("trading:objection:to_result", actor, on=lot) as this:
        party = Party.objects.get(code=actor.organisation)
        refuse([*text_blockers(text), *_result_blockers(this.on, this.now), *_many_blockers(this.on, party=party)])
        made = Objection.objects.create(lot=this.on, about=RESULT, party=party, text=text, made_at=this.now)
        this.record(_made(this, made))
    return made


def answer(objection: Objection, text: str, *, actor: Actor) -> Objection:
    """Answer an objection; about the papers the answer is veiled like the objection."""
    with act("trading:objection:answer", actor, on=objection.lot) as this:
        refuse([*text_blockers(text), *answered_blockers(objection.answered_at is not None)])
        this.swap(objection, answered_at=(None, this.now), answer=("", text))
        done = ObjectionAnswered(this.on.code, objection.code, objection.about, digest_of(text))
        this.record(veiled(done) if objection.about == PAPERS else done, scope=this.on.code)
    return objection


def unanswered(lot: Lot, about: str) -> QuerySet[Objection]:
    """What still waits for an answer."""
    return Objection.objects.filter(lot=lot, about=about, answered_at__isnull=True)


def unanswered_blockers(lot: Lot, about: str) -> list[Reason]:
    """Why the next step must wait: an objection stands unanswered."""
    if not unanswered(lot, about).exists():
        return []
    text = _("An objection is unanswered; until then this step rests (Bidding Regulation, articles 22 and 54).")
    return [Reason("trading.objection_unanswered", text)]


def readable(lot: Lot, actor: Actor) -> QuerySet[Objection]:
    """What the actor may read: to the result everybody's, to the papers the own ones, those around the tender all."""
    q = Objection.objects.filter(lot=lot).select_related("party")
    if rules.is_side(actor, lot) or rules.is_regulator(actor, lot):
        return q
    handle = handle_for(lot, actor)
    return q.filter(Q(about=RESULT) | Q(about=PAPERS, handle=handle)) if handle else q.filter(about=RESULT)


def answer_due(objection: Objection) -> datetime:
    """By when it is to be answered."""
    return answer_until(procedure_of(objection.lot.tender.procedure), objection.made_at, shipped()).at


def access_objection(actor: Actor, code: str) -> Objection:
    """The objection for whoever may answer it."""
    found = Objection.objects.select_related("lot__tender").filter(code=code).first()
    if found is None or not rules.is_side(actor, found.lot):
        raise absent()
    return found


def _made(this: This[Lot], made: Objection) -> ObjectionMade:
    return ObjectionMade(this.on.code, made.code, made.about, digest_of(made.text), answer_due(made))


def _papers_blockers(lot: Lot, at: datetime) -> list[Reason]:
    if lot.deadline is None:
        raise ValueError("a lot that takes bids has a deadline")
    return objection_to_papers_blockers(procedure_of(lot.tender.procedure), at, lot.deadline)


def _result_blockers(lot: Lot, at: datetime) -> list[Reason]:
    if lot.publicity_until is not None and at < lot.publicity_until:
        return []
    return [Reason("trading.objection_late", _("Objections to the result are made during the publicity."))]


def _many_blockers(lot: Lot, **whose: Any) -> list[Reason]:
    if Objection.objects.filter(lot=lot, **whose).count() < MOST:
        return []
    return [Reason("trading.objections_many", _("One bidder makes at most 20 objections about a lot."))]
