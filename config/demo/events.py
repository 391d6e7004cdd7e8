"""Pure. What happens in the demo and nowhere else, as ledger entries."""

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
