"""The blanks that are tables: the opening list and the price schedule, made from the facts of a lot.

Enters: a lot, the bidder. Leaves: the bytes of .xlsx files. Sums are formulas, the price has the lot's ceiling as its
limit, and no properties name anybody. The labels are those that the check looks for (bidding/preflight).
"""

from __future__ import annotations

import io

from django.utils.translation import gettext
from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from trading.models import Lot, Party
from trading.money import thousands

LINES = 60
MONEY = "#,##0.00"
INPUT = PatternFill("solid", fgColor="FFF7DC")
HEAD = PatternFill("solid", fgColor="E8EEF4")
LINE = Side(style="thin", color="8A949E")
BOX = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)


def _sheet(title: str, widths: tuple[int, ...]) -> tuple[Workbook, Worksheet]:
    book = Workbook()
    sheet: Worksheet = book.active or book.create_sheet()
    sheet.title = title
    for place, width in enumerate(widths):
        sheet.column_dimensions["ABCDEF"[place]].width = width
    sheet.page_setup.paperSize, sheet.page_setup.fitToHeight = sheet.PAPERSIZE_A4, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    return book, sheet


def _say(sheet: Worksheet, place: str, text: str, **look: object) -> Cell:
    """A text in a cell: never a formula, whatever a title begins with."""
    cell: Cell = sheet[place]
    cell.value = text
    cell.data_type = "s"
    for name, value in look.items():
        setattr(cell, name, value)
    return cell


def _saved(book: Workbook) -> bytes:
    book.properties.creator, book.properties.lastModifiedBy = "", ""
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def opening_list(lot: Lot, party: Party) -> bytes:
    """What is read out at the opening: price, duration, quality, the person in charge."""
    book, sheet = _sheet(gettext("Opening list"), (26, 44))
    _say(sheet, "A1", gettext("Opening list"), font=Font(bold=True, size=16))
    rows = [
        (gettext("Project"), f"{lot.tender.title}"),
        (gettext("Lot"), f"{lot.code} {lot.title}"),
        (gettext("Bidder"), f"{party.name} ({party.credit_code})"),
        (gettext("Price of the bid (yuan)"), None),
        (gettext("Duration (calendar days)"), lot.days or None),
        (gettext("Quality standard"), gettext("Accepted as fit")),
        (gettext("Manager of the works"), None),
    ]
    for at, (label, value) in enumerate(rows, 3):
        _say(sheet, f"A{at}", label, border=BOX, fill=HEAD)
        cell = _say(sheet, f"B{at}", value, border=BOX) if isinstance(value, str) else sheet[f"B{at}"]
        if not isinstance(value, str):
            cell.value = value
        cell.border, cell.alignment = BOX, Alignment(wrap_text=True, horizontal="left")
        if at > 5:
            cell.fill = INPUT
    sheet["B6"].number_format = MONEY
    _limit(sheet, "B6", lot)
    _say(sheet, "A11", _ceiling_words(lot), alignment=Alignment(wrap_text=False), font=Font(size=9))
    return _saved(book)


def _ceiling_words(lot: Lot) -> str:
    if lot.ceiling is None:
        return gettext("This lot has no ceiling price. Fill in the yellow cells.")
    return gettext("The ceiling price is %(ceiling)s yuan. Fill in the yellow cells.") % {
        "ceiling": thousands(lot.ceiling)
    }


def _limit(sheet: Worksheet, place: str, lot: Lot) -> None:
    highest = "999999999999999" if lot.ceiling is None else f"{lot.ceiling:f}"
    rule = DataValidation(type="decimal", operator="between", formula1="0", formula2=highest)
    rule.error, rule.errorTitle = _ceiling_words(lot), gettext("Price of the bid (yuan)")
    sheet.add_data_validation(rule)
    rule.add(place)


def price_schedule(lot: Lot) -> bytes:
    """Quantity, unit price and amount, line by line; amounts and total are formulas."""
    book, sheet = _sheet(gettext("Price schedule"), (7, 40, 9, 14, 18, 20))
    _say(sheet, "A1", gettext("Price schedule"), font=Font(bold=True, size=16))
    _say(sheet, "A2", f"{lot.code} {lot.title}")
    heads = (
        gettext("No."), gettext("Description"), gettext("Unit"), gettext("Quantity"), gettext("Unit price (yuan)"),
        gettext("Amount (yuan)"),
    )  # fmt: skip
    for place, head in enumerate(heads):
        _say(sheet, f"{'ABCDEF'[place]}4", head, font=Font(bold=True), fill=HEAD, border=BOX)
    for at in range(5, 5 + LINES):
        _line(sheet, at)
    last = 4 + LINES
    _say(sheet, f"B{last + 1}", gettext("Total"), font=Font(bold=True))
    total = sheet[f"F{last + 1}"]
    total.value, total.number_format, total.font = f"=SUM(F5:F{last})", MONEY, Font(bold=True)
    for column in "ABCDEF":
        sheet[f"{column}{last + 1}"].border = BOX
    sheet.freeze_panes = "A5"
    sheet.print_title_rows = "4:4"
    return _saved(book)


def _line(sheet: Worksheet, at: int) -> None:
    sheet[f"A{at}"].value = at - 4
    sheet[f"F{at}"].value = f'=IF(OR(D{at}="",E{at}=""),"",ROUND(D{at}*E{at},2))'
    for column in "ABCDEF":
        cell = sheet[f"{column}{at}"]
        cell.border = BOX
        if column in "BCDE":
            cell.fill = INPUT
        if column in "EF":
            cell.number_format = MONEY
