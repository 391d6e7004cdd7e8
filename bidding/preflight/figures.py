"""Pure. Figures as spreadsheets store them, exactly: a text like 1234.5600000000002 or 1.2E-3 becomes a decimal.

Enters: the text of a cell. Leaves: a `Decimal` of the fifteen digits that a spreadsheet shows, or None. Twin:
preflight/figures.ts, which counts in whole numbers; both round half up.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Context, Decimal

FIGURE = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,20})?([eE][+-]?[0-9]|[eE][+-]?1[0-5])?")
SHOWN = Context(prec=15, rounding=ROUND_HALF_UP)
EXACT = Context(prec=120, rounding=ROUND_HALF_UP)
CENT = Decimal("0.01")


def figure(text: str) -> Decimal | None:
    """The figure in a cell, thousands separators and a yuan sign left out; None when it is none."""
    bare = text.strip().replace(",", "").replace("，", "").removeprefix("¥").removeprefix("￥").strip()
    return SHOWN.create_decimal(bare) if FIGURE.fullmatch(bare) else None


def cents(value: Decimal) -> Decimal:
    """Rounded to fen, half up (away from zero)."""
    return value.quantize(CENT, context=EXACT)


def times(left: Decimal, right: Decimal) -> Decimal:
    """The product, to fen."""
    return cents(EXACT.multiply(left, right))


def said(value: Decimal) -> str:
    """With two places, as sentences say it."""
    return f"{EXACT.add(cents(value), 0):f}"  # no minus before a zero
