"""What the house watches about itself: that witnesses cosign its log, and a timestamp authority dates it, in time.

Enters: the machine's time. Leaves: alarms raised, and cleared when it is well again. On an idle site nothing waits and
nothing is late, however old the newest cosignature is.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from ledger import dating, witnessing
from ledger.models import CheckpointRow
from supervision.house import COSIGNATURES, TIMESTAMPS
from supervision.house_alarms import settle


def look(now: datetime) -> int:
    """Raise what is late and clear what is not. Returns how many acts ran."""
    unstamped = witnessing.waited(dating.oldest_waiting(), now, settings.SUNLIGHT_TIMESTAMP_LIMIT)
    done = settle(TIMESTAMPS, _facts(unstamped, settings.SUNLIGHT_TIMESTAMP_LIMIT))
    return done + settle(COSIGNATURES, _facts(witnessing.late(now), settings.SUNLIGHT_COSIGN_SECONDS))


def _facts(waited: tuple[CheckpointRow, int] | None, limit: int) -> dict[str, object] | None:
    return {"size": waited[0].size, "limit": limit} if waited else None
