"""Pure. Money as it is written, read and printed: Decimal yuan with two places (domain.md 0.5).

Enters: text as people and files write it, or Decimals. Leaves: Decimals, or text with thousands, in capitals (大写), in
percent. Nothing is guessed on reading: what is not plainly a price is refused with its reason.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

from ledger.errors import _, refused

CENT = Decimal("0.01")
HUNDRED = Decimal(100)
# 18 digits as stored: 16 before the point. Far above any tender, far below any overflow.
TOO_MUCH = Decimal(10) ** 16
PLAIN = re.compile(r"(0|[1-9][0-9]*)(\.[0-9]+)?", re.ASCII)

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
GROUPS = ("", "万", "亿", "兆")


def parse_price(text: str) -> Decimal:
    """The price `text` writes: digits, at most one point, at most two places; no sign, space, thousands or exponent.

    Refused: `trading.price_empty`, `trading.price_not_decimal`, `trading.price_places`, `trading.price_too_large`,
    `trading.price_zero`.
    """
    price = parse_amount(text)
    if not price:
        refused("trading.price_zero", _("A price is more than zero."))
    return price


def parse_amount(text: str) -> Decimal:
    """As `parse_price`, but zero is an amount too."""
    if not text:
        refused("trading.price_empty", _("There is no amount."))
    match = PLAIN.fullmatch(text)
    if not match:
        refused(
            "trading.price_not_decimal", _("An amount is written in digits with at most one point, like 9600000.00.")
        )
    if len(match[2] or "") > 3:
        refused("trading.price_places", _("An amount has at most two places after the point."))
    amount = Decimal(text)
    if amount >= TOO_MUCH:
        refused("trading.price_too_large", _("The amount is larger than this house can trade."))
    return amount.quantize(CENT)


def cents(amount: Decimal) -> Decimal:
    """`amount` rounded to two places, half up (四舍五入)."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def thousands(amount: Decimal) -> str:
    """`amount` with two places and commas: 9,600,000.00."""
    return f"{cents(amount):,f}"


def percent(ratio: Decimal, places: int = 2, rounding: str = ROUND_HALF_UP) -> str:
    """`ratio` as percent with `places` digits, rounded once: Decimal("0.0218235") is 2.18%."""
    return f"{(ratio * HUNDRED).quantize(Decimal(1).scaleb(-places), rounding):f}%"


def capitals(amount: Decimal) -> str:
    """`amount` in the capitals that contracts and guarantees use: 玖佰陆拾万元整 (票据大写).

    Zeros between two digits are said once; an amount without fen ends in 整. Negative ones begin with 负.
    """
    value = cents(amount)
    whole, rest = divmod(int(abs(value) * HUNDRED), 100)
    if whole >= TOO_MUCH:
        raise ValueError("an amount that cannot be traded has no capitals")
    jiao, fen = divmod(rest, 10)
    yuan = f"{_whole(whole)}元" if whole else ""
    parts = [DIGITS[jiao] + "角" if jiao else "", DIGITS[fen] + "分" if fen else ""]
    if whole and fen and not jiao:
        parts[0] = DIGITS[0]
    small = "".join(parts)
    text = (yuan or ("" if small else "零元")) + small + ("" if fen else "整")
    return ("负" if value < 0 else "") + text


def _whole(number: int) -> str:
    spoken, gap = "", False
    for index in range(len(GROUPS) - 1, -1, -1):
        group = number // 10 ** (4 * index) % 10**4
        if group == 0:
            gap = bool(spoken)
            continue
        if spoken and (gap or group < 1000):
            spoken += DIGITS[0]
        spoken, gap = spoken + _group(group) + GROUPS[index], False
    return spoken


def _group(number: int) -> str:
    spoken, gap = "", False
    for index in range(3, -1, -1):
        digit = number // 10**index % 10
        if digit:
            spoken += (DIGITS[0] if gap else "") + DIGITS[digit] + PLACES[index]
        gap = bool(spoken) and digit == 0
    return spoken
