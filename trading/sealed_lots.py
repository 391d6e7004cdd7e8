"""Which lots are sealed now: from the notice until the opening is over or they end. The ledger asks for its rounds."""

from __future__ import annotations

from ledger.sealed import sealed_by
from trading.models import Lot
from trading.stages import SEALED


@sealed_by("trading")
def sealed_lots() -> set[str]:
    """The codes of the lots whose bids are ciphertext."""
    return set(Lot.objects.filter(stage__in=[str(stage) for stage in SEALED]).values_list("code", flat=True))
