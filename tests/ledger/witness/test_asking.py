"""The body of add-checkpoint, byte by byte."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import Broken
from ledger.witness.asking import LONGEST, Question, read, write

STEP = base64.b64encode(bytes(32)).decode()


@given(st.integers(0, 2**62), st.lists(st.binary(min_size=32, max_size=32), max_size=63), st.binary(max_size=300))
def test_what_is_written_is_read(old: int, proof: list[bytes], note: bytes) -> None:
    question = Question(old, tuple(proof), note)
    assert read(write(question)) == question


def test_it_looks_as_the_protocol_prints_it() -> None:
    assert write(Question(7, (bytes(32),), b"log\n8\n")) == f"old 7\n{STEP}\n\nlog\n8\n".encode()


@pytest.mark.parametrize(
    "body",
    [
        b"", b"old 7\n", b"old 7\nlog\n", b"old 07\n\nx", b"old -1\n\nx", b"old +1\n\nx", b"old  1\n\nx", b"Old 1\n\nx",
        b"old 1 \n\nx", b"old \n\nx", b"old 1\n!\n\nx", b"old 1\nAAAA\n\nx", b"old 10000000000000000000\n\nx",
        f"old 1\n{STEP * 2}\n\nx".encode(),
        ("old 1\n" + f"{STEP}\n" * 64 + "\nx").encode(), b"old 1\n\n" + bytes(LONGEST),
        "old ٣\n\nx".encode(),
    ],
)  # fmt: skip
def test_anything_else_is_refused(body: bytes) -> None:
    with pytest.raises(Broken):
        read(body)
