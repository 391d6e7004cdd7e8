"""Lodging: a bidder lodges a sealed cover for a lot, under its handle.

Enters: the lot, the handle (computed by the caller), an age file. Leaves: an object and a veiled entry; no row, name or
log line that ties an organisation to the lot.
"""

from __future__ import annotations

import hashlib

from guarantees.events import CoverLodged
from guarantees.models import SealedCover
from ledger import objects
from ledger.act import This, act, veiled
from ledger.actor import Actor
from ledger.errors import Reason, _, refuse
from ledger.models import EntryRow
from trading.models import Lot

AGE = b"age-encryption.org/v1\n"
LARGEST = 65_536


def lodging_blockers(this: This[Lot], sealed: bytes) -> list[Reason]:
    """Why this cover is not taken: late, not sealed, too large."""
    reasons = []
    if this.on.deadline is None or this.now >= this.on.deadline:
        reasons.append(Reason("guarantees.late", _("The deadline of this lot has passed.")))
    if not sealed.startswith(AGE):
        reasons.append(Reason("guarantees.not_sealed", _("A cover is lodged sealed, as an age file.")))
    if len(sealed) > LARGEST:
        reasons.append(Reason("guarantees.too_large", _("A sealed cover has at most 64 KiB.")))
    return reasons


def lodge(lot: Lot, handle: str, sealed: bytes, *, actor: Actor) -> EntryRow:
    """Take `sealed` as the one live cover of `handle` for `lot`; an earlier one stays on record. Returns the entry."""
    with act("guarantees:cover:lodge", actor, on=lot) as this:
        refuse(lodging_blockers(this, sealed))
        digest = hashlib.sha256(sealed).hexdigest()
        # Objects are never shared between handles: the name is salted with the handle.
        name = f"covers/{hashlib.sha256(f'{handle}/{digest}'.encode()).hexdigest()}"
        stored = objects.store().put(name, [sealed])
        SealedCover.objects.filter(lot=lot, handle=handle).update(live=False)
        SealedCover.objects.update_or_create(
            lot=lot, handle=handle, digest=digest, defaults={"object": stored.name, "live": True}
        )
        return this.record(veiled(CoverLodged(lot.code, bytes.fromhex(digest))), scope=lot.code)


def lodged(lot: Lot, handle: str) -> SealedCover | None:
    """The live cover of `handle` for `lot`."""
    return SealedCover.objects.filter(lot=lot, handle=handle, live=True).first()
