"""What evaluation stores: the room of a lot, who came, votes for the leader, drafts, signed sheets, the signed report.

Drafts are private work in progress and leave no entry; everything signed is evidence and never changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.db import models

from evaluation.sheet import Part
from experts.models import Seat
from ledger.evidence import Evidence
from ledger.models import EntryRow
from trading.models import Lot


class Room(models.Model):
    """The evaluation of a lot in one round. `report`, `paper`, `table` name objects; `disputed` lists [bid, item]."""

    GATHERING, ADMITTING, SCORING, TIED = "gathering", "admitting", "scoring", "tied"
    REPORTING, CLOSED, FAILED = "reporting", "closed", "failed"
    MOVES: ClassVar[Mapping[str, frozenset[str]]] = {
        GATHERING: frozenset({ADMITTING}),
        ADMITTING: frozenset({SCORING, TIED, REPORTING, FAILED}),
        SCORING: frozenset({TIED, REPORTING}),
        TIED: frozenset({REPORTING}),
        REPORTING: frozenset({CLOSED}),
        CLOSED: frozenset(),
        FAILED: frozenset(),
    }

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="rooms")
    round = models.PositiveSmallIntegerField()
    stage = models.CharField(max_length=12, default=GATHERING)
    opened_at = models.DateTimeField()
    leader = models.ForeignKey(Seat, models.PROTECT, null=True, related_name="+")
    edition = models.PositiveSmallIntegerField(default=1)
    disputed = models.JSONField(default=list)
    decided = models.JSONField(default=list)
    decision = models.CharField(max_length=300, blank=True)
    report = models.CharField(max_length=120, blank=True)
    paper = models.CharField(max_length=120, blank=True)
    table = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["lot", "round"], name="evaluation_room_once")]

    @property
    def scope(self) -> str:
        """Entries about a room are entries about its lot."""
        return self.lot.code


class Attendance(Evidence):
    """A member entered, declared no conflict and promised."""

    seat = models.OneToOneField(Seat, models.PROTECT, related_name="attendance")
    at = models.DateTimeField()


class LeaderVote(Evidence):
    """A member's vote for the leader."""

    seat = models.OneToOneField(Seat, models.PROTECT, related_name="leader_vote")
    choice = models.ForeignKey(Seat, models.PROTECT, related_name="+")


class Draft(models.Model):
    """What a member has written on a sheet and not signed: bid, then item, then {"value", "reason"}."""

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="drafts")
    part = models.CharField(max_length=10, choices=[(part.value, part.value) for part in Part])
    cells = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seat", "part"], name="evaluation_draft_once")]


class SignedSheet(Evidence):
    """A sheet that is final: its canonical record and the member's CMS signature over it."""

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="sheets")
    part = models.CharField(max_length=10, choices=[(part.value, part.value) for part in Part])
    edition = models.PositiveSmallIntegerField()
    record = models.BinaryField()
    digest = models.CharField(max_length=64)
    signature = models.BinaryField()
    entry = models.OneToOneField(EntryRow, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seat", "part", "edition"], name="evaluation_sheet_once")]


class ReportSignature(Evidence):
    """A member's CMS signature over the report."""

    seat = models.OneToOneField(Seat, models.PROTECT, related_name="report_signature")
    digest = models.CharField(max_length=64)
    signature = models.BinaryField()
    at = models.DateTimeField()
