"""Pure. Unified social credit codes with their check characters (GB 32100-2015, GB 11714-1997).

Enters: a region and a serial number. Leaves: 18 characters that every form accepts. All of them are invented: the
registration department and the region do not go together.
"""

from __future__ import annotations

from operator import mul

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
BODY_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
REGION = "469099"


def body_code(serial: int) -> str:
    """Eight digits and the check character of GB 11714."""
    digits = f"{serial:08d}"
    check = 11 - sum(map(mul, map(int, digits), BODY_WEIGHTS)) % 11
    return digits + {10: "X", 11: "0"}.get(check, str(check))


def credit_code(serial: int, department: str = "91") -> str:
    """The code of the organisation with this serial number; 91 is a company, 12 an institution, 11 a government."""
    bare = f"{department}{REGION}{body_code(serial)}"
    check = (31 - sum(map(mul, map(ALPHABET.index, bare), WEIGHTS)) % 31) % 31
    return bare + ALPHABET[check]
