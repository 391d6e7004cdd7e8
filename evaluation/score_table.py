"""The score sheets as a table (评分表), made with openpyxl: one sheet with the ranking, one with every member's points.

Enters: the signed report, the members by name, their points. Leaves: the bytes of an .xlsx file. Text that came from
outside is written as text, so that no cell becomes a formula.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.utils import translation
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from evaluation.members import Member
from evaluation.report import Report
from evaluation.scoring import Sheet
from trading.periods import local

LANGUAGE = "zh-hans"
Value = str | int | Decimal | None


def write(report: Report, members: Sequence[Member], points: Mapping[str, Sheet]) -> bytes:
    """The table as .xlsx."""
    with translation.override(LANGUAGE):
        book = Workbook()
        made = local(report.made).replace(tzinfo=None)
        book.properties.created = book.properties.modified = made
        ranking = book.worksheets[0]
        ranking.title = _("Ranking")
        _fill(ranking, _ranking(report))
        scores = book.create_sheet(_("Points by member"))
        _fill(scores, _scores(report, members, points))
        out = io.BytesIO()
        book.save(out)
    return out.getvalue()


def _ranking(report: Report) -> list[Sequence[Value]]:
    head = (
        _("Place"), _("No."), _("Bidder"), _("Price (yuan)"), _("From base price (%)"),
        _("Price points"), _("Technical points"), _("Total"),
    )  # fmt: skip
    rows: list[Sequence[Value]] = [head]
    for line in report.lines:
        bid = report.bid(line.bid)
        figures = line.deviation, line.price_points, line.technical, line.total
        rows.append((line.place, bid.number, bid.name, bid.price, *figures))
    rejected = sorted({report.bid(row.bid).number for row in report.rejections})
    names = {bid.number: bid for bid in report.bids}
    return [*rows, *((_("rejected"), number, names[number].name, names[number].price) for number in rejected)]


def _scores(report: Report, members: Sequence[Member], points: Mapping[str, Sheet]) -> list[Sequence[Value]]:
    items = sorted({item for sheet in points.values() for row in sheet.values() for item in row})
    rows: list[Sequence[Value]] = [(_("No."), _("Bidder"), _("Seat"), _("Member"), *items, _("Total"))]
    for line in sorted(report.lines, key=lambda line: report.bid(line.bid).number):
        bid = report.bid(line.bid)
        for member in members:
            own = points.get(member.code, {}).get(line.bid, {})
            figures = [own.get(item) for item in items]
            total = sum(own.values(), Decimal(0)) if own else None
            rows.append((bid.number, bid.name, member.number, member.name, *figures, total))
    return rows


def _fill(sheet: Worksheet, rows: Sequence[Sequence[Value]]) -> None:
    for at, row in enumerate(rows, start=1):
        for place, value in enumerate(row, start=1):
            cell = sheet.cell(at, place, value)
            if isinstance(value, str):
                cell.data_type = "s"
            if isinstance(value, Decimal):
                cell.number_format = "#,##0.00"
            if at == 1:
                cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
