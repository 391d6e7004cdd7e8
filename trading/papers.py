"""Tender papers: files that lie with a tender, public with its notice or with the addendum that brings them.

Enters: bytes with a kind and a file name. Leaves: write-once objects and rows with digest and size; `blockers` by kind.
"""

from __future__ import annotations

import re
from typing import BinaryIO

from django.db.models import Q, QuerySet

from ledger import objects
from ledger.act import act
from ledger.actor import Actor
from ledger.errors import Reason, _, refuse, refused
from trading import rules
from trading.access import absent
from trading.events import PaperAdded, PaperDropped
from trading.models import Paper, Tender
from trading.procedures.known import procedure_of
from trading.records import PaperLine

SPACE = "papers"
LARGEST = 200 * 2**20
MOST = 100
ADDENDUM = "addendum"  # the kind of every file that comes after the notice
CONTRACT = "contract"
NAME = re.compile(r"[^\x00-\x1f\x7f/\\:*?\"<>|]{1,120}")


def add_paper(tender: Tender, kind: str, name: str, data: bytes, *, actor: Actor) -> Paper:
    """Lay a file with the tender: before the notice of a kind of its procedure, afterwards of kind `addendum`."""
    with act("trading:paper:add", actor, on=tender) as this:
        refuse(_blockers(this.on, kind, name, data))
        stored = objects.put(SPACE, data)
        paper = Paper.objects.create(
            tender=this.on, kind=kind, name=name, object=stored.name, digest=stored.digest, size=stored.size,
            added_at=this.now,
        )  # fmt: skip
        this.record(PaperAdded(tender.code, paper.code, kind, bytes.fromhex(stored.digest), stored.size))
    return paper


def drop_paper(tender: Tender, code: str, *, actor: Actor) -> None:
    """Take away a file that is not public yet."""
    with act("trading:paper:drop", actor, on=tender) as this:
        if not loose(this.on).filter(code=code).delete()[0]:
            refused("trading.paper_public", _("This paper is published, or not there: published papers stay."))
        this.record(PaperDropped(tender.code, code))


def loose(tender: Tender) -> QuerySet[Paper]:
    """The files of a tender that are not public."""
    q = Paper.objects.filter(tender=tender, addendum=None)
    return q if tender.stage == "draft" else q.filter(kind__in=[ADDENDUM, CONTRACT])


def published(tender: Tender) -> QuerySet[Paper]:
    """The files of a tender that everybody may have."""
    if tender.stage == "draft":
        return Paper.objects.none()
    return Paper.objects.filter(Q(addendum__isnull=False) | ~Q(kind__in=[ADDENDUM, CONTRACT]), tender=tender)


def line_of(paper: Paper) -> PaperLine:
    """The paper as records name it."""
    return PaperLine(paper.kind, paper.name, bytes.fromhex(paper.digest), paper.size)


def access_paper(actor: Actor, code: str) -> Paper:
    """The paper with this code if it is public, or if the actor stands around its tender."""
    paper = Paper.objects.select_related("tender__purchaser", "tender__agent").filter(code=code).first()
    if paper is None or not (is_public(paper) or rules.is_around(actor, paper.tender)):
        raise absent()
    return paper


def is_public(paper: Paper) -> bool:
    """Whether everybody may have it."""
    if paper.tender.stage == "draft":
        return False
    return paper.addendum_id is not None or paper.kind not in {ADDENDUM, CONTRACT}


def open_paper(paper: Paper) -> BinaryIO:
    """Its bytes."""
    return objects.store().open(paper.object)


def _blockers(tender: Tender, kind: str, name: str, data: bytes) -> list[Reason]:
    kinds = {paper.code for paper in procedure_of(tender.procedure).papers}
    allowed = kinds if tender.stage == "draft" else {ADDENDUM, CONTRACT}
    found = [
        (kind not in allowed, "paper_kind", _("This kind of paper has no place here now.")),
        (not NAME.fullmatch(name), "paper_name", _("A file name has 1 to 120 characters and no path.")),
        (not data, "paper_empty", _("The file is empty.")),
        (len(data) > LARGEST, "paper_large", _("A paper is at most 200 MiB.")),
        (tender.papers.count() >= MOST, "papers_many", _("A tender has at most 100 papers.")),
        (loose(tender).filter(name=name).exists(), "paper_twice", _("A paper with this name is there already.")),
    ]
    return [Reason(f"trading.{word}", text) for wrong, word, text in found if wrong]
