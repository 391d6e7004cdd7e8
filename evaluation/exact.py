"""Pure. Exact arithmetic for scores: fractions until the one rounding that the tender document prescribes.

Enters: Decimals and Fractions. Leaves: Decimals with a stated number of places. No digit hangs on a precision setting.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

HUNDRED = Fraction(100)


def rounded(value: Fraction | Decimal, places: int = 2) -> Decimal:
    """`value` with `places` digits after the point, half away from zero (四舍五入)."""
    scaled = abs(Fraction(value)) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal((int(value < 0 < whole), tuple(map(int, str(whole))), -places))


def mean(values: Sequence[Decimal]) -> Fraction:
    """The exact mean of at least one value."""
    return sum(map(Fraction, values), Fraction(0)) / len(values)
