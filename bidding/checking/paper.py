"""A receipt on paper (电子投标回执), made with python-docx, in Chinese whatever language the page is in.

Enters: a lot and an answer. Leaves: the bytes of a .docx file with what the signed record says, its timestamp and its
place in the log as they are by now, and how anybody checks it. It names no organisation: who bid stays hidden here too.
"""

from __future__ import annotations

import hashlib
import io

import docx
from django.utils import translation
from django.utils.translation import gettext as _
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt

from bidding.models import Envelope, Refusal, Withdrawal
from bidding.submission.facts import kind_of
from bidding.submission.receipts import Answer, as_file, header_digest, proof_of, timestamp_of
from ledger.errors import Reason
from trading.models import Lot
from trading.periods import local
from trading.telling import told

LANGUAGE = "zh-hans"
FONT = "Noto Serif CJK SC"
Rows = list[tuple[str, str]]


def write_paper(lot: Lot, given: Answer) -> bytes:
    """The receipt as .docx."""
    with translation.override(LANGUAGE):
        document = docx.Document()
        _set_font(document)
        made = local(given.stamp).replace(tzinfo=None)
        document.core_properties.created = document.core_properties.modified = made
        document.core_properties.title = f"{_('Receipt')} {given.number}"
        document.add_heading(_title(given), level=0).alignment = WD_ALIGN_PARAGRAPH.CENTER
        _table(document, _what(lot, given) + _which(given))
        document.add_heading(_("What stands behind it"), level=1)
        _table(document, _behind(given))
        document.add_paragraph(_promise(given))
        document.add_paragraph(_how())
        out = io.BytesIO()
        document.save(out)
    return out.getvalue()


def _title(given: Answer) -> str:
    words = {
        "sealed": _("Receipt for a sealed bid"),
        "withdrawn": _("Receipt for a withdrawal"),
        "refused": _("Record of a refusal"),
        "not_withdrawn": _("Record of a refused withdrawal"),
    }
    return words[kind_of(given)]


def _what(lot: Lot, given: Answer) -> Rows:
    return [
        (_("Receipt number"), given.number),
        (_("Received at"), f"{local(given.stamp):%Y-%m-%d %H:%M:%S.%f %z}"),
        (_("Lot"), f"{lot.code} {lot.title}"),
        (_("Tender"), lot.tender.title),
        (_("Round"), str(given.round)),
        (_("Deadline for bids"), f"{local(lot.deadline):%Y-%m-%d %H:%M:%S %z}" if lot.deadline else ""),
        (_("Submission id"), given.submission),
    ]


def _which(given: Answer) -> Rows:
    if isinstance(given, Envelope):
        return [
            (_("Digest of the sealed file"), given.digest),
            (_("Digest of its header"), header_digest(given).hex()),
            (_("Size in bytes"), str(given.size)),
        ]
    if isinstance(given, Withdrawal):
        return [(_("Withdraws the receipt"), given.withdraws)]
    asked = [(_("Was to withdraw the receipt"), given.withdraws)] if given.is_withdrawal else []
    return [*asked, (_("Refused for"), "\n".join(_reasons(given)))]


def _reasons(given: Refusal) -> list[str]:
    return [told(Reason(one["code"], one["text"], one["facts"])) for one in given.reasons]


def _behind(given: Answer) -> Rows:
    stamped, proof = timestamp_of(given), proof_of(given)
    at = f"{local(stamped.at):%Y-%m-%d %H:%M:%S %z}" if stamped else _("not yet there when this paper was made")
    place = _("entry %(index)s, under the checkpoint of size %(size)s")
    where = place % {"index": proof.index, "size": proof.size} if proof else _("not yet there when this paper was made")
    return [
        (_("Signature of the platform (SHA-256)"), hashlib.sha256(bytes(given.signature)).hexdigest()),
        (_("Timestamp over the signature"), at),
        (_("Its leaf in the public log"), str(as_file(given)["leaf"])),
        (_("Place in the public log"), where),
    ]


def _promise(given: Answer) -> str:
    if not isinstance(given, Envelope):
        return _("The platform recorded this at the instant above, and signed it.")
    return _(
        "The platform holds the sealed file with this digest. Unless it was withdrawn, or replaced by a later receipt "
        "of the same bidder, it is in the count after the deadline and in the opening, opened or with its reason."
    )


def _how() -> str:
    return _(
        "This paper is for people; what proves is the JSON file of the same receipt. Anybody who holds that file can "
        "check it on the site, under “Check a receipt”, or with openssl alone."
    )


def _table(document: Document, rows: Rows) -> None:
    table = document.add_table(rows=0, cols=2, style="Table Grid")
    for name, value in rows:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = name, value


def _set_font(document: Document) -> None:
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(11)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
