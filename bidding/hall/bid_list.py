"""The list of bids as read out, as a spreadsheet and as CSV.

Enters: a read-out. Leaves: the bytes of an .xlsx file, or text. Figures stay figures, the words of the price stand
beside.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from django.utils.translation import gettext
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from bidding.hall.shown import consequence
from bidding.opening.events import Readout
from bidding.opening.reasons import why
from trading.models import Lot
from trading.money import capitals

WIDTHS = (6, 36, 22, 18, 42, 12, 28)
FORMULA = ("=", "+", "-", "@", "\t")


def _safe(text: str) -> str:
    """A name that a spreadsheet might take for a formula, made harmless."""
    return f"'{text}" if text.startswith(FORMULA) else text


def columns() -> list[str]:
    """The head of the list, in the reader's language."""
    return [
        gettext("No."),
        gettext("Bidder"),
        gettext("Credit code"),
        gettext("Price (yuan)"),
        gettext("Price in words"),
        gettext("Duration (calendar days)"),
        gettext("Remarks"),
    ]


def rows(readout: Readout) -> Iterator[list[object]]:
    """One row a bid, by number; those that did not open have no price."""
    opened: dict[int, list[object]] = {
        one.number: [
            one.number, _safe(one.name), one.credit_code, one.price, capitals(one.price), one.days or "",
            " ".join(why(code) for code in (one.invalid, *one.cover) if code),
        ]
        for one in readout.bids
    }  # fmt: skip
    failed: dict[int, list[object]] = {
        one.number: [
            one.number, _safe(one.name), one.credit_code, "", "", "", f"{why(one.reason)} {consequence(one.side)}",
        ]
        for one in readout.failed
    }  # fmt: skip
    everything = opened | failed
    yield from (everything[number] for number in sorted(everything))


def as_xlsx(lot: Lot, readout: Readout) -> bytes:
    """The bid list as an .xlsx file."""
    book = Workbook()
    sheet = book.active or book.create_sheet()
    sheet.title = gettext("Bid list")
    sheet.append([f"{lot.code} {lot.title}"])
    sheet["A1"].font = Font(bold=True, size=14)
    sheet.append(columns())
    for row in rows(readout):
        sheet.append(row)
    for place, width in enumerate(WIDTHS, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
        head = sheet.cell(row=2, column=place)
        head.font, head.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="center")
    for place in range(3, sheet.max_row + 1):
        sheet.cell(row=place, column=4).number_format = "#,##0.00"
    sheet.freeze_panes = "C3"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def as_csv(readout: Readout) -> str:
    """The bid list as CSV (RFC 4180) with a mark for spreadsheets that guess encodings."""
    made = io.StringIO()
    writer = csv.writer(made)
    writer.writerow(columns())
    writer.writerows(rows(readout))
    return "\ufeff" + made.getvalue()
