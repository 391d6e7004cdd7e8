"""Raising alarms, and settling them: a hit of a rule becomes a row for the regulator, who says what there was to it.

Enters: a lot and a hint; later an outcome and a remark. Leaves: rows and entries that accuse nobody: what and about
whom is committed for ever.
"""

from __future__ import annotations

import json

from ledger.act import act
from ledger.actor import THE_CLOCK, Actor
from ledger.errors import Reason, _, refuse, refused
from supervision.alarms import Hint
from supervision.events import AlarmRaised, AlarmSettled
from supervision.models import Alarm
from trading.models import Account, Lot

LONGEST = 500
RAISED = Reason("supervision.alarm_raised", _("This has been raised already."))


def raise_alarm(lot: Lot, hint: Hint) -> Alarm:
    """Raise an alarm once. Refused `supervision.alarm_raised`."""
    with act("supervision:alarm:raise", THE_CLOCK, on=lot) as this:
        refuse([RAISED] if is_raised(lot, hint) else [])
        made = Alarm.objects.create(
            lot=this.on, rule=hint.rule, subject=hint.subject[:120], facts=dict(hint.facts), raised_at=this.now
        )
        facts = json.dumps(made.facts, ensure_ascii=False, sort_keys=True)
        this.record(AlarmRaised(lot.code, made.code, hint.rule, facts))
    return made


def is_raised(lot: Lot, hint: Hint) -> bool:
    """Whether this alarm stands already."""
    return Alarm.objects.filter(lot=lot, rule=hint.rule, subject=hint.subject[:120]).exists()


def settle(alarm: Alarm, outcome: str, remark: str, *, actor: Actor) -> Alarm:
    """Say what there was to an alarm: found or unfounded, and why."""
    with act("supervision:alarm:settle", actor, on=alarm) as this:
        if outcome not in {Alarm.FOUND, Alarm.UNFOUNDED}:
            refused("supervision.alarm_outcome", _("Say whether there was something to it."))
        if not 2 <= len(remark) <= LONGEST:
            refused("supervision.alarm_remark", _("Say in 2 to 500 characters what was found."))
        person = Account.objects.get(code=actor.code)
        this.swap(
            this.on, outcome=("", outcome), remark=("", remark), settled_at=(None, this.now), settled_by=(None, person)
        )
        this.record(AlarmSettled(this.on.lot.code, this.on.code, outcome, remark))
    return this.on
