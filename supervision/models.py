"""What supervision stores: alarms, what the regulator made of each, alarms about the house, what is checked again,
and the moments to which a tender has come.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from supervision.alarms import RULES, Level, Rule
from supervision.house import HOUSE
from trading.models import Account, Lot, Tender, opaque


class Alarm(models.Model):
    """A rule's hit in a lot. `facts` fill the rule's sentence; `outcome` is "" until the regulator has looked."""

    FOUND, UNFOUNDED = "found", "unfounded"

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="alarms")
    code = models.CharField(max_length=16, unique=True, default=opaque)
    rule = models.CharField(max_length=32)
    subject = models.CharField(max_length=120, blank=True)
    facts = models.JSONField()
    raised_at = models.DateTimeField(db_index=True)
    outcome = models.CharField(max_length=12, blank=True)
    remark = models.CharField(max_length=500, blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lot", "rule", "subject"], name="supervision_alarm_once")]
        ordering = ["-raised_at", "-pk"]

    @property
    def scope(self) -> str:
        """Entries about an alarm are entries about its lot."""
        return self.lot.code

    @property
    def stage(self) -> str:
        """Open until it is settled."""
        return "settled" if self.outcome else "open"

    @property
    def kind(self) -> Rule:
        """The rule that was hit."""
        return RULES[self.rule]

    @property
    def level(self) -> Level:
        """How much it matters."""
        return self.kind.level


class HouseAlarm(models.Model):
    """An alarm about the house itself. `subject` is a tender's code, "log" or ""; `facts` fill the rule's sentence."""

    code = models.CharField(max_length=16, unique=True, default=opaque)
    rule = models.CharField(max_length=32)
    subject = models.CharField(max_length=64, blank=True)
    facts = models.JSONField()
    raised_at = models.DateTimeField(db_index=True)
    cleared_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "subject"], condition=Q(cleared_at=None), name="supervision_house_alarm_once"
            )
        ]
        ordering = ["-raised_at", "-pk"]

    @property
    def kind(self) -> Rule:
        """The rule."""
        return HOUSE[self.rule]


class Recheck(models.Model):
    """When the evidence of a tender, or of the whole log ("log"), is verified again, and what came of it last.

    `due_at` and `done_at` are the time of the house; until `busy_until`, the machine's time, a worker is at it, and it
    has begun when `is_begun`.
    """

    subject = models.CharField(max_length=64, unique=True)
    due_at = models.DateTimeField(db_index=True)
    busy_until = models.DateTimeField(null=True)
    is_begun = models.BooleanField(default=False)
    done_at = models.DateTimeField(null=True)
    passed = models.PositiveIntegerField(default=0)
    faults = models.PositiveIntegerField(default=0)


class Moment(models.Model):
    """A moment to which a tender has come by the count at index `trail`; `made` once its archives are put away."""

    tender = models.ForeignKey(Tender, models.PROTECT, related_name="moments")
    moment = models.CharField(max_length=12)
    trail = models.BigIntegerField()
    reached_at = models.DateTimeField()
    made = models.BooleanField(default=False, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tender", "moment"], name="supervision_moment_once")]

    @property
    def scope(self) -> str:
        """Entries about a moment are entries about its tender."""
        return self.tender.code

    @property
    def stage(self) -> str:
        """Due until the archives are made."""
        return "made" if self.made else "due"
