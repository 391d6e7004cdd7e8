"""What experts stores: the register, draws with their seeds and candidates, seats. Rows change only through acts."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import ClassVar

from django.db import models

from trading.models import Account, Lot, opaque


def new_salt() -> str:
    """32 random bytes in hex."""
    return secrets.token_hex(32)


class Expert(models.Model):
    """A registered expert. `employer` is a credit code, `specialities` a list of codes like A08."""

    ACTIVE, PAUSED, LEFT = "active", "paused", "left"

    account = models.OneToOneField(Account, models.PROTECT, related_name="expert")
    code = models.CharField(max_length=16, unique=True, default=opaque)
    specialities = models.JSONField()
    employer = models.CharField(max_length=18)
    region = models.CharField(max_length=60)
    status = models.CharField(max_length=8, default=ACTIVE)

    class Meta:
        ordering = ["pk"]


class Draw(models.Model):
    """A request for experts and what came of it.

    `request` holds the canonical bytes of `lottery.Request`, `avoid` credit codes; `salt` hides firms in the frozen
    pool; `pool` and `record` name objects.
    """

    REQUESTED, FROZEN, DRAWN, COMPLETE, VOID = "requested", "frozen", "drawn", "complete", "void"
    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        REQUESTED: frozenset({FROZEN, VOID}),
        FROZEN: frozenset({DRAWN, VOID}),
        DRAWN: frozenset({COMPLETE, VOID}),
        # Back: a member left the panel for a lawful cause and the next in the same order is asked.
        COMPLETE: frozenset({DRAWN}),
        VOID: frozenset(),
    }

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="draws")
    code = models.CharField(max_length=32, unique=True)
    stage = models.CharField(max_length=16, default=REQUESTED)
    request = models.BinaryField()
    avoid = models.JSONField()
    salt = models.CharField(max_length=64, default=new_salt)
    meets_at = models.DateTimeField()
    place = models.CharField(max_length=200)
    days = models.PositiveSmallIntegerField()
    pool = models.CharField(max_length=120, blank=True)
    root = models.CharField(max_length=64, blank=True)
    size = models.PositiveIntegerField(default=0)
    record = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            # One live draw for a lot (P17): a second one needs the first to be void, and that stays in the log.
            models.UniqueConstraint(fields=["lot"], condition=~models.Q(stage="void"), name="experts_draw_once")
        ]

    @property
    def scope(self) -> str:
        """Entries about a draw are entries about its lot."""
        return self.lot.code


class SeedPart(models.Model):
    """One body's part of the seed, in hex; `seed` is empty until it is revealed."""

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="parts")
    body = models.CharField(max_length=12)
    commitment = models.CharField(max_length=64)
    seed = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draw", "body"], name="experts_part_once")]


class Candidate(models.Model):
    """An expert in the frozen pool of a draw, under a code of that draw; `salt` opens the code (identity.py).

    `invitation` names it to the expert alone: by the public code, the expert would find the lot before the room opens.
    """

    POOL, INVITED, ACCEPTED, DECLINED, LAPSED, VACATED = "pool", "invited", "accepted", "declined", "lapsed", "vacated"

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="candidates")
    expert = models.ForeignKey(Expert, models.PROTECT, related_name="candidacies")
    code = models.CharField(max_length=32, unique=True)
    invitation = models.CharField(max_length=16, unique=True, default=opaque)
    salt = models.CharField(max_length=64)
    speciality = models.CharField(max_length=12, blank=True)
    state = models.CharField(max_length=10, default=POOL)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draw", "expert"], name="experts_candidate_once")]
        indexes = [models.Index(fields=["draw", "state"])]

    @property
    def scope(self) -> str:
        """Entries about a candidate are entries about the lot."""
        return self.draw.lot.code


class Seat(models.Model):
    """A place on the panel of a lot. Its `code` is the candidate's, and stands for the member in every entry."""

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="seats")
    candidate = models.OneToOneField(Candidate, models.PROTECT, related_name="seat")
    expert = models.ForeignKey(Expert, models.PROTECT, related_name="seats")
    number = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=32, unique=True)
    sitting = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["lot", "number"], condition=models.Q(sitting=True), name="experts_seat_number_once"
            ),
            models.UniqueConstraint(
                fields=["lot", "expert"], condition=models.Q(sitting=True), name="experts_seat_expert_once"
            ),
        ]
        ordering = ["lot_id", "number"]
