"""Sharing in GF(2^8): the field, and secrets that come back from any k shares and no fewer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bidding.envelope.shamir import combine, inverse, multiply, share

ELEMENTS = st.integers(0, 255)


def test_the_field_is_that_of_0x11b() -> None:
    assert (multiply(0x57, 0x83), multiply(0x57, 0x13), inverse(0x53)) == (0xC1, 0xFE, 0xCA)  # FIPS 197, 4.2


@given(ELEMENTS, ELEMENTS, ELEMENTS)
def test_multiplication_distributes(a: int, b: int, c: int) -> None:
    assert multiply(a, b ^ c) == multiply(a, b) ^ multiply(a, c)
    assert multiply(a, b) == multiply(b, a) < 256


@pytest.mark.parametrize("element", range(1, 256))
def test_every_element_but_zero_has_an_inverse(element: int) -> None:
    assert multiply(element, inverse(element)) == 1


def test_zero_has_no_inverse() -> None:
    with pytest.raises(ZeroDivisionError):
        inverse(0)


@given(st.data())
def test_any_k_shares_give_the_secret_back(data: st.DataObject) -> None:
    secret = data.draw(st.binary(min_size=16, max_size=16))
    coefficients = data.draw(st.lists(st.binary(min_size=16, max_size=16), max_size=7))
    k = len(coefficients) + 1
    places = data.draw(st.sets(st.integers(1, 8), min_size=k, max_size=8))
    shares = {x: share(secret, coefficients, x) for x in places}
    assert combine(shares) == secret


@given(st.binary(min_size=16, max_size=16), st.binary(min_size=16, max_size=16), st.binary(min_size=16, max_size=16))
def test_one_share_of_two_fits_every_secret(secret: bytes, other: bytes, coefficient: bytes) -> None:
    """For x = 1 the coefficient that explains `other` is found by adding: one share alone says nothing."""
    explains = bytes(a ^ b ^ c for a, b, c in zip(secret, other, coefficient, strict=True))
    assert share(secret, [coefficient], 1) == share(other, [explains], 1)


def test_without_coefficients_every_share_is_the_secret() -> None:
    assert share(b"sixteen bytes ok", [], 5) == b"sixteen bytes ok"
