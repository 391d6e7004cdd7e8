"""Bundles: the same evidence is the same bytes, and no other bytes are read."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.bundle import Leaf, pack, read_json, read_leaves, unpack, write_json, write_leaves
from ledger.errors import Broken

PARTS = {"checkpoint": b"a note", "entries.json": b"[]\n", "objects/ab": bytes(300)}


@given(st.dictionaries(st.from_regex(r"[a-z0-9]{1,8}(/[a-z0-9]{1,8})?", fullmatch=True), st.binary(max_size=200)))
def test_parts_come_back_and_order_does_not_matter(parts: dict[str, bytes]) -> None:
    assert unpack(pack(parts)) == parts
    assert pack(dict(reversed(parts.items()))) == pack(parts)


@pytest.mark.parametrize("at", range(0, 700, 5))
def test_a_changed_byte_is_broken_or_another_part(at: int) -> None:
    data = bytearray(pack(PARTS))
    data[at % len(data)] ^= 0x10
    try:
        found = unpack(bytes(data))
    except Broken:
        return
    assert found != PARTS


def test_a_second_form_is_broken() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("checkpoint", b"a note" * 20)
    for wrong in (out.getvalue(), pack(PARTS) + b"\0", b"\0" + pack(PARTS), b"", b"PK"):
        with pytest.raises(Broken):
            unpack(wrong)


def test_leaves_come_back_in_order() -> None:
    leaves = [Leaf(7, b"b", (b"\x01" * 32,)), Leaf(2, b"a", ())]
    assert read_leaves(write_leaves(leaves)) == leaves[::-1]


@pytest.mark.parametrize("data", [b"{}\n ", b'{"a": 1}\n', b"[1.5]\n", b"[", b'{"a":1,"a":1}\n', b'[{"index":-1}]\n'])
def test_json_has_one_form(data: bytes) -> None:
    with pytest.raises(Broken):
        read_leaves(data)
    assert read_json(write_json({"名": ["a", 1]})) == {"名": ["a", 1]}
