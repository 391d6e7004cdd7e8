"""What the room stores: sealed covers under a handle, guarantees recognised at the opening, and their movements."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.db import models

from ledger.evidence import Evidence
from trading.models import Lot, Party, opaque

HELD, RELEASED, CLAIMED, PAID = "held", "released", "claimed", "paid"


class SealedCover(models.Model):
    """A cover nobody here can read. `handle` is no foreign key: it tells no one's name (sealing.md)."""

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="covers")
    handle = models.CharField(max_length=64)
    object = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    live = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lot", "handle", "digest"], name="guarantees_cover_once")]


class Guarantee(models.Model):
    """A cover opened with its bid. It moves held -> released, or held -> claimed -> paid."""

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        HELD: frozenset({RELEASED, CLAIMED}),
        CLAIMED: frozenset({PAID, HELD}),
        RELEASED: frozenset(),
        PAID: frozenset(),
    }

    code = models.CharField(max_length=16, unique=True, default=opaque)
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="guarantees")
    party = models.ForeignKey(Party, models.PROTECT, related_name="guarantees")
    issuer = models.ForeignKey(Party, models.PROTECT, related_name="issued")
    kind = models.CharField(max_length=16)
    number = models.CharField(max_length=64)
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    since = models.DateTimeField()
    until = models.DateTimeField()
    account = models.CharField(max_length=64, blank=True)
    rate = models.DecimalField(max_digits=8, decimal_places=4, default=0)
    stage = models.CharField(max_length=16, default=HELD)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lot", "party"], name="guarantees_one_a_bid")]

    @property
    def scope(self) -> str:
        """Entries about a guarantee belong to its lot."""
        return self.lot.code


class Movement(Evidence):
    """A money line: what goes back to the bidder's own account, or is paid to the purchaser."""

    guarantee = models.ForeignKey(Guarantee, models.PROTECT, related_name="movements")
    kind = models.CharField(max_length=16)
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    interest = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    account = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()
