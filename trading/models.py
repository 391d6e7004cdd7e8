"""What trading stores: parties, accounts, tenders and lots. Stages move only through acts (ledger/act.py)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models

from ledger.actor import Actor, Role
from trading import stages


def opaque() -> str:
    """A random public code: 16 letters of a small alphabet, no order, no count."""
    return "".join(secrets.choice("abcdefghjkmnpqrstuvwxyz23456789") for _ in range(16))


class Party(models.Model):
    """An organisation: `code` is opaque, `credit_code` the unified social credit code (GB 32100)."""

    code = models.CharField(max_length=16, unique=True, default=opaque)
    credit_code = models.CharField(max_length=18, unique=True)
    name = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.name


class Account(AbstractUser):
    """A person's account: one role; `party` is the organisation the person acts for, None for experts."""

    code = models.CharField(max_length=16, unique=True, default=opaque)
    role = models.CharField(max_length=16, choices=[(role.value, role.value) for role in Role])
    party = models.ForeignKey(Party, models.PROTECT, null=True, related_name="accounts")
    display = models.CharField(max_length=100)

    @property
    def actor(self) -> Actor:
        """The account as a pure value."""
        return Actor(self.code, Role(self.role), self.party.code if self.party else "")


class Tender(models.Model):
    """A tender with its lots. `purchaser`, `agent`, `centre`, `regulator` are the parties around it."""

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {"draft": frozenset({"published"}), "published": frozenset()}

    code = models.CharField(max_length=32, unique=True)
    title = models.CharField(max_length=200)
    summary = models.TextField(blank=True)
    procedure = models.CharField(max_length=32)
    stage = models.CharField(max_length=16, default="draft")
    purchaser = models.ForeignKey(Party, models.PROTECT, related_name="+")
    agent = models.ForeignKey(Party, models.PROTECT, related_name="+")
    centre = models.ForeignKey(Party, models.PROTECT, related_name="+")
    regulator = models.ForeignKey(Party, models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField(default=1)
    published_at = models.DateTimeField(null=True)
    deadline = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class Lot(models.Model):
    """A lot: the unit of opening, evaluation and award. `method` is the declared evaluation method with its figures."""

    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        old.value: frozenset(new.value for new in news) for old, news in stages.MOVES.items()
    }

    tender = models.ForeignKey(Tender, models.PROTECT, related_name="lots")
    number = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=200)
    ceiling = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    bond = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    days = models.PositiveIntegerField(default=0)
    method = models.JSONField(default=dict)
    stage = models.CharField(max_length=16, default=stages.Stage.DRAFT.value)
    deadline = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True, db_index=True)
    paused = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tender", "number"], name="trading_lot_once")]
        ordering = ["tender_id", "number"]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class Certificate(models.Model):
    """A certificate enrolled for an account; `fingerprint` is SHA-256 of its DER in hex."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="certificates")
    der = models.BinaryField()
    fingerprint = models.CharField(max_length=64, unique=True)
    not_before = models.DateTimeField()
    not_after = models.DateTimeField()
