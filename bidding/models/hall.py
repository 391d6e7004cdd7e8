"""What the hours of a hall store: until when custodians are awaited, whether silence was accepted, what rested when."""

from __future__ import annotations

from django.db import models

from bidding.models.opening import Hall
from trading.models import Lot, Outage, opaque


class HallHours(models.Model):
    """The instants of a hall beside those on its row. `next_at` is when the clock must look after it, and all it asks.

    `custodians_until`: from then on the regulator may end the wait (`waiting_ended_at`). `silent_at`: the time for
    confirmations was over, and the clock said so.
    """

    hall = models.OneToOneField(Hall, models.PROTECT, related_name="hours")
    custodians_until = models.DateTimeField()
    waiting_ended_at = models.DateTimeField(null=True)
    silent_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True, db_index=True)

    class Meta:
        db_table = "bidding_hall_hours"


class HallPause(models.Model):
    """The opening of a lot rested from `at` to `ended_at`, by the regulator or for an outage.

    `until` is when a pause of more than a day ends by the clock, once that is noticed.
    """

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="pauses")
    round = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=16, unique=True, default=opaque)
    outage = models.ForeignKey(Outage, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=200, blank=True)
    clause = models.CharField(max_length=100, blank=True)
    at = models.DateTimeField()
    until = models.DateTimeField(null=True, db_index=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "bidding_hall_pause"
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["lot", "round", "outage"], name="bidding_hall_pause_once")]
