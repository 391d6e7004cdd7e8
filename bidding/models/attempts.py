"""Attempts at opening an envelope: who is at it now, and how often it broke off. Work in progress, no evidence."""

from __future__ import annotations

from django.db import models

from bidding.models.opening import Bid

RUNNING, DONE, BROKEN, PUT_OFF = "running", "done", "broken", "put_off"


class Attempt(models.Model):
    """One attempt. `worker` names its process on its machine; `beat` is when it was last heard of, by the machine's
    clock. `broken` counts against the envelope, and so does a running one whose worker is gone; `put_off`, for a
    reason that lies in the house, does not.
    """

    bid = models.ForeignKey(Bid, models.CASCADE, related_name="attempts")
    number = models.PositiveIntegerField()
    worker = models.CharField(max_length=120)
    beat = models.DateTimeField()
    state = models.CharField(max_length=8, default=RUNNING)

    class Meta:
        db_table = "bidding_attempt"
        ordering = ["bid_id", "number"]
        constraints = [models.UniqueConstraint(fields=["bid", "number"], name="bidding_attempt_once")]
