"""The blanks that are text: the technical and the commercial volume, made from the facts of a lot.

Enters: a lot; the bidder, None where the volume is judged blind. Leaves: the bytes of .docx files, in which every
criterion of the lot's method has its chapter, and whose properties name nobody.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping

import docx
from django.utils.translation import gettext
from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Pt

from trading.models import Lot, Party
from trading.money import thousands

FONT = "Noto Serif CJK SC"


def technical(lot: Lot, party: Party | None) -> bytes:
    """A chapter for each criterion that earns points."""
    document = _document(gettext("Technical volume"), lot, party)
    if party is None:
        document.add_paragraph(
            gettext(
                "This volume is judged blind: name no firm, person, brand or earlier work by which you could be known, "
                "use no letterhead, and clear the document's properties."
            )
        )
    _chapters(document, _criteria(lot, scoring=True))
    return _saved(document)


def commercial(lot: Lot, party: Party | None) -> bytes:
    """The letter of the bid, and a chapter for each criterion of admission."""
    document = _document(gettext("Commercial volume"), lot, party)
    document.add_heading(gettext("Letter of the bid"), level=1)
    words = gettext(
        "Having read the tender document of %(tender)s, lot %(lot)s, we offer to carry out the works for ______ yuan "
        "(in capitals: ______) within %(days)s calendar days, and are bound by this bid until its validity ends."
    )
    document.add_paragraph(words % {"tender": lot.tender.title, "lot": f"{lot.code} {lot.title}", "days": lot.days})
    if lot.bond:
        bond = gettext("A bid bond of %(bond)s yuan stands behind this bid; its cover is lodged sealed with it.")
        document.add_paragraph(bond % {"bond": thousands(lot.bond)})
    _chapters(document, _criteria(lot, scoring=False))
    return _saved(document)


def _document(title: str, lot: Lot, party: Party | None) -> Document:
    document = docx.Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(12)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    document.add_heading(title, level=0)
    document.add_paragraph(f"{lot.tender.title}\n{lot.code} {lot.title}")
    if party is not None:
        document.add_paragraph(
            gettext("Bidder: %(name)s (%(credit)s)") % {"name": party.name, "credit": party.credit_code}
        )
    return document


def _criteria(lot: Lot, *, scoring: bool) -> list[Mapping[str, str]]:
    """The criteria of the declared method, those with points or those of admission."""
    return [one for one in lot.method.get("criteria", ()) if (one.get("kind") != "pass") is scoring]


def _chapters(document: Document, criteria: Iterable[Mapping[str, str]]) -> None:
    for one in criteria:
        document.add_heading(gettext(one["title"]), level=1)
        if one.get("full"):
            document.add_paragraph(gettext("At most %(points)s points.") % {"points": one["full"]})
        document.add_paragraph()


def _saved(document: Document) -> bytes:
    for name in ("author", "last_modified_by", "comments", "title", "keywords", "subject"):
        setattr(document.core_properties, name, "")
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()
