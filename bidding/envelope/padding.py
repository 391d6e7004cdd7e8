"""Pure. The padded length of a package, so that the stored size tells only a bucket (Padmé, PURBs 2019).

Enters: lengths in bytes. Leaves: lengths in bytes; refused when a length is none that an honest client makes.
"""

from __future__ import annotations

from bidding.envelope.stream import plain_length
from ledger.errors import _, refused

MAX_PACKAGE = 2**32 - 2**26


def padded(length: int) -> int:
    """P(n): `length` rounded up to a multiple of 2^z, at most 12 % more; refused below 1 and above the limit."""
    if not 1 <= length <= MAX_PACKAGE:
        refused("bidding.package_size", _("The package is empty or larger than 4 GiB less 64 MiB."))
    power = length.bit_length() - 1
    loose = max(0, power - power.bit_length())  # z = q - floor(log2 q) - 1
    return -(-length >> loose) << loose


def package_length(file_length: int, header_length: int) -> int:
    """The length of the package in a sealed file; refused unless it is a padded one."""
    length = plain_length(file_length - header_length)
    if padded(length) != length:
        refused("bidding.unpadded", _("The package was not padded: its length would tell too much."))
    return length
