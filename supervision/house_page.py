"""Reads for the page "how the house checks itself": alarms about the house, and what was verified again.

Enters: who asks. Leaves: values for the template and the same for machines. That there is an alarm, and about what, is
everybody's to know; what exactly was found in the evidence of a tender is for regulators.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from ledger.actor import Actor, Role
from ledger.errors import Reason
from supervision.house import EVIDENCE
from supervision.models import HouseAlarm, Recheck
from supervision.reverifying import LOG
from supervision.words import LEVELS
from trading.telling import told

Row = dict[str, object]
SHOWN = 50


def says(alarm: HouseAlarm) -> str:
    """The sentence of an alarm."""
    facts = dict(alarm.facts)
    if alarm.rule == EVIDENCE:
        facts["first"] = told(Reason(facts["code"], facts["text"], facts["about"]))
    return _(alarm.kind.says) % facts


def about(subject: str) -> str:
    """What an alarm or a check is about, in words."""
    return {"": _("The whole house"), LOG: _("The whole log")}.get(subject, subject)


def alarm_words(alarm: HouseAlarm, *, whole: bool) -> Row:
    """An alarm for the template; `whole` with its sentence."""
    word, tone, icon_name = LEVELS[alarm.kind.level]
    return {
        "name": _(alarm.kind.name),
        "about": about(alarm.subject),
        "says": says(alarm) if whole or alarm.rule != EVIDENCE else "",
        "raised_at": alarm.raised_at,
        "cleared_at": alarm.cleared_at,
        "level": {"word": _(word), "tone": tone, "icon_name": icon_name},
    }


def standing() -> list[Row]:
    """The alarms that stand, for the regulators' watch desk."""
    return [alarm_words(alarm, whole=True) for alarm in HouseAlarm.objects.filter(cleared_at=None)[:SHOWN]]


def alarms(*, whole: bool) -> list[Row]:
    """The alarms that stand, and then the newest that are over."""
    stand = HouseAlarm.objects.filter(cleared_at=None)[:SHOWN]
    over = HouseAlarm.objects.exclude(cleared_at=None)[:SHOWN]
    return [alarm_words(alarm, whole=whole) for alarm in (*stand, *over)]


def checks() -> list[Row]:
    """What was verified again, the last first; and what will be."""
    rows = Recheck.objects.order_by("-done_at", "due_at")[:SHOWN]
    kept = ("done_at", "due_at", "passed", "faults")
    return [{"about": about(row.subject), **{name: getattr(row, name) for name in kept}} for row in rows]


def facts(actor: Actor) -> Row:
    """Everything on the page."""
    return {"alarms": alarms(whole=actor.role == Role.REGULATOR), "checks": checks()}
