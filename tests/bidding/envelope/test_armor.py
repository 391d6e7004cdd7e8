"""Armor: comes back for every length, refused when not strict."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bidding.envelope.armor import BEGIN, BLOCK, END, ArmoringWriter, ArmorReader
from ledger.errors import Refused


def armored(data: bytes) -> bytes:
    sink = io.BytesIO()
    writer = ArmoringWriter(sink)
    writer.write(data)
    writer.close()
    return sink.getvalue()


def bare(text: bytes) -> bytes:
    return io.BufferedReader(ArmorReader(io.BytesIO(text))).read()


@given(st.binary(min_size=1, max_size=300))
def test_all_bytes_come_back(data: bytes) -> None:
    text = armored(data)
    assert bare(text) == data
    assert bare(b" \n\t\n" + text.replace(b"\n", b"\r\n") + b"\n \n") == data
    assert max(len(line) for line in text.splitlines()[1:-1]) <= 64


@pytest.mark.parametrize("length", [47, 48, 49, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK])
def test_lengths_around_lines_and_blocks_come_back(length: int) -> None:
    data = bytes(range(256)) * (length // 256) + bytes(length % 256)
    assert bare(armored(data)) == data


GOOD = armored(bytes(100))
BODY = GOOD[len(BEGIN) + 1 : -len(END) - 1]
BAD = {
    "another label": GOOD.replace(b"AGE", b"PGP"),
    "no end": GOOD[: -len(END) - 1],
    "something before": b"Dear all,\n" + GOOD,
    "something after": GOOD + b"regards\n",
    "an empty line": GOOD.replace(BODY, b"\n" + BODY),
    "a header": GOOD.replace(BODY, b"Version: 1\n\n" + BODY),
    "a space in a line": GOOD.replace(b"AAAA\n", b"AAA \n", 1),
    "a short line inside": BEGIN + b"\nAAAA\n" + b"AAAA\n" + END,
    "padding inside": BEGIN + b"\n" + b"A" * 62 + b"==\nAAAA\n" + END,
    "too much padding": BEGIN + b"\nA===\n" + END,
    "not canonical": BEGIN + b"\nAAB=\n" + END,
    "no padding": BEGIN + b"\nAA\n" + END,
    "a line of 68": BEGIN + b"\n" + b"A" * 68 + b"\n" + END,
    "a line without end": BEGIN + b"A" * 10_000,
    "nothing": b"",
}


@pytest.mark.parametrize("text", BAD.values(), ids=list(BAD))
def test_armor_that_is_not_strict_is_refused(text: bytes) -> None:
    with pytest.raises(Refused) as refusal:
        bare(text)
    assert refusal.value.codes == ["bidding.armor"]
