"""The cover of a bid at the opening: the key for it travels in the package, the sealed cover was lodged by itself.

Enters: an opened package, the lot, the handle. Leaves: the plain cover, or the code of what is wrong with it; and, when
prices are read, the guarantee on record. Nobody could read whose cover it was before the bid was open (domain.md 7.2).
"""

from __future__ import annotations

import hashlib
import io
from typing import Any

from bidding.envelope.age import decrypt
from bidding.envelope.unpacking import OpenedPackage
from bidding.opening.cover_key import KEY_FILE, key_in
from guarantees.checking import cover_blockers
from guarantees.lodging import LARGEST, lodged
from guarantees.recognising import recognise
from ledger import objects
from ledger.act import This
from ledger.errors import Refused
from trading.models import Lot, Party

__all__ = ["KEY_FILE", "open_cover", "stand_behind"]
MISSING, NO_KEY, CLOSED, CHANGED = "cover.missing", "cover.no_key", "cover.closed", "cover.changed"


def open_cover(lot: Lot, handle: str, package: OpenedPackage) -> tuple[bytes | None, str]:
    """(plain cover, "") or (None, code): nothing lodged, no key in the package, a key that does not open it."""
    if not lot.bond:
        return None, ""
    row, identity = lodged(lot, handle), key_in(package)
    if row is None or identity is None:
        return None, MISSING if row is None else NO_KEY
    sealed = objects.read(row.object)
    if hashlib.sha256(sealed).hexdigest() != row.digest or len(sealed) > LARGEST:
        return None, CHANGED
    plain = io.BytesIO()
    try:
        decrypt(io.BytesIO(sealed), plain, [identity])
    except Refused:
        return None, CLOSED
    return plain.getvalue(), ""


def stand_behind(this: This[Any], lot: Lot, party: Party, plain: bytes | None, fault: str) -> tuple[str, ...]:
    """Put a good cover on record, within the act that reads the prices. Returns the codes of what is wrong."""
    if plain is None:
        return (fault,) if fault else ()
    reasons = cover_blockers(plain, lot, party, this.now)
    if not reasons:
        recognise(this, lot, party, plain)
    return tuple(reason.code for reason in reasons)
