"""Bundles: the same evidence is the same bytes, and no other bytes are read."""

from __future__ import annotations

import io
import tracemalloc
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.bundle import TIME, Leaf, pack, read_json, read_leaves, unpack, write_json, write_leaves
from ledger.errors import Broken

PARTS = {"checkpoint": b"a note", "entries.json": b"[]\n", "objects/ab": bytes(300)}


@given(st.dictionaries(st.from_regex(r"[a-z0-9]{1,8}(/[a-z0-9]{1,8})?", fullmatch=True), st.binary(max_size=200)))
def test_parts_come_back_and_order_does_not_matter(parts: dict[str, bytes]) -> None:
    assert unpack(pack(parts)) == parts
    assert pack(dict(reversed(parts.items()))) == pack(parts)


def test_a_second_form_is_broken() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("checkpoint", b"a note" * 20)
    for wrong in (out.getvalue(), pack(PARTS) + b"\0", b"\0" + pack(PARTS), b"", b"PK"):
        with pytest.raises(Broken):
            unpack(wrong)


def compressed(method: int, parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name in sorted(parts):
            archive.writestr(zipfile.ZipInfo(name, TIME), parts[name], method)
    return out.getvalue()


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_whatever_is_not_its_one_form_is_broken_and_nothing_worse(method: int) -> None:
    """Also what says of itself that it is compressed, and is not: each way of unpacking has errors of its own."""
    data = compressed(method, PARTS) if method else pack(PARTS)
    for at in range(8 * len(data)):
        changed = bytearray(data)
        changed[at // 8] ^= 1 << at % 8
        with pytest.raises(Broken):
            unpack(bytes(changed))


def test_nothing_is_unpacked_that_is_larger_than_the_archive() -> None:
    bomb = compressed(zipfile.ZIP_DEFLATED, {"zeros": bytes(1 << 26)})
    tracemalloc.start()
    try:
        with pytest.raises(Broken):
            unpack(bomb)
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()


def test_leaves_come_back_in_order() -> None:
    leaves = [Leaf(7, b"b", (b"\x01" * 32,)), Leaf(2, b"a", ())]
    assert read_leaves(write_leaves(leaves)) == leaves[::-1]


@pytest.mark.parametrize("data", [b"{}\n ", b'{"a": 1}\n', b"[1.5]\n", b"[", b'{"a":1,"a":1}\n', b'[{"index":-1}]\n'])
def test_json_has_one_form(data: bytes) -> None:
    with pytest.raises(Broken):
        read_leaves(data)
    assert read_json(write_json({"名": ["a", 1]})) == {"名": ["a", 1]}
