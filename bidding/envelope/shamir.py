"""Pure. Secrets shared bytewise in GF(2^8) with the polynomial 0x11B (Shamir 1979; sealing.md, "Bytes").

Enters: a secret, coefficients, places x = 1, 2, ... Leaves: shares, or the secret again from enough of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

POLYNOMIAL = 0x11B


def multiply(left: int, right: int) -> int:
    """The product of two field elements."""
    product = 0
    while right:
        product ^= left if right & 1 else 0
        left = left << 1 ^ (POLYNOMIAL if left & 0x80 else 0)
        right >>= 1
    return product


@cache
def inverse(element: int) -> int:
    """The element whose product with `element` is 1; zero has none."""
    if not 0 < element < 256:
        raise ZeroDivisionError("zero has no inverse")
    return next(other for other in range(1, 256) if multiply(element, other) == 1)


@cache
def _times(factor: int) -> bytes:
    return bytes(multiply(factor, element) for element in range(256))


def share(secret: bytes, coefficients: Sequence[bytes], x: int) -> bytes:
    """The value secret + c_1 x + c_2 x^2 + ..., bytewise; x from 1 to 255."""
    value = bytes(len(secret))
    for term in (*reversed(coefficients), secret):
        value = _add(value.translate(_times(x)), term)
    return value


def combine(shares: Mapping[int, bytes]) -> bytes:
    """The value at 0 of the polynomial of lowest degree through `shares` (place: share)."""
    secret = bytes(len(next(iter(shares.values()))))
    for x, value in shares.items():
        weight = 1
        for other in shares:
            if other != x:
                weight = multiply(weight, multiply(other, inverse(other ^ x)))
        secret = _add(secret, value.translate(_times(weight)))
    return secret


def _add(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))
