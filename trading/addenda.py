"""Addenda: clarifications and changes of the papers, given to everybody at once (Bidding Law 23; Regulation 21).

Enters: a published tender, words, papers, perhaps a later deadline. Leaves: a notice. A change that matters less than
15 days before the deadline moves the deadline, or is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ledger.act import This, act
from ledger.actor import Actor
from ledger.errors import Reason, _, refuse
from trading import papers
from trading.almanac import shipped
from trading.drafting import title_blockers
from trading.events import AddendumIssued, DeadlineMoved
from trading.models import Lot, Notice, Paper, Tender
from trading.noticing import give
from trading.periods import local
from trading.procedures.known import procedure_of
from trading.questions import text_blockers
from trading.records import Addendum
from trading.stages import Stage
from trading.timetable import addendum_blockers, deadline_after_addendum, timetable_blockers


@dataclass(frozen=True)
class AddendumDraft:
    """`material`: it may affect the bids. `deadline` None keeps the present one. `papers` are codes of loose papers."""

    title: str
    text: str
    material: bool = False
    deadline: datetime | None = None
    papers: tuple[str, ...] = ()


def issue(tender: Tender, draft: AddendumDraft, *, actor: Actor) -> Notice:
    """Issue an addendum; with a later deadline every lot that takes bids moves along."""
    with act("trading:addendum:issue", actor, on=tender) as this:
        return give_within(this, draft)


def give_within(this: This[Tender], draft: AddendumDraft) -> Notice:
    """Within an act on the tender, of this room or of one above whose change it brings: the addendum itself."""
    fresh = this.on
    attached = list(papers.loose(fresh).filter(kind=papers.ADDENDUM, code__in=draft.papers))
    refuse(issue_blockers(fresh, draft, attached, this.now))
    deadline = draft.deadline or fresh.deadline
    if deadline is None:
        raise ValueError("a published tender has a deadline")
    record = _record(fresh, draft, attached, this.now, deadline)
    notice = give(this, fresh, record, draft.title, until=deadline)
    Paper.objects.filter(pk__in=[paper.pk for paper in attached], addendum=None).update(addendum=notice)
    digest = bytes.fromhex(notice.digest)
    this.record(AddendumIssued(fresh.code, notice.number, digest, draft.material, deadline))
    if deadline != fresh.deadline:
        _move_deadline(this, fresh, deadline)
    return notice


def issue_blockers(tender: Tender, draft: AddendumDraft, attached: list[Paper], at: datetime) -> list[Reason]:
    """Every reason why this addendum cannot be issued at `at`."""
    unknown = len(attached) != len(set(draft.papers))
    lost = [Reason("trading.paper_unknown", _("A paper of this addendum is not there, or is public already."))]
    return [
        *title_blockers(draft.title),
        *text_blockers(draft.text),
        *(lost if unknown else []),
        *_deadline_blockers(tender, draft, at),
    ]


def lawful_deadline(tender: Tender, at: datetime) -> datetime | None:
    """The deadline that an addendum which matters needs at `at`: the present one, or the first lawful later one."""
    if tender.deadline is None:
        return None
    return deadline_after_addendum(procedure_of(tender.procedure), at, tender.deadline, shipped())


def _deadline_blockers(tender: Tender, draft: AddendumDraft, at: datetime) -> Iterator[Reason]:
    if tender.deadline is None or tender.published_at is None or at >= tender.deadline:
        yield Reason("trading.addendum_after_deadline", _("After the deadline nothing changes the tender any more."))
        return
    procedure, deadline = procedure_of(tender.procedure), draft.deadline or tender.deadline
    if deadline < tender.deadline:
        yield Reason("trading.deadline_earlier", _("A deadline is moved to a later time only."))
    if deadline != tender.deadline:
        yield from timetable_blockers(procedure, tender.published_at, deadline, shipped())
    if draft.material:
        yield from addendum_blockers(procedure, local(at), deadline)


def _move_deadline(this: This[Any], tender: Tender, deadline: datetime) -> None:
    this.swap(tender, deadline=(tender.deadline, deadline))
    for lot in Lot.objects.filter(tender=tender, stage=Stage.BIDDING):
        moved = DeadlineMoved(lot.code, lot.deadline or deadline, deadline)
        this.swap(lot, deadline=(lot.deadline, deadline), next_at=(lot.next_at, deadline))
        this.record(moved, scope=lot.code)


def _record(tender: Tender, draft: AddendumDraft, attached: list[Paper], at: datetime, deadline: datetime) -> Addendum:
    number = Notice.objects.filter(tender=tender, lot=None, kind="addendum").count() + 1
    lines = tuple(papers.line_of(paper) for paper in attached)
    return Addendum(tender.code, number, draft.title, draft.text, draft.material, at, deadline, lines)
