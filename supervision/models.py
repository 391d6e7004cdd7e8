"""What supervision stores: alarms, and what the regulator made of each."""

from __future__ import annotations

from django.db import models

from supervision.alarms import RULES, Level, Rule
from trading.models import Account, Lot, opaque


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
