"""Money: strict reading, thousands, capitals, percent."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import Refused
from trading.money import TOO_MUCH, capitals, cents, parse_amount, parse_price, percent, thousands

AMOUNTS = st.decimals(Decimal("0.01"), TOO_MUCH - 1, places=2)


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("9600000", "9600000.00"),
        ("9600000.5", "9600000.50"),
        ("9600000.05", "9600000.05"),
        ("0.01", "0.01"),
        ("9999999999999999.99", "9999999999999999.99"),
    ],
)
def test_parse_price(text: str, price: str) -> None:
    assert str(parse_price(text)) == price


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "trading.price_empty"),
        ("0", "trading.price_zero"),
        ("0.00", "trading.price_zero"),
        ("1.001", "trading.price_places"),
        ("1.000", "trading.price_places"),
        ("10000000000000000", "trading.price_too_large"),
        ("9" * 5000, "trading.price_too_large"),
        ("-1", "trading.price_not_decimal"),
        ("+1", "trading.price_not_decimal"),
        ("1e3", "trading.price_not_decimal"),
        (" 1", "trading.price_not_decimal"),
        ("1\n", "trading.price_not_decimal"),
        ("1 000", "trading.price_not_decimal"),
        ("1,000", "trading.price_not_decimal"),
        ("01", "trading.price_not_decimal"),
        (".5", "trading.price_not_decimal"),
        ("5.", "trading.price_not_decimal"),
        ("1.2.3", "trading.price_not_decimal"),
        ("NaN", "trading.price_not_decimal"),
        ("Infinity", "trading.price_not_decimal"),
        ("0x10", "trading.price_not_decimal"),
        ("1_000", "trading.price_not_decimal"),
        ("１００", "trading.price_not_decimal"),  # full-width digits are digits to int(), not to us
        ("٣", "trading.price_not_decimal"),
        ("壹", "trading.price_not_decimal"),
    ],
)
def test_what_is_not_plainly_a_price_is_refused(text: str, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        parse_price(text)
    assert refusal.value.codes == [code]


def test_zero_is_an_amount() -> None:
    assert str(parse_amount("0")) == "0.00"


@pytest.mark.parametrize(
    ("amount", "text"),
    [("0", "0.00"), ("9600000", "9,600,000.00"), ("999.995", "1,000.00"), ("-1234.5", "-1,234.50")],
)
def test_thousands(amount: str, text: str) -> None:
    assert thousands(Decimal(amount)) == text


def test_cents_round_half_up() -> None:
    assert [str(cents(Decimal(text))) for text in ("0.005", "0.0049", "1.015", "2.675")] == [
        "0.01", "0.00", "1.02", "2.68",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("ratio", "places", "rounding", "text"),
    [
        ("0.0428536", 2, "ROUND_HALF_UP", "4.29%"),
        ("0.0428536", 2, "ROUND_DOWN", "4.28%"),
        ("0.02", 0, "ROUND_HALF_UP", "2%"),
        ("-0.0496", 2, "ROUND_HALF_UP", "-4.96%"),
    ],
)
def test_percent(ratio: str, places: int, rounding: str, text: str) -> None:
    assert percent(Decimal(ratio), places, rounding) == text


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角整"),
        ("0.55", "伍角伍分"),
        ("1", "壹元整"),
        ("1.05", "壹元零伍分"),
        ("1.50", "壹元伍角整"),
        ("10", "壹拾元整"),
        ("105", "壹佰零伍元整"),
        ("1005", "壹仟零伍元整"),
        ("1050", "壹仟零伍拾元整"),
        ("10000", "壹万元整"),
        ("10005", "壹万零伍元整"),
        ("100500", "壹拾万零伍佰元整"),
        ("101000", "壹拾万壹仟元整"),
        ("9596000", "玖佰伍拾玖万陆仟元整"),
        ("48198000.32", "肆仟捌佰壹拾玖万捌仟元叁角贰分"),
        ("100000000", "壹亿元整"),
        ("100000005", "壹亿零伍元整"),
        ("100010000", "壹亿零壹万元整"),
        ("2000300040", "贰拾亿零叁拾万零肆拾元整"),
        ("1000000000000", "壹兆元整"),
        ("-1.20", "负壹元贰角整"),
    ],
)
def test_capitals(amount: str, text: str) -> None:
    assert capitals(Decimal(amount)) == text


def test_capitals_of_the_untradable_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="cannot be traded"):
        capitals(TOO_MUCH)


def read_capitals(text: str) -> Decimal:
    """The reader of a schoolbook, written apart from the writer: digit times place, summed by group."""
    values = dict(zip("零壹贰叁肆伍陆柒捌玖", range(10), strict=True))
    places = {"拾": 10, "佰": 100, "仟": 1000}
    total = group = digit = 0
    for sign in text.removesuffix("整"):
        if sign in values:
            digit = values[sign]
        elif sign in places:
            group, digit = group + digit * places[sign], 0
        elif sign in {"万", "亿", "兆"}:
            total, group, digit = total + (group + digit) * {"万": 10**4, "亿": 10**8, "兆": 10**12}[sign], 0, 0
        elif sign == "元":
            total, group, digit = (total + group + digit) * 100, 0, 0
        else:
            total, digit = total + digit * {"角": 10, "分": 1}[sign], 0
    return Decimal(total) / 100


@given(AMOUNTS)
def test_capitals_can_be_read_back(amount: Decimal) -> None:
    assert read_capitals(capitals(amount)) == amount


@given(AMOUNTS)
def test_a_written_price_is_read_back(amount: Decimal) -> None:
    assert parse_price(f"{amount:f}") == amount
    assert parse_price(thousands(amount).replace(",", "")) == amount


def read_or_code(text: str) -> Decimal | str:
    """The price, or the one code of the refusal."""
    try:
        return parse_price(text)
    except Refused as refusal:
        (code,) = refusal.codes
        return code


@given(st.text(max_size=12) | st.from_regex(r"[0-9]{1,4}(\.[0-9]{0,3})?", fullmatch=True))
def test_any_text_is_a_price_or_refused(text: str) -> None:
    found = read_or_code(text)
    if isinstance(found, Decimal):
        assert found > 0
        assert str(found) == f"{Decimal(text):.2f}"
    else:
        assert found.startswith("trading.price_")
