"""Relations of supervision: whose alarm it is."""

from __future__ import annotations

from ledger.actor import Actor
from supervision.models import Alarm
from trading.rules import is_regulator


def watches(actor: Actor, on: Alarm) -> bool:
    """Works for the regulator of the lot that the alarm is about."""
    return is_regulator(actor, on.lot)
