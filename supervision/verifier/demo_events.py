"""Pure. What happens in a demo and nowhere else, as ledger entries.

In another log they are faults: only the demo imports this, and a verifier that was told that the log is a demo's.
"""

from __future__ import annotations

from datetime import datetime

from ledger.events import event


@event("config:clock:moved")
class ClockMoved:
    """The demo operator moved the clock forward to `to`."""

    to: datetime


@event("config:role:switched")
class RoleSwitched:
    """A visitor took the role of a listed account, by its opaque code."""

    account: str
