"""Canonical bytes: one spelling for each value, and nothing else is read."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.canon import EPOCH, MAX_UINT, Commitment, Malformed, Places, decode, encode, record


@record("tests.part/1")
class Part:
    name: str
    weight: int


@record("tests.whole/1")
class Whole:
    count: int
    text: str
    raw: bytes
    at: datetime
    parts: tuple[Part, ...]
    hidden: Commitment
    price: Annotated[Decimal, Places(2)]
    yes: bool
    maybe: str | None


texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])).map(
    lambda text: unicodedata.normalize("NFC", text)
)
instants = st.integers(0, 10**17).map(lambda number: EPOCH + timedelta(microseconds=number // 100))
prices = st.integers(-(10**12), 10**12).map(lambda cents: Decimal(cents).scaleb(-2))
wholes = st.builds(
    Whole,
    st.integers(0, MAX_UINT),
    texts,
    st.binary(),
    instants,
    st.lists(st.builds(Part, texts, st.integers(0, 9))).map(tuple),
    st.binary(min_size=32, max_size=32).map(Commitment),
    prices,
    st.booleans(),
    st.none() | texts,
)

SAMPLE = Whole(
    7,
    "标段一",
    b"\x00\xff",
    datetime(2026, 3, 2, 1, 0, 0, 5, UTC),
    (Part("a", 1),),
    Commitment(b"\x11" * 32),
    Decimal("-12.50"),
    True,
    None,
)


def test_bytes_of_one_value_are_pinned() -> None:
    assert encode(SAMPLE).hex() == (
        "090000000d74657374732e77686f6c652f3100000009"
        "010000000000000007"
        "0200000009e6a087e6aeb5e4b880"
        "030000000200ff"
        "0400064c001b2e6405"
        "0500000001" + "090000000c74657374732e706172742f3100000002" + "020000000161" + "010000000000000001"
        "06" + "11" * 32 + "07000000062d31322e3530" + "0801" + "00"
    )


@given(wholes)
def test_what_is_written_is_read_again(value: Whole) -> None:
    assert decode(Whole, encode(value)) == value


@given(wholes, wholes)
def test_two_values_never_share_bytes(one: Whole, other: Whole) -> None:
    assert (encode(one) == encode(other)) == (one == other)


@given(wholes, st.data())
def test_any_changed_byte_is_refused_or_another_value(value: Whole, data: st.DataObject) -> None:
    raw = bytearray(encode(value))
    at = data.draw(st.integers(0, len(raw) - 1))
    raw[at] ^= data.draw(st.integers(1, 255))
    try:
        found = decode(Whole, bytes(raw))
    except Malformed:
        return
    assert found != value
    assert encode(found) == bytes(raw)


@pytest.mark.parametrize("cut", [1, 5, 30])
def test_short_and_long_bytes_are_refused(cut: int) -> None:
    raw = encode(SAMPLE)
    for wrong in (raw[:-cut], raw + b"\0" * cut, b""):
        with pytest.raises(Malformed):
            decode(Whole, wrong)


@pytest.mark.parametrize(
    "part",
    [
        Part("e\u0301", 1),  # not NFC
        Part("a\0b", 1),
        Part("a", -1),
        Part("a", MAX_UINT + 1),
        Part("a", True),
        Part("\ud800", 1),
        Part(b"a", 1),  # type: ignore[arg-type]
    ],
)
def test_values_without_canonical_bytes_are_refused(part: Part) -> None:
    with pytest.raises(Malformed):
        encode(part)


@record("tests.price/1")
class Price:
    amount: Annotated[Decimal, Places(2)]


@pytest.mark.parametrize("text", [b"1.5", b"01.50", b"-0.00", b"1,50", b"+1.50", b"1.500", b"1e2", b" 1.50", b""])
def test_decimals_have_one_spelling(text: bytes) -> None:
    raw = encode(Price(Decimal("1.50")))
    head = raw[: raw.rindex(b"\x07")]
    with pytest.raises(Malformed):
        decode(Price, head + b"\x07" + len(text).to_bytes(4, "big") + text)


def test_a_decimal_with_more_places_is_refused() -> None:
    with pytest.raises(Malformed):
        encode(Price(Decimal("1.505")))
    with pytest.raises(Malformed):
        encode(Price(Decimal("NaN")))
    assert decode(Price, encode(Price(Decimal(-0)))) == Price(Decimal("0.00"))


def test_a_float_has_no_canonical_form() -> None:
    @record("tests.float/1")
    class Wrong:
        share: float

    with pytest.raises(TypeError):
        encode(Wrong(0.5))
