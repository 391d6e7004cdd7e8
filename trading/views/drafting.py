"""Doors and pages of drafting: tender, lots, papers, the check before the notice."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from ledger.actor import Actor
from ledger.errors import Reason, Refused, _
from trading import drafting, papers, publishing
from trading.access import access_lot, access_tender
from trading.doors import Answer, door
from trading.drafting import LotDraft, TenderDraft


@door("trading:tender:draft", TenderDraft)
def draft_tender(actor: Actor, form: TenderDraft) -> Answer:
    """Begin a tender."""
    tender = drafting.draft_tender(form, actor=actor)
    return Answer({"tender": tender.code}, f"/tenders/{tender.code}/draft")


@dataclass(frozen=True)
class WordsForm:
    """The words of a tender."""

    title: str
    summary: str


@door("trading:tender:amend", WordsForm)
def amend_tender(actor: Actor, form: WordsForm, code: str) -> Answer:
    """Change title and summary."""
    tender = access_tender("trading:tender:amend", actor, code)
    drafting.amend_tender(tender, form.title, form.summary, actor=actor)
    return Answer({"tender": code}, f"/tenders/{code}/draft")


@dataclass(frozen=True)
class LotForm:
    """A lot; `method` is JSON text."""

    title: str
    bond: Decimal
    days: int
    method: str
    ceiling: Decimal | None = None

    @property
    def draft(self) -> LotDraft:
        """The lot with its method read."""
        try:
            declared = json.loads(self.method, parse_float=str)
        except (ValueError, RecursionError):
            declared = None
        if not isinstance(declared, dict):
            raise Refused(Reason("trading.method_not_json", _("The method is not a JSON object.")))
        return LotDraft(self.title, self.ceiling, self.bond, self.days, declared)


@door("trading:lot:draft", LotForm)
def draft_lot(actor: Actor, form: LotForm, code: str) -> Answer:
    """Add a lot."""
    lot = drafting.draft_lot(access_tender("trading:lot:draft", actor, code), form.draft, actor=actor)
    return Answer({"lot": lot.code}, f"/tenders/{code}/draft")


@door("trading:lot:amend", LotForm)
def amend_lot(actor: Actor, form: LotForm, code: str) -> Answer:
    """Change a lot."""
    lot = drafting.amend_lot(access_lot("trading:lot:amend", actor, code), form.draft, actor=actor)
    return Answer({"lot": lot.code}, f"/tenders/{lot.tender.code}/draft")


@dataclass(frozen=True)
class PaperForm:
    """A file: its kind, the name people see, its bytes."""

    kind: str
    name: str
    file: bytes


@door("trading:paper:add", PaperForm)
def add_paper(actor: Actor, form: PaperForm, code: str) -> Answer:
    """Lay a file with the tender."""
    tender = access_tender("trading:paper:add", actor, code)
    paper = papers.add_paper(tender, form.kind, form.name, form.file, actor=actor)
    facts = {"paper": paper.code, "digest": paper.digest, "size": paper.size}
    return Answer(facts, f"/tenders/{code}/draft" if tender.stage == "draft" else f"/tenders/{code}/questions")


@dataclass(frozen=True)
class DropForm:
    """The code of a paper."""

    paper: str


@door("trading:paper:drop", DropForm)
def drop_paper(actor: Actor, form: DropForm, code: str) -> Answer:
    """Take a file away that is not public yet."""
    tender = access_tender("trading:paper:drop", actor, code)
    papers.drop_paper(tender, form.paper, actor=actor)
    return Answer({}, f"/tenders/{code}/draft" if tender.stage == "draft" else f"/tenders/{code}/questions")


@dataclass(frozen=True)
class PublishForm:
    """The deadline for bids: an instant; without a zone it is China's."""

    deadline: datetime


@door("trading:tender:publish", PublishForm)
def publish(actor: Actor, form: PublishForm, code: str) -> Answer:
    """Give the notice."""
    notice = publishing.publish(access_tender("trading:tender:publish", actor, code), form.deadline, actor=actor)
    return Answer({"notice": notice.code, "digest": notice.digest}, f"/tenders/{code}")
