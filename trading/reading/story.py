"""Reads for the public page of a tender: facts, lots, the way it goes, papers, questions, notices, the log.

Enters: a tender and the instant. Leaves: values for object.html and its parts, and the same for machines.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from ledger.models import EntryRow
from trading import papers, questions
from trading.ical import Date
from trading.models import Lot, Notice, Paper, Tender
from trading.money import capitals, thousands
from trading.periods import local, local_day
from trading.procedures.known import procedure_of
from trading.procedures.procedure import Procedure
from trading.publishing import timetable_of
from trading.reading.portal import notice_facts
from trading.timetable import Mark
from trading.words import MARKS, badge, entry_words, paper_kind

NEWEST = 30
KINDS_WITH_SPAN = {"noticed": "preparation"}
Row = dict[str, object]


def facts(tender: Tender) -> list[Row]:
    """Who and when, in large."""
    rows: list[Row] = [
        {"label": _("Purchaser"), "value": tender.purchaser.name, "minor": tender.purchaser.credit_code},
        {"label": _("Agent"), "value": tender.agent.name, "minor": tender.agent.credit_code},
        {"label": _("Trading centre"), "value": tender.centre.name},
        {"label": _("Regulator"), "value": tender.regulator.name},
        {"label": _("Kind of trade"), "value": _(procedure_of(tender.procedure).name)},
    ]
    if tender.deadline:
        rows.append({"label": _("Deadline for bids"), "until": tender.deadline})
    return rows


def nodes(tender: Tender, now: datetime) -> list[Row]:
    """The way of the tender as parts/timeline.html draws it."""
    procedure = procedure_of(tender.procedure)
    return mark_nodes(timetable_of(tender), procedure, now)


def mark_nodes(marks: list[Mark], procedure: Procedure, now: datetime) -> list[Row]:
    """Marks as nodes: what is past is done, the first that is not is going on."""
    past = sum(mark.at <= now for mark in marks)
    made = []
    for at, mark in enumerate(marks):
        state = "done" if at < past else "current" if at == past else "next"
        node: Row = {"title": _(MARKS[mark.name]), "state": state, "at": mark.at, "passed": at < past}
        if mark.article:
            node["clause"] = _(mark.article)
        if local(mark.at).time() == time():
            last = local_day(mark.at) - timedelta(days=1)
            node["about"] = _("Up to 24:00 of %(day)s") % {"day": last.isoformat()}
        if mark.name == "noticed":
            node["span"] = _span(marks, procedure)
            node["about"] = _("From the notice to the deadline for bids:")
        made.append(node)
    return made


def dates(tender: Tender, origin: str) -> list[Date]:
    """The instants of the tender for a calendar; `origin` is scheme, host and port of the site."""
    url = f"{origin}/tenders/{tender.code}"
    named = [(mark.name, mark.at, f"{_(MARKS[mark.name])}: {tender.title}") for mark in timetable_of(tender)]
    return [Date(f"{tender.code}-{name}@sunlight", at, words, url) for name, at, words in named]


def lots(tender: Tender) -> list[Row]:
    """The lots with figures and stage, as rows of parts/data_table.html."""
    return [
        {
            "cells": [
                {"text": lot.title, "href": f"/lots/{lot.code}"},
                lot.code,
                {"text": thousands(lot.ceiling), "value": lot.ceiling} if lot.ceiling else _("none"),
                {"text": thousands(lot.bond), "value": lot.bond},
                lot.days,
                {"badge": badge(lot.stage)},
            ]
        }
        for lot in tender.lots.all()
    ]


def paper_rows(found: list[Paper], procedure: Procedure) -> list[Row]:
    """Papers with kind, size and digest."""
    named = {paper.code: paper.name for paper in procedure.papers}
    return [
        {
            "cells": [
                {"text": paper.name, "href": f"/papers/{paper.code}"},
                paper_kind(paper.kind, named),
                {"text": said_size(paper.size), "value": paper.size},
                {"digest": paper.digest},
            ]
        }
        for paper in found
    ]


def said_size(size: int) -> str:
    """A size in bytes as people say it."""
    if size < 2**20:
        return f"{-(-size // 1024)} KiB"
    return f"{size / 2**20:.1f} MiB"


def entries(tender: Tender, scopes: list[str] | None = None) -> list[Row]:
    """The newest entries about the tender and its lots, as parts/log_ticker.html shows them."""
    about = scopes or [tender.code, *tender.lots.values_list("code", flat=True)]
    q = EntryRow.objects.filter(scope__in=about, place__isnull=False, at__isnull=False)
    newest = q.select_related("place").order_by("-place__index")[:NEWEST]
    return [{"number": row.place.index, "at": row.at, "text": entry_words(row.tag)} for row in newest]


def notices_of(tender: Tender) -> list[Notice]:
    """Everything published about the tender, newest first."""
    return list(Notice.objects.filter(tender=tender).select_related("tender", "lot"))


def tender_facts(tender: Tender) -> Row:
    """The tender for machines."""
    bodies = {name: getattr(tender, name) for name in ("purchaser", "agent", "centre", "regulator")}
    return {
        "tender": tender.code,
        "title": tender.title,
        "summary": tender.summary,
        "procedure": tender.procedure,
        "stage": tender.stage,
        "round": tender.round,
        "published": tender.published_at.isoformat() if tender.published_at else None,
        "deadline": tender.deadline.isoformat() if tender.deadline else None,
        **{name: {"credit_code": body.credit_code, "name": body.name} for name, body in bodies.items()},
        "timetable": [{"name": m.name, "at": m.at.isoformat(), "article": m.article} for m in timetable_of(tender)],
        "lots": [lot_facts(lot) for lot in tender.lots.all()],
        "papers": [paper_facts(paper) for paper in papers.published(tender)],
        "questions": [
            {"number": q.number, "lot": q.lot.code, "text": q.text, "answer": q.answer}
            for q in questions.answered(tender).select_related("lot")
        ],
        "notices": [notice_facts(notice) for notice in notices_of(tender)],
    }


def lot_facts(lot: Lot) -> Row:
    """A lot for machines."""
    return {
        "lot": lot.code, "number": lot.number, "title": lot.title, "stage": lot.stage,
        "ceiling": f"{lot.ceiling:.2f}" if lot.ceiling is not None else None, "bond": f"{lot.bond:.2f}",
        "days": lot.days, "method": lot.method, "deadline": lot.deadline.isoformat() if lot.deadline else None,
    }  # fmt: skip


def paper_facts(paper: Paper) -> Row:
    """A paper for machines."""
    return {
        "paper": paper.code, "kind": paper.kind, "name": paper.name, "digest": paper.digest, "size": paper.size,
        "href": f"/papers/{paper.code}",
    }  # fmt: skip


def money_fact(label: str, amount: object) -> Row:
    """An amount in large, with its capitals below."""
    if not isinstance(amount, Decimal):
        return {"label": label, "value": _("none")}
    return {"label": label, "value": thousands(amount), "unit": _("yuan"), "minor": capitals(amount)}


def _span(marks: list[Mark], procedure: Procedure) -> Row:
    noticed = next(mark.at for mark in marks if mark.name == "noticed")
    deadline = next(mark.at for mark in marks if mark.name == "deadline")
    term = procedure.terms["preparation"]
    given = (local_day(deadline) - local_day(noticed)).days
    return {"needed": term.period.count, "given": given, "short": given < term.period.count, "unit_word": _("days"),
            "clause": _(term.article)}  # fmt: skip
