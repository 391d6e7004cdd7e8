"""Pure. The name under which what a bidder does lies before the opening: an HMAC (sealing.md, "Bytes").

Enters: the handle root of the environment, lot, round, credit code. Leaves: 32 bytes, which without the root nobody
can tie to an organisation.
"""

from __future__ import annotations

import hmac

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ledger.canon import encode, record, write_text


@record("sunlight.lot/1")
class LotRound:
    """A lot in one of its rounds."""

    lot: str
    round: int


def handle(root: bytes, lot: str, number: int, credit_code: str) -> bytes:
    """The handle of the organisation with `credit_code` in round `number` of `lot`; `root` is a secret of 32 bytes."""
    place = encode(LotRound(lot=lot, round=number))
    key = HKDF(SHA256(), 32, salt=None, info=b"sunlight.handle/1\0" + place).derive(root)
    return hmac.digest(key, place + write_text(credit_code), "sha256")
