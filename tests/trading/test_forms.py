"""Forms: what a client sends becomes what was declared, or a refusal that names the field; nothing else, ever."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ledger.errors import Refused
from trading.forms import LONGEST, instant_or_none, list_fields, parse

MOST = 10**16
SHANGHAI = timezone(timedelta(hours=8))


class Colour(StrEnum):
    """A choice."""

    RED = "red"


@dataclass(frozen=True)
class Inner:
    """A form within a form."""

    count: int


@dataclass(frozen=True)
class Sent:
    """A field of each kind."""

    text: str = ""
    number: int = 0
    price: Decimal = Decimal(0)
    flag: bool = False
    at: datetime | None = None
    data: bytes = b""
    colour: Colour = Colour.RED
    inner: Inner | None = None
    several: tuple[Inner, ...] = ()


def codes(name: str, value: object) -> list[tuple[str, str]]:
    """The refusal of one field: its codes with the fields that they name."""
    with pytest.raises(Refused) as caught:
        parse(Sent, {name: value})
    return [(one.code, one.facts["field"]) for one in caught.value.reasons]


def test_every_kind_is_read() -> None:
    sent = {
        "text": " 甲\r\n乙 ", "number": "-12", "price": "9380000.50", "flag": "on", "at": "2026-03-10T09:30",
        "data": "eHk=", "colour": "red", "inner": {"count": 3}, "several": [{"count": "1"}, {"count": 2}],
    }  # fmt: skip
    assert parse(Sent, sent) == Sent(
        "甲\n乙", -12, Decimal("9380000.50"), True, datetime(2026, 3, 10, 9, 30, tzinfo=SHANGHAI), b"xy", Colour.RED,
        Inner(3), (Inner(1), Inner(2)),
    )  # fmt: skip
    assert parse(Sent, {"data": io.BytesIO(b"file"), "at": ""}) == Sent(data=b"file")
    assert parse(Sent, {"data": "YWJj" * LONGEST}).data == b"abc" * LONGEST
    assert (list_fields(Sent), instant_or_none("never")) == ({"several"}, None)


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("text", 5, "not_text"), ("text", "x" * (LONGEST + 1), "too_long"), ("text", "a\0b", "too_long"),
        ("text", "\ud800", "too_long"), ("number", 2**63, "not_a_number"), ("number", "1.0", "not_a_number"),
        ("number", True, "not_a_number"), ("number", "٣", "not_a_number"), ("price", "1e5", "not_a_decimal"),
        ("price", 2**63, "not_a_decimal"), ("flag", "yes", "not_a_flag"), ("flag", [], "not_a_flag"),
        ("at", "2026-13-01", "not_an_instant"), ("at", [], "not_text"),
        ("at", "1969-12-31T23:59:59Z", "not_an_instant"), ("at", "0001-01-01T00:00+23:59", "not_an_instant"),
        ("at", "9999-12-31T23:59-23:59", "not_an_instant"), ("data", "é", "not_base64"), ("data", "x", "not_base64"),
        ("colour", "blue", "not_a_choice"), ("colour", {}, "not_text"), ("inner", [1], "not_an_object"),
        ("several", "x", "not_a_list"), ("several", {}, "not_a_list"), ("other", 1, "unknown_field"),
    ],
)  # fmt: skip
def test_what_is_not_what_was_declared_is_refused_under_its_name(name: str, value: object, code: str) -> None:
    assert codes(name, value) == [(f"form.{code}", name)]


def test_a_field_within_is_named_with_its_place() -> None:
    assert codes("several", [{"count": 1}, {"count": "x"}]) == [("form.not_a_number", "several.1.count")]
    assert codes("inner", {"counts": 1}) == [("form.unknown_field", "inner.counts"), ("form.missing", "inner.count")]


LEAVES = (
    st.none() | st.booleans() | st.integers() | st.text(max_size=30) | st.sampled_from(["\ud800", "0" * 5000, "٣", "²"])
    | st.datetimes(timezones=st.timezones()).map(datetime.isoformat)
)  # fmt: skip
NAMES = st.text(max_size=9)
JSON = st.recursive(LEAVES, lambda some: st.lists(some, max_size=3) | st.dictionaries(NAMES, some, max_size=3))


@given(st.dictionaries(st.sampled_from([one.name for one in fields(Sent)]), JSON))
@example({"at": "0001-01-01T00:00:00+23:59"})
def test_whatever_json_says_is_a_form_that_can_be_kept_or_a_refusal(sent: dict[str, Any]) -> None:
    try:
        found = parse(Sent, json.loads(json.dumps(sent)))
    except Refused:
        return
    assert found.text.encode().decode() == found.text
    assert abs(found.number) < MOST
    assert abs(found.price) < MOST
    assert found.at is None or found.at.astimezone(UTC).year >= 1970
