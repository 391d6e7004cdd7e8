"""Envelopes as stored. A bidder stands here as a handle, never as a foreign key (sealing.md, "Who bid stays hidden").

Uploads are work in progress; what was decided about them is evidence: an envelope, a refusal, a withdrawal, each with
its veiled entry and the signed answer that was given out.
"""

from __future__ import annotations

from django.db import models

from ledger.evidence import Evidence
from ledger.models import EntryRow
from trading.models import Lot, opaque


class Upload(models.Model):
    """One resumable upload. `stamp` is the clock at its last byte; `number` that of the receipt or refusal to come.

    `metadata` is what the client declared, as it was written; `touched` when it was begun or last brought a byte. An
    upload that expired or was given up keeps its row: it is the trace of an attempt.
    """

    OPEN, STAMPED, DECIDED, EXPIRED, ENDED = "open", "stamped", "decided", "expired", "ended"

    code = models.CharField(max_length=32, unique=True)
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="uploads")
    round = models.PositiveSmallIntegerField()
    handle = models.CharField(max_length=64)
    submission = models.CharField(max_length=32)
    length = models.BigIntegerField()
    offset = models.BigIntegerField(default=0)
    prefix = models.BinaryField(default=b"")
    header_length = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=8, default=OPEN)
    stamp = models.DateTimeField(null=True)
    number = models.CharField(max_length=16, unique=True, default=opaque)
    metadata = models.CharField(max_length=300, default="")
    begun = models.DateTimeField(null=True)
    touched = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["lot", "handle"]),
            models.Index(fields=["lot", "state"]),
            models.Index(fields=["state", "touched"]),
        ]


class Part(models.Model):
    """What one request brought: `name` is its file below the upload's folder, `digest` the SHA-256 as it passed."""

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="parts")
    name = models.CharField(max_length=32)
    start = models.BigIntegerField()
    length = models.BigIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["start"]
        constraints = [models.UniqueConstraint(fields=["upload", "start"], name="bidding_part_once")]


class Answered(Evidence):
    """What every answer to a bidder has: place, handle, submission id, stamp, random number, entry, the record
    (canonical bytes of `sunlight.receipt/1`) and the platform's CMS signature over it.
    """

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField()
    handle = models.CharField(max_length=64)
    submission = models.CharField(max_length=32)
    stamp = models.DateTimeField()
    number = models.CharField(max_length=16, unique=True)
    entry = models.OneToOneField(EntryRow, models.PROTECT, related_name="+")
    record = models.BinaryField()
    signature = models.BinaryField()

    class Meta(Evidence.Meta):
        abstract = True


class Envelope(Answered):
    """A sealed file that was received in time and passed its checks. `share` is its E; `object` where its bytes lie."""

    digest = models.CharField(max_length=64)
    size = models.BigIntegerField()
    header = models.BinaryField()
    share = models.CharField(max_length=64)
    sheet = models.CharField(max_length=64)
    object = models.CharField(max_length=120, unique=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lot", "round", "share"], name="bidding_share_once"),
            models.UniqueConstraint(fields=["lot", "round", "submission"], name="bidding_submission_once"),
        ]
        indexes = [models.Index(fields=["lot", "round", "handle"])]


class Withdrawal(Answered):
    """That a bidder withdrew what was sealed before `stamp`; `withdraws` is the receipt number of the live envelope."""

    withdraws = models.CharField(max_length=16)


class Refusal(Answered):
    """A submission that was refused, late ones included; `reasons` as [{"code", "text", "facts"}], text in English.

    A refused withdrawal stands here too: `withdraws` is the receipt number it named, and `is_withdrawal` is set.
    """

    reasons = models.JSONField()
    is_withdrawal = models.BooleanField(default=False)
    withdraws = models.CharField(max_length=16, default="")

    @property
    def codes(self) -> list[str]:
        """The codes of the reasons."""
        return [reason["code"] for reason in self.reasons]


class Unstamped(models.Model):
    """The queue of answers that have no timestamp yet, by receipt number."""

    number = models.CharField(max_length=16, unique=True)


class Timestamp(Evidence):
    """The answer of a timestamp authority (RFC 3161, the whole TimeStampResp in DER) for one receipt, and its time."""

    number = models.CharField(max_length=16, unique=True)
    token = models.BinaryField()
    at = models.DateTimeField()
