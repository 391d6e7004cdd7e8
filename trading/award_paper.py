"""The award notice as a document (中标通知书), made with python-docx, in Chinese whatever language the page is in.

Enters: the award's record and its tender. Leaves: the bytes of a .docx file.
"""

from __future__ import annotations

import io
from datetime import datetime

import docx
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt

from trading.models import Tender
from trading.money import capitals, thousands
from trading.periods import local
from trading.records import AwardNotice

LANGUAGE = "zh-hans"
FONT = "Noto Serif CJK SC"


def write(award: AwardNotice, tender: Tender) -> bytes:
    """The award notice on one page: to whom, for what, how much in figures and capitals, until when."""
    with translation.override(LANGUAGE):
        document = docx.Document()
        _set_font(document)
        heading = document.add_heading(_("Award notice"), level=0)
        heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
        document.add_paragraph(_("Number: %(number)s") % {"number": award.number})
        document.add_paragraph(f"{award.winner.name}：")
        document.add_paragraph(_letter(award, tender))
        _table(document, _rows(award))
        closing = document.add_paragraph(f"{award.purchaser.name}\n{_day(award.awarded)}")
        closing.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        out = io.BytesIO()
        document.save(out)
    return out.getvalue()


def _letter(award: AwardNotice, tender: Tender) -> str:
    words = _(
        "After the publicity of the candidates your bid for %(title)s (%(tender)s, lot %(lot)s) has won. "
        "Sign the contract with the purchaser by %(until)s (%(article)s), "
        "in the terms of the tender document and of your bid."
    )
    facts = {"title": f"{tender.title} {award.title}", "tender": award.lot.rpartition("-")[0], "lot": award.lot}
    return words % {**facts, "until": _day(award.contract_until), "article": _(award.article)}


def _rows(award: AwardNotice) -> list[tuple[str, str]]:
    return [
        (_("Winner"), award.winner.name),
        (_("Credit code"), award.winner.credit_code),
        (_("Award price"), _("%(amount)s yuan") % {"amount": thousands(award.amount)}),
        (_("In capitals"), capitals(award.amount)),
        (_("Duration"), _("%(days)s days") % {"days": award.days}),
        (_("Purchaser"), award.purchaser.name),
    ]


def _table(document: Document, rows: list[tuple[str, str]]) -> None:
    table = document.add_table(rows=0, cols=2, style="Table Grid")
    for name, value in rows:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = name, value


def _set_font(document: Document) -> None:
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(12)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)


def _day(at: datetime) -> str:
    return date_format(local(at), "DATE_FORMAT")
