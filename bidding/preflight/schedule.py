"""Pure. Rule: the sums of the price schedule are right, and it comes to the price of the bid.

Enters: the rows of the workbook's sheets, the price. Leaves: findings. A row is a line when quantity and unit price are
figures; what a formula would give and nobody has computed yet is computed here. Law: order 12, article 19 (errors of
arithmetic are put right by the panel, against the bidder).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bidding.preflight.figures import CENT, EXACT, cents, figure, said, times
from bidding.preflight.finding import Finding
from bidding.preflight.markup import folded
from bidding.preflight.workbook import Row

QUANTITY = ("数量", "工程量", "quantity", "qty")
UNIT_PRICE = ("综合单价", "单价", "unitprice")
AMOUNT = ("金额", "合价", "amount")
TOTAL = ("合计", "总计", "总价", "投标总价", "total", "grandtotal")
SUBTOTAL = ("小计", "subtotal")
MOST = 20  # of findings about single rows


@dataclass(frozen=True)
class Columns:
    """Where quantity, unit price and amount stand."""

    quantity: int
    price: int
    amount: int


def _columns(row: Row) -> Columns | None:
    found = {}
    for cell in row.cells:
        text = folded(cell.text)
        for word, names in (("quantity", QUANTITY), ("price", UNIT_PRICE), ("amount", AMOUNT)):
            if word not in found and text.startswith(names):
                found[word] = cell.column
                break
    return Columns(**found) if len(found) == 3 else None


@dataclass
class _Sums:
    """What a table adds up to: of the amounts as rounded, and as they are stored."""

    rounded: Decimal = Decimal(0)
    stored: Decimal = Decimal(0)
    lines: int = 0

    def add(self, amount: Decimal) -> None:
        self.rounded = EXACT.add(self.rounded, cents(amount))
        self.stored = EXACT.add(self.stored, amount)
        self.lines += 1


def check_schedule(name: str, sheets: Iterable[Sequence[Row]], price: Decimal | None) -> list[Finding]:
    """The findings about the schedule in the file `name`; `price` None while none is typed."""
    for rows in sheets:
        for at, row in enumerate(rows):
            columns = _columns(row)
            if columns is not None:
                return _check_table(name, rows[at + 1 :], columns, price)
    return [Finding("bidding.schedule_unread", name)]


def _check_table(name: str, rows: Sequence[Row], columns: Columns, price: Decimal | None) -> list[Finding]:
    sums, found = _Sums(), list[Finding]()
    total: Decimal | None = None
    for row in rows:
        head = [folded(cell.text) for cell in row.cells if cell.column < columns.amount]
        if any(text.startswith(TOTAL) for text in head):
            total = figure(row.at(columns.amount).text)
            break
        if not any(text.startswith(SUBTOTAL) for text in head):
            found += _check_line(name, row, columns, sums)
    if not sums.lines:
        return [Finding("bidding.schedule_unread", name)]
    return [*found[:MOST], *_check_total(name, sums, total, price)]


def _check_line(name: str, row: Row, columns: Columns, sums: _Sums) -> Iterator[Finding]:
    quantity, each = figure(row.at(columns.quantity).text), figure(row.at(columns.price).text)
    if quantity is None or each is None:
        return
    right, cell = times(quantity, each), row.at(columns.amount)
    amount = figure(cell.text)
    if amount is not None and abs(EXACT.subtract(cents(amount), right)) > CENT:
        facts = {"row": str(row.number), "right": said(right), "found": said(amount)}
        yield Finding("bidding.schedule_line", name, facts)
    elif amount is None and not cell.formula:
        facts = {"row": str(row.number), "right": said(right), "found": cell.text or "—"}
        yield Finding("bidding.schedule_line", name, facts)
    sums.add(right if amount is None else amount)


def _check_total(name: str, sums: _Sums, total: Decimal | None, price: Decimal | None) -> Iterator[Finding]:
    if total is not None and cents(total) not in {sums.rounded, cents(sums.stored)}:
        yield Finding("bidding.schedule_total", name, {"right": said(sums.rounded), "found": said(total)})
    whole = sums.rounded if total is None else total
    if price is not None and cents(whole) != cents(price):
        yield Finding("bidding.schedule_price", name, {"found": said(whole), "price": said(price)})
