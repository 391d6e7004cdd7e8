"""Moves the demo's clock: forward only, by the operator, with an entry."""

from __future__ import annotations

from datetime import datetime

from config.demo import clock
from ledger.act import act
from ledger.actor import Actor
from ledger.errors import _, refused
from ledger.models import Waiting
from supervision.verifier.demo_events import ClockMoved

SCOPE = "clock"


def move_to(instant: datetime, *, actor: Actor) -> None:
    """Move the clock to `instant`; `Refused` config.clock_back when it lies in the past.

    config.clock_waits while an entry has no place in the log yet: it would stand behind a jump as if it were backdated.
    """
    with act("config:clock:move", actor, on=None) as this:
        if instant <= this.now:
            refused("config.clock_back", _("The demo's clock moves forward only."))
        if Waiting.objects.exists():
            refused("config.clock_waits", _("Entries are still on their way into the log; try again."))
        this.record(ClockMoved(instant), scope=SCOPE)
    clock.advance(instant - this.now)
