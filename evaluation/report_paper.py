"""The report as a document (评标报告), made with python-docx, in Chinese whatever language the page is in.

Enters: the signed report, the members by name, the tender. Leaves: the bytes of a .docx file with what order 12,
article 42 wants: basic data, committee, bids opened, rejections and why, standards, comparison, ranking, candidates,
signatures.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

import docx
from django.utils import translation
from django.utils.translation import gettext as _
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt

from evaluation.members import Member
from evaluation.report import Report
from evaluation.words import INVALID, KINDS, REJECTED_BY_RULE, RULES
from trading import method
from trading.models import Tender
from trading.money import capitals, thousands
from trading.periods import local

LANGUAGE = "zh-hans"
FONT = "Noto Serif CJK SC"


def write_paper(report: Report, members: Sequence[Member], tender: Tender) -> bytes:
    """The report as .docx."""
    with translation.override(LANGUAGE):
        document = docx.Document()
        _set_font(document)
        document.core_properties.created = document.core_properties.modified = _naive(report.made)
        document.core_properties.title = f"{report.lot} {_('Evaluation report')}"
        heading = document.add_heading(_("Evaluation report"), level=0)
        heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
        for title, head, rows in _sections(report, members, tender):
            document.add_heading(title, level=1)
            _table(document, head, rows)
        _closing(document, report)
        out = io.BytesIO()
        document.save(out)
    return out.getvalue()


Section = tuple[str, Sequence[str], list[Sequence[str]]]


def _sections(report: Report, members: Sequence[Member], tender: Tender) -> Iterable[Section]:
    yield _("1. Basic data"), (), _basic(report, tender)
    seats = (_("Seat"), _("Member"), _("Employer"), _("Speciality"), _("Code in the draw"))
    yield _("2. Evaluation committee"), seats, [_member(one) for one in members]
    opened = (_("No."), _("Bidder"), _("Credit code"), _("Price (yuan)"), _("Days"))
    yield _("3. Bids opened"), opened, _bids(report)
    rejected = (_("No."), _("Item"), _("Clause"), _("Against / for"), _("Reasons"))
    yield _("4. Bids rejected and why"), rejected, _rejections(report) or [(_("none"), "", "", "", "")]
    standards = (_("Item"), _("Kind"), _("Full points"), _("Clause"))
    yield _("5. Standards of the evaluation"), standards, _standards(report)
    figures = (_("From base price (%)"), _("Price points"), _("Technical points"), _("Total"))
    yield _("6. Comparison and ranking"), (_("Place"), _("No."), _("Price (yuan)"), *figures), _lines(report)
    ranks = (_("Rank"), _("Candidate"), _("Price (yuan)"), _("In capitals"), _("Days"))
    yield _("7. Recommended candidates"), ranks, _candidates(report)


def _basic(report: Report, tender: Tender) -> list[Sequence[str]]:
    base = thousands(report.base) if report.base is not None else _("none: the lowest price decides")
    rows = [
        (_("Tender"), f"{tender.code} {tender.title}"),
        (_("Lot"), f"{report.lot} {report.title}"),
        (_("Purchaser"), tender.purchaser.name),
        (_("Agent"), tender.agent.name),
        (_("Ceiling (yuan)"), thousands(report.ceiling) if report.ceiling is not None else _("none")),
        (_("Base price (yuan)"), base),
        (_("Report made"), f"{local(report.made):%Y-%m-%d %H:%M:%S}"),
    ]
    if report.decided:
        order = ", ".join(str(report.bid(code).number) for code in report.decided)
        rows.append((_("Tied bids in the order decided"), f"{order}: {report.decision}"))
    return [*rows]


def _member(one: Member) -> Sequence[str]:
    number = f"{one.number} {_('(leader)')}" if one.leads else str(one.number)
    return number, one.name, one.employer, one.speciality, one.code


def _bids(report: Report) -> list[Sequence[str]]:
    return [(str(one.number), one.name, one.credit_code, thousands(one.price), str(one.days)) for one in report.bids]


def _rejections(report: Report) -> list[Sequence[str]]:
    titles = {one.code: one.title for one in _method(report).criteria}
    return [
        (
            str(report.bid(row.bid).number),
            _(titles.get(row.item, REJECTED_BY_RULE)),
            _(row.clause) if row.clause else "",
            f"{row.against} / {row.in_favour}",
            "; ".join(_(INVALID[reason]) if reason in INVALID else reason for reason in row.reasons),
        )
        for row in report.rejections
    ]


def _method(report: Report) -> method.Method:
    return method.parse(json.loads(report.method))


def _standards(report: Report) -> list[Sequence[str]]:
    declared = _method(report)
    rows: list[Sequence[str]] = [
        (_(one.title), _(KINDS[one.kind]), f"{one.full:f}" if one.full else "", _(one.clause) if one.clause else "")
        for one in declared.criteria
    ]
    if declared.price is not None:
        rows.append((_("Price"), _(RULES[declared.price.rule]), f"{declared.price.full:f}", ""))
    return rows


def _lines(report: Report) -> list[Sequence[str]]:
    return [
        (
            str(line.place),
            str(report.bid(line.bid).number),
            thousands(report.bid(line.bid).price),
            *(_figure(value) for value in (line.deviation, line.price_points, line.technical, line.total)),
        )
        for line in report.lines
    ]


def _figure(value: Decimal | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _candidates(report: Report) -> list[Sequence[str]]:
    bids = [report.bid(code) for code in report.candidates]
    return [
        (str(rank), bid.name, thousands(bid.price), capitals(bid.price), str(bid.days))
        for rank, bid in enumerate(bids, start=1)
    ]


def _closing(document: Document, report: Report) -> None:
    text = _(
        "Every member has signed the record of this report with a certificate; the digests of the signatures and of "
        "the record stand in the public log. Clarifications asked for: none. Reservations: none were written."
    )
    document.add_paragraph(text)
    document.add_paragraph(f"{local(report.made):%Y-%m-%d}").alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _table(document: Document, head: Sequence[str], rows: list[Sequence[str]]) -> None:
    width = len(head) or 2
    table = document.add_table(rows=0, cols=width)
    table.style = "Table Grid"
    for row in [head, *rows] if head else rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text


def _set_font(document: Document) -> None:
    for name in ("Normal", "Title", "Heading 1"):
        style = document.styles[name]
        style.font.name = FONT
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONT)
    document.styles["Normal"].font.size = Pt(10.5)


def _naive(instant: datetime) -> datetime:
    return local(instant).replace(tzinfo=None)
