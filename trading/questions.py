"""Questions about the papers: asked under a handle, answered for everybody (Bidding Regulation, article 21).

Enters: a lot and a text. Leaves: a row that names neither account nor party, and a veiled entry; later the open
answer.
"""

from __future__ import annotations

import hashlib

from django.db.models import QuerySet

from ledger.act import act, veiled
from ledger.actor import Actor
from ledger.errors import Reason, _, refuse
from trading import rules
from trading.access import absent
from trading.events import QuestionAnswered, QuestionAsked
from trading.handles import handle_for
from trading.models import Lot, Question, Tender

LONGEST = 4_000
MOST = 50  # from one bidder about one lot


def digest_of(*texts: str) -> bytes:
    """SHA-256 of the texts in UTF-8, U+0000 between them."""
    return hashlib.sha256("\0".join(texts).encode()).digest()


def ask(lot: Lot, text: str, *, actor: Actor) -> Question:
    """Ask about `lot`, before its deadline. Nobody reads from the row, or from the log, who asked."""
    with act("trading:question:ask", actor, on=lot) as this:
        handle = handle_for(this.on, actor)
        late = this.on.deadline is None or this.now >= this.on.deadline
        many = Question.objects.filter(lot=this.on, handle=handle).count() >= MOST
        refuse([*text_blockers(text), *_ask_blockers(late=late, many=many)])
        question = Question.objects.create(lot=this.on, handle=handle, text=text, asked_at=this.now)
        this.record(veiled(QuestionAsked(lot.code, question.code, digest_of(text))), scope=lot.code)
    return question


def answer(question: Question, text: str, *, actor: Actor) -> Question:
    """Answer for everybody. What changes the papers needs an addendum beside it."""
    with act("trading:question:answer", actor, on=question.lot) as this:
        refuse([*text_blockers(text), *answered_blockers(question.answered_at is not None)])
        number = Question.objects.filter(lot__tender=this.on.tender, answered_at__isnull=False).count() + 1
        this.swap(question, answered_at=(None, this.now), answer=("", text), number=(None, number))
        done = QuestionAnswered(this.on.code, question.code, number, digest_of(question.text, text))
        this.record(done, scope=this.on.code)
    return question


def answered(tender: Tender) -> QuerySet[Question]:
    """What everybody may read: questions with their answers, without who asked."""
    return Question.objects.filter(lot__tender=tender, answered_at__isnull=False).order_by("number")


def unanswered(tender: Tender) -> QuerySet[Question]:
    """What waits for the agent."""
    return Question.objects.filter(lot__tender=tender, answered_at__isnull=True).select_related("lot")


def own(lot: Lot, actor: Actor) -> QuerySet[Question]:
    """What the actor's organisation asked about the lot."""
    handle = handle_for(lot, actor)
    return Question.objects.filter(lot=lot, handle=handle) if handle else Question.objects.none()


def access_question(actor: Actor, code: str) -> Question:
    """The question for whoever may answer it."""
    question = Question.objects.select_related("lot__tender").filter(code=code).first()
    if question is None or not rules.is_side(actor, question.lot):
        raise absent()
    return question


def text_blockers(text: str) -> list[Reason]:
    """Why this text cannot be a question, an objection or an answer."""
    if 2 <= len(text) <= LONGEST:
        return []
    return [Reason("trading.text_length", _("A text has 2 to 4,000 characters."))]


def answered_blockers(done: bool) -> list[Reason]:  # noqa: FBT001  the one fact asked about
    """Why there is nothing left to answer."""
    return [Reason("trading.answered", _("This has been answered already."))] if done else []


def _ask_blockers(*, late: bool, many: bool) -> list[Reason]:
    found = [
        (late, "question_late", _("Questions are asked before the deadline for bids.")),
        (many, "questions_many", _("One bidder asks at most 50 questions about a lot.")),
    ]
    return [Reason(f"trading.{word}", text) for wrong, word, text in found if wrong]
