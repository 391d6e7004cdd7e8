"""Pure. What the hours of a hall bring about, as ledger entries. Never reorder or remove a field: append, or new tag.

None of them names a bidder; reasons are those of the regulator, who knows of no bidder before the prices are read.
"""

from __future__ import annotations

from datetime import datetime

from ledger.canon import record
from ledger.events import event


@record("sunlight.hallhours/1")
class HallWindows:
    """Until when each window of a hall is open; absent where it has not begun."""

    custodians: datetime | None
    shares: datetime | None
    objections: datetime | None
    confirmations: datetime | None


@event("bidding:opening:paused")
class OpeningPaused:
    """The regulator paused the opening, for a reason and under an article: no share, no decryption, no time runs."""

    lot: str
    round: int
    pause: str
    reason: str
    clause: str


@event("bidding:opening:interrupted")
class OpeningInterrupted:
    """An outage of the platform interrupted the opening; the windows that were open got the time back."""

    lot: str
    round: int
    outage: str
    begin: datetime
    end: datetime
    windows: HallWindows


@event("bidding:opening:rescheduled")
class OpeningRescheduled:
    """An opening that rested since `since`, longer than a day, goes on at `at`; `digest` is that of the notice."""

    lot: str
    round: int
    pause: str
    since: datetime
    at: datetime
    digest: bytes


@event("bidding:opening:resumed")
class OpeningResumed:
    """The opening goes on; the windows that were open at `since` got the time back."""

    lot: str
    round: int
    pause: str
    since: datetime
    windows: HallWindows


@event("bidding:waiting:ended")
class WaitingEnded:
    """The regulator ended the wait for custodians: `came` are those who gave shares; no share is taken any more."""

    lot: str
    round: int
    came: tuple[str, ...]
    reason: str


@event("bidding:silence:accepted")
class SilenceAccepted:
    """The time for confirmations is over; the bidders of `numbers` said nothing, which is acceptance."""

    lot: str
    round: int
    until: datetime
    numbers: tuple[int, ...]


@event("bidding:opening:failed")
class OpeningFailed:
    """The opening is over and not one of the counted envelopes is open: there is nothing to judge."""

    lot: str
    round: int
    unopened: int
