"""Stale: what was sealed for a sheet that an addendum has replaced is no bid any more, until its bidder seals again.

Enters: a lot, a handle, an envelope on its way in. Leaves: whether it is stale, looked up under one handle only.
"""

from __future__ import annotations

from bidding.custody.sheets import sheets_of
from bidding.models import Envelope, StaleEnvelope
from ledger.errors import Reason, _
from trading.models import Lot

STALE = Reason(
    "bidding.stale", _("A new custody sheet came by an addendum: the bid must be sealed again, for its keys.")
)


def stale_blockers(envelope: Envelope) -> list[Reason]:
    """Whether an envelope that is about to be received was sealed for a sheet that is not in force any more."""
    return [] if sheets_of(envelope.lot).filter(digest=envelope.sheet).exists() else [STALE]


def stale_numbers(lot: Lot, handle: str) -> list[str]:
    """The receipt numbers of a bidder's stale envelopes."""
    rows = StaleEnvelope.objects.filter(envelope__lot=lot, envelope__round=lot.tender.round, envelope__handle=handle)
    return list(rows.order_by("pk").values_list("envelope__number", flat=True))
