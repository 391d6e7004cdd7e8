"""Pure. What a custodian signs when registering a public key: one key for all lots of a tender (sealing.md).

Enters: tender, round, leaf label, credit code of the body, X25519 point. Leaves: the canonical bytes to sign.
"""

from __future__ import annotations

from bidding.envelope.x25519 import check_point
from ledger.canon import encode, record

POLICY = "2(a,c,r)"


@record("sunlight.key/1")
class CustodianKey:
    """A key for one tender, under its own label, of the body with the credit code `holder`."""

    tender: str
    round: int
    label: str
    holder: str
    key: bytes


def key_record(tender: str, number: int, label: str, holder: str, key: bytes) -> bytes:
    """The bytes to sign; refused `bidding.point` or `bidding.low_order` when `key` is no proper point."""
    return encode(CustodianKey(tender=tender, round=number, label=label, holder=holder, key=check_point(key)))
