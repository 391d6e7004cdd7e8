"""Which checkpoint all witnesses are to cosign now: one for ten seconds, so that those who look out of step meet.

Cosignatures make a quorum when they are over one checkpoint, and a busy log signs one each second. Enters: the
machine's time. Leaves: the same row for whoever asks within the same ten seconds, once it is there.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from ledger.models import CheckpointRow

TOGETHER = timedelta(seconds=10)  # whoever looks more often than this misses none
_START = datetime(2000, 1, 1, tzinfo=UTC)


def candidate(now: datetime) -> CheckpointRow | None:
    """The newest checkpoint that was not signed in the present ten seconds, else the first of all; None in a new log.

    One that was signed later than `now`, by a clock that has been put back since, counts as signed before.
    """
    since = now - (now - _START) % TOGETHER
    settled = CheckpointRow.objects.exclude(signed_at__gte=since, signed_at__lt=since + TOGETHER)
    return settled.order_by("-size").first() or CheckpointRow.objects.order_by("size").first()
