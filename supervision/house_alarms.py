"""Raising and clearing alarms about the house: by the clock, once each, in the open.

Enters: a rule, what it is about ("" for the house, a tender's code, "log"), facts. Leaves: a row that every regulator
sees until it is cleared, and an entry for both. Two tickers may look at once: the second finds it done.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db import IntegrityError

from ledger.act import act
from ledger.actor import THE_CLOCK
from ledger.errors import Conflict, Refused
from supervision.events import HouseAlarmCleared, HouseAlarmRaised
from supervision.models import HouseAlarm


def standing(rule: str, subject: str = "") -> HouseAlarm | None:
    """The alarm that is not cleared."""
    return HouseAlarm.objects.filter(rule=rule, subject=subject, cleared_at=None).first()


def settle(rule: str, facts: Mapping[str, object] | None, subject: str = "") -> int:
    """Raise the alarm when there are `facts`, clear it when there are none. Returns how many acts ran."""
    found = standing(rule, subject)
    if (found is None) == (facts is None):
        return 0
    try:
        if found is None:
            _raise(rule, subject, facts or {})
        else:
            _clear(found)
    except (Conflict, IntegrityError, Refused):
        return 0  # another process was faster
    return 1


def _raise(rule: str, subject: str, facts: Mapping[str, object]) -> None:
    with act("supervision:house:alarm", THE_CLOCK, on=None) as this:
        made = HouseAlarm.objects.create(rule=rule, subject=subject, facts=dict(facts), raised_at=this.now)
        this.record(HouseAlarmRaised(made.code, rule, subject), scope="")


def _clear(found: HouseAlarm) -> None:
    with act("supervision:house:clear", THE_CLOCK, on=found) as this:
        this.swap(this.on, cleared_at=(None, this.now))
        this.record(HouseAlarmCleared(found.code), scope="")
