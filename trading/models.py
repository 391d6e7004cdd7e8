"""What trading stores: parties, accounts, tenders, lots, and what is said and decided about them.

Stages move only through acts (ledger/act.py). What a bidder says before the opening lies under a handle, never under
an account or a party (sealing.md, "Who bid stays hidden too").
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models

from ledger.actor import Actor, Role
from ledger.evidence import Evidence
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
    """A lot: the unit of opening, evaluation and award. `method` is the declared evaluation method with its figures.

    The instants at the end are what `trading.timetable.next_event` asks; `told_at` is the ticker's last reminder.
    """

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
    opens_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True, db_index=True)
    paused = models.BooleanField(default=False)
    reported_at = models.DateTimeField(null=True)
    publicity_until = models.DateTimeField(null=True)
    awarded_at = models.DateTimeField(null=True)
    contracted_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)

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

    @property
    def facts(self) -> dict[str, str]:
        """What anybody may know of it."""
        until = self.not_after.isoformat()
        return {"fingerprint": self.fingerprint, "not_before": self.not_before.isoformat(), "not_after": until}


class Notice(Evidence):
    """A published record: its canonical bytes are the object `notices/<digest>`. `until` is when it may go."""

    code = models.CharField(max_length=16, unique=True, default=opaque)
    tender = models.ForeignKey(Tender, models.PROTECT, related_name="notices")
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, related_name="notices")
    kind = models.CharField(max_length=16)
    number = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=240)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tender", "lot", "kind", "number"], name="trading_notice_once"),
        ]
        ordering = ["-at", "-pk"]


class Paper(models.Model):
    """A tender paper: `object` names its bytes. It is public once the tender is, or once its addendum is."""

    code = models.CharField(max_length=16, unique=True, default=opaque)
    tender = models.ForeignKey(Tender, models.PROTECT, related_name="papers")
    addendum = models.ForeignKey(Notice, models.PROTECT, null=True, related_name="papers")
    kind = models.CharField(max_length=32)
    name = models.CharField(max_length=120)
    object = models.CharField(max_length=160)
    digest = models.CharField(max_length=64)
    size = models.BigIntegerField()
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]


class Question(models.Model):
    """A bidder's question about a lot, under its handle; the answer goes to everybody, with a number."""

    code = models.CharField(max_length=16, unique=True, default=opaque)
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="questions")
    handle = models.CharField(max_length=64, db_index=True)
    text = models.TextField()
    asked_at = models.DateTimeField()
    number = models.PositiveSmallIntegerField(null=True)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]


class Objection(models.Model):
    """An objection to the papers (under a handle) or to the result (by a party, after the opening)."""

    code = models.CharField(max_length=16, unique=True, default=opaque)
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="objections")
    about = models.CharField(max_length=8)
    handle = models.CharField(max_length=64, blank=True, db_index=True)
    party = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+")
    text = models.TextField()
    made_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]


class Participant(Evidence):
    """Whose bid was opened for a lot; known here from the candidates' publicity on."""

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="participants")
    party = models.ForeignKey(Party, models.PROTECT, related_name="+")
    notice = models.ForeignKey(Notice, models.PROTECT, related_name="participants")
    bid_code = models.CharField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notice", "party"], name="trading_participant_once")]
        ordering = ["pk"]


class CandidateRow(Evidence):
    """A candidate for the award as published, best first (Announcement Measures, article 6)."""

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="candidates")
    party = models.ForeignKey(Party, models.PROTECT, related_name="+")
    notice = models.ForeignKey(Notice, models.PROTECT, related_name="candidates")
    rank = models.PositiveSmallIntegerField()
    bid_code = models.CharField(max_length=32)
    price = models.DecimalField(max_digits=18, decimal_places=2)
    score = models.DecimalField(max_digits=9, decimal_places=4, null=True)
    days = models.PositiveIntegerField()
    quality = models.CharField(max_length=200, blank=True)
    manager = models.CharField(max_length=100, blank=True)

    class Meta:
        db_table = "trading_candidate"
        constraints = [models.UniqueConstraint(fields=["notice", "rank"], name="trading_candidate_once")]
        ordering = ["rank"]


class Award(Evidence):
    """An award as noticed: `number` of the award notice, `paper` the object of its document."""

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="awards")
    candidate = models.OneToOneField(CandidateRow, models.PROTECT, related_name="award")
    notice = models.OneToOneField(Notice, models.PROTECT, related_name="award")
    number = models.CharField(max_length=60, unique=True)
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    at = models.DateTimeField(db_index=True)
    paper = models.CharField(max_length=160)

    class Meta:
        ordering = ["-at"]


class Contract(models.Model):
    """A contract drawn up on an award: `record` is what both sides sign (CMS, detached)."""

    award = models.OneToOneField(Award, models.PROTECT, related_name="contract")
    code = models.CharField(max_length=16, unique=True, default=opaque)
    number = models.CharField(max_length=60, unique=True)
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    record = models.BinaryField()
    drawn_at = models.DateTimeField()
    purchaser_signature = models.BinaryField(default=bytes)
    winner_signature = models.BinaryField(default=bytes)
    signed_at = models.DateTimeField(null=True)


class Beat(models.Model):
    """The platform's heartbeat: one row with the real instant of the last one (trading/extending.py)."""

    real_at = models.DateTimeField()


class Outage(models.Model):
    """Bids could not be handed in from `begin` to `end` (None: still not). `settled` once every closing was looked at.

    `by` is the code of the account that declared it, "" for one that the platform found itself.
    """

    code = models.CharField(max_length=16, unique=True, default=opaque)
    begin = models.DateTimeField()
    end = models.DateTimeField(null=True)
    declared = models.BooleanField()
    reason = models.CharField(max_length=200, blank=True)
    by = models.CharField(max_length=16, blank=True)
    settled = models.BooleanField(default=False, db_index=True)

    class Meta:
        ordering = ["-begin", "-pk"]


class Extension(Evidence):
    """The closing of a lot moved by an outage, with the notice that says so."""

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="extensions")
    outage = models.ForeignKey(Outage, models.PROTECT, related_name="extensions")
    old = models.DateTimeField()
    new = models.DateTimeField()
    opening = models.DateTimeField()
    notice = models.ForeignKey(Notice, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lot", "outage"], name="trading_extension_once")]
