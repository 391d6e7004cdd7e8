"""Pure. Lays prices out on a strip, so that the picture shows exactly the numbers of the record.

Enters: prices (Decimal yuan) with what each bid is called, and the lines to compare with: ceiling, base, abnormal-low
threshold. Leaves: places in per cent of the width ("42.37"), rows for dots that would overlap, deviations from the base
in per cent with two places, HALF_UP. No float: what is drawn is what was recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
MARGIN = Decimal(6)  # per cent of the width kept free at either end
APART = Decimal(7)  # per cent of the width below which two dots are put in different rows
TICKS = 4  # parts the axis is cut into


@dataclass(frozen=True)
class Quote:
    """One bid: `label` stands in the dot, `name` in the table, `mark` is "", "first" or "out" (set aside)."""

    label: str
    name: str
    price: Decimal
    mark: str = ""


@dataclass(frozen=True)
class Dot:
    """A quote in its place: `x` in per cent, `row` from 0 upwards, `deviation` from the base in per cent or None."""

    quote: Quote
    x: Decimal
    row: int
    deviation: Decimal | None


@dataclass(frozen=True)
class Line:
    """A price to compare with; `kind` is ceiling, base, low or tick, `end` says that its words go to its left."""

    kind: str
    price: Decimal
    x: Decimal
    end: bool


@dataclass(frozen=True)
class Strip:
    """Everything the picture needs: dots by price, lines, ticks, and how many rows of dots there are."""

    dots: tuple[Dot, ...]
    lines: tuple[Line, ...]
    ticks: tuple[Line, ...]
    rows: int


def deviation(price: Decimal, base: Decimal | None) -> Decimal | None:
    """(price - base) / base in per cent; None without a base."""
    if not base:
        return None
    return ((price - base) / base * 100).quantize(CENT, ROUND_HALF_UP)


def strip(
    quotes: Sequence[Quote],
    *,
    ceiling: Decimal | None = None,
    base: Decimal | None = None,
    low: Decimal | None = None,
) -> Strip:
    """Lay `quotes` out between the smallest and the greatest number of the picture. ValueError without any quote."""
    if not quotes:
        raise ValueError("a strip needs a price")
    compared = [(kind, price) for kind, price in (("ceiling", ceiling), ("base", base), ("low", low)) if price]
    prices = [quote.price for quote in quotes] + [price for _, price in compared]
    least, most = min(prices), max(prices)
    ordered = sorted(quotes, key=lambda quote: (quote.price, quote.label))
    places = [place(quote.price, least, most) for quote in ordered]
    rows = stacked(places)
    dots = (Dot(q, x, row, deviation(q.price, base)) for q, x, row in zip(ordered, places, rows, strict=True))
    lines = (_line(kind, price, least, most) for kind, price in compared)
    step = (most - least) / TICKS
    ticks = (least + step * n for n in range(TICKS + 1)) if step else iter([least])
    return Strip(tuple(dots), tuple(lines), tuple(_line("tick", t, least, most) for t in ticks), max(rows) + 1)


def place(price: Decimal, least: Decimal, most: Decimal) -> Decimal:
    """Where `price` stands between `least` and `most`, in per cent of the width; the middle when all are equal."""
    if least == most:
        return Decimal("50.00")
    return (MARGIN + (price - least) / (most - least) * (100 - 2 * MARGIN)).quantize(CENT, ROUND_HALF_UP)


def stacked(places: Iterable[Decimal]) -> list[int]:
    """For places in rising order, the lowest row in which each is `APART` from the one before it in that row."""
    last: list[Decimal] = []
    rows = []
    for x in places:
        row = next((n for n, other in enumerate(last) if x - other >= APART), len(last))
        last[row : row + 1] = [x]
        rows.append(row)
    return rows


def _line(kind: str, price: Decimal, least: Decimal, most: Decimal) -> Line:
    x = place(price, least, most)
    return Line(kind, price.quantize(CENT, ROUND_HALF_UP), x, end=x > 50)
