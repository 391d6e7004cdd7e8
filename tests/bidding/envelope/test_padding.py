"""Padding: at most 12 %, stable, and the server computes the same from the file's length."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bidding.envelope.padding import MAX_PACKAGE, package_length, padded
from bidding.envelope.stream import sealed_length
from ledger.errors import Refused
from tests.bidding.envelope.makers import bid_package, sealed_bid, sheet_for

LENGTHS = st.one_of(st.integers(1, MAX_PACKAGE), st.integers(1 << 31, MAX_PACKAGE), st.integers(1, 1 << 16))


@given(LENGTHS)
def test_padding_is_little_and_stable(length: int) -> None:
    full = padded(length)
    assert length <= full <= MAX_PACKAGE
    assert full * 100 <= length * 112
    assert padded(full) == full


@given(LENGTHS, LENGTHS)
def test_padding_keeps_the_order_and_leaves_no_length_between(one: int, other: int) -> None:
    short, long = sorted((one, other))
    assert padded(short) <= padded(long)
    assert padded(short) == padded(long) or padded(short) < long


@pytest.mark.parametrize("power", range(1, 32))
def test_buckets_grow_with_the_size(power: int) -> None:
    """Between two powers of two as many lengths are left as the power has bits: 2^(floor(log2 q) + 1)."""
    start, step = 1 << power, 1 << max(0, power - power.bit_length())
    ends = {padded(length) for length in range(start, min(2 * start, MAX_PACKAGE + 1), step)}
    assert len(ends) == (min(2 * start, MAX_PACKAGE + step) - start) // step <= 1 << power.bit_length()


@given(st.binary(min_size=500, max_size=700), st.binary(min_size=500, max_size=700))
def test_the_stored_size_tells_nothing_but_the_bucket(one: bytes, other: bytes) -> None:
    """Same lot, same policy: the sizes of two sealed files are the same exactly when their packages' are."""
    packages = [bid_package(sheet_for(), files={"a.pdf": data}) for data in (one, other)]
    sizes = [len(sealed_bid(package=package).data) for package in packages]
    assert (sizes[0] == sizes[1]) == (len(packages[0]) == len(packages[1]))
    assert all(padded(len(package)) == len(package) for package in packages)


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
