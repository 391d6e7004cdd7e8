"""The manifest: comes back as written, and nothing that is not of its form is taken."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bidding.envelope.manifest import (
    MAX_BYTES,
    FileEntry,
    Item,
    Manifest,
    check_manifest,
    read_manifest,
    write_manifest,
)
from ledger.errors import Refused
from tests.bidding.envelope.makers import SALT, in_memory, manifest_for, sheet_for

SHEET = sheet_for()
GOOD = manifest_for(SHEET, SALT, [in_memory("技术标.pdf", b"%PDF")])
TEXT = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=20).filter(str.isascii)


def value() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(write_manifest(GOOD))
    return found


def changed(**changes: object) -> bytes:
    return json.dumps(value() | changes).encode()


def without(key: str) -> bytes:
    return json.dumps({name: one for name, one in value().items() if name != key}).encode()


WHOLE = write_manifest(GOOD).decode()
FILE = value()["files"][0]
BAD: dict[str, tuple[bytes, str]] = {
    "not JSON": (b"{", "manifest"),
    "not an object": (b"[]", "manifest"),
    "a byte order mark": (b"\xef\xbb\xbf" + WHOLE.encode(), "manifest"),
    "not UTF-8": (WHOLE.encode("gb18030"), "manifest"),
    "something after": (WHOLE.encode() + b"{}", "manifest"),
    "too deep": (b"[" * 100_000, "manifest"),
    "too long": (WHOLE.encode() + b" " * MAX_BYTES, "manifest"),
    "a key twice": (WHOLE.replace('"round": 1', '"round": 1, "round": 2').encode(), "manifest"),
    "a key twice below": (WHOLE.replace('"credit_code"', '"name": "x", "credit_code"').encode(), "manifest"),
    "an unknown key": (changed(discount="1"), "manifest"),
    "an unknown key below": (changed(bidder=value()["bidder"] | {"phone": "1"}), "manifest"),
    "another format": (changed(format="sunlight.manifest/2"), "manifest"),
    "a round that is text": (changed(round="1"), "manifest"),
    "a round that is true": (changed(round=True), "manifest"),
    "a round that is a float": (WHOLE.replace('"round": 1', '"round": 1.0').encode(), "manifest"),
    "a negative round": (changed(round=-1), "manifest"),
    "a sheet in capitals": (changed(sheet="AB" * 32), "manifest"),
    "a short submission": (changed(submission="00"), "manifest"),
    "an empty lot": (changed(lot=""), "manifest"),
    "a lot with a line end": (changed(lot="a\nb"), "manifest"),
    "a lot that is not NFC": (changed(lot="e\u0301"), "manifest"),
    "half a surrogate pair": (changed(lot="\ud800"), "manifest"),
    "a bidder that is text": (changed(bidder="9131"), "manifest"),
    "items that are no list": (changed(items={}), "manifest"),
    "an item without value": (changed(items=[{"name": "a"}]), "manifest"),
    "too many items": (changed(items=[{"name": "a", "value": "b"}] * 1001), "manifest"),
    "a file without digest": (changed(files=[{"name": "a", "size": 1}]), "manifest"),
    "a file of negative size": (changed(files=[FILE | {"size": -1}]), "manifest"),
    "a file with a path": (changed(files=[FILE | {"name": "../a"}]), "file_name"),
    "a file twice": (changed(files=[FILE, FILE]), "file_twice"),
    "a file twice but for case": (changed(files=[FILE | {"name": "a"}, FILE | {"name": "A"}]), "file_twice"),
    "time without a zone": (changed(time="2026-03-02T09:00:00"), "manifest"),
    "a day that is none": (changed(time="2026-02-30T09:00:00Z"), "manifest"),
    "an own key that is none": (changed(own_key="age1"), "key_text"),
    "a price that is a number": (changed(price=1), "price"),
    "a price that is NaN": (WHOLE.replace('"9596000.00"', "NaN").encode(), "manifest"),
    **{
        f"price {text!r}": (changed(price=text), "price")
        for text in ("", "1,000.00", "1.234", "-1", "+1", "1e6", "01", ".5", "5.", "NaN", " 1", "1 ", "１２", "1\n")
    },
}


@pytest.mark.parametrize(("data", "code"), BAD.values(), ids=[ascii(name) for name in BAD])
def test_a_bad_manifest_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        read_manifest(data)
    assert refusal.value.codes == [f"bidding.{code}"]


@pytest.mark.parametrize("key", sorted(value()))
def test_every_key_is_needed(key: str) -> None:
    with pytest.raises(Refused) as refusal:
        read_manifest(without(key))
    assert refusal.value.codes == ["bidding.manifest"]


@given(
    st.decimals(0, 10**14, places=2),
    st.lists(st.builds(Item, TEXT, TEXT), max_size=5).map(tuple),
    st.one_of(st.none(), st.binary(min_size=32, max_size=32)),
    st.datetimes(timezones=st.just(timezone(timedelta(hours=8)))),
)
def test_what_is_written_reads_back(
    price: Decimal, items: tuple[Item, ...], digest: bytes | None, time: datetime
) -> None:
    files = () if digest is None else (FileEntry("文件.pdf", 7, digest),)
    manifest = replace(GOOD, price=price, items=items, files=files, time=time)
    assert read_manifest(write_manifest(manifest)) == manifest


def test_the_price_keeps_its_digits() -> None:
    assert str(read_manifest(changed(price="9596000.00")).price) == "9596000.00"
    assert str(read_manifest(changed(price="0")).price) == "0"


def test_a_manifest_that_would_not_read_back_is_not_written() -> None:
    for bad in (replace(GOOD, price=Decimal("1.001")), replace(GOOD, lot="a\nb")):
        with pytest.raises(Refused):
            write_manifest(bad)
    with pytest.raises(Refused):
        write_manifest(replace(GOOD, time=datetime(2026, 3, 2, tzinfo=UTC).replace(tzinfo=None)))


def codes(manifest: Manifest, policy: str = "2(a,c,r)") -> list[str]:
    sheet = sheet_for(policy)
    try:
        check_manifest(replace(manifest, sheet=manifest_for(sheet, SALT, []).sheet), sheet, SALT.hex())
    except Refused as refusal:
        return refusal.codes
    return []


def test_the_manifest_must_speak_of_this_lot_round_submission_and_policy() -> None:
    own = replace(GOOD, own_key=bytes([9]) + bytes(31))
    assert codes(GOOD) == []
    assert codes(replace(GOOD, lot="other")) == ["bidding.manifest_lot"]
    assert codes(replace(GOOD, round=2, submission="00" * 16)) == [
        "bidding.manifest_lot",
        "bidding.manifest_submission",
    ]
    assert codes(own) == ["bidding.manifest_own_key"]
    assert codes(GOOD, "2(b,2(a,c,r))") == ["bidding.manifest_own_key"]
    assert codes(own, "2(b,2(a,c,r))") == []
    with pytest.raises(Refused) as refusal:
        check_manifest(replace(GOOD, sheet=bytes(32)), SHEET, SALT.hex())
    assert refusal.value.codes == ["bidding.manifest_sheet"]
