"""Padding: at most 12 %, stable, and the server computes the same from the file's length."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bidding.envelope.padding import MAX_PACKAGE, package_length, padded
from bidding.envelope.stream import sealed_length
from ledger.errors import Refused

LENGTHS = st.integers(1, MAX_PACKAGE)


@given(LENGTHS)
def test_padding_is_little_and_stable(length: int) -> None:
    full = padded(length)
    assert length <= full <= min(MAX_PACKAGE, length * 1.12)
    assert padded(full) == full


@given(st.integers(2, 1 << 30))
def test_padding_is_the_formula_of_the_design(length: int) -> None:
    power = length.bit_length() - 1
    loose = power - int(math.log2(power)) - 1
    assert padded(length) == -(-length // 2**loose) * 2**loose


@given(LENGTHS, st.integers(100, 8192))
def test_the_file_length_tells_the_package_length(length: int, header: int) -> None:
    full = padded(length)
    assert package_length(header + sealed_length(full), header) == full


@given(LENGTHS)
def test_an_unpadded_length_is_refused(length: int) -> None:
    if padded(length) != length:
        with pytest.raises(Refused) as refusal:
            package_length(473 + sealed_length(length), 473)
        assert refusal.value.codes == ["bidding.unpadded"]


@pytest.mark.parametrize("length", [-1, 0, MAX_PACKAGE + 1])
def test_lengths_without_a_package_are_refused(length: int) -> None:
    with pytest.raises(Refused) as refusal:
        padded(length)
    assert refusal.value.codes == ["bidding.package_size"]


def test_few_lengths_are_left() -> None:
    assert len({padded(length) for length in range(1 << 20, 1 << 21, 997)}) == 33
