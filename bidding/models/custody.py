"""Custody as stored: the policy of a tender, its custodians' public keys, its sheets and their signatures, rehearsals.

Custodians are public officers of the tender, so rows may name their accounts; no private key ever reaches these tables.
"""

from __future__ import annotations

from django.db import models

from ledger.evidence import Evidence
from ledger.models import EntryRow
from trading.models import Account, Lot, Tender


class CustodyPolicy(models.Model):
    """The policy that the agent chose for a tender in one round, as text; without a row the default holds."""

    tender = models.ForeignKey(Tender, models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField()
    policy = models.CharField(max_length=120)

    class Meta:
        db_table = "bidding_custody_policy"
        constraints = [models.UniqueConstraint(fields=["tender", "round"], name="bidding_policy_once")]


class CustodyKey(models.Model):
    """A custodian's key for a tender in one round: `key` is the X25519 point, `signature` the CMS over it."""

    tender = models.ForeignKey(Tender, models.PROTECT, related_name="custody_keys")
    round = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=2)
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    holder = models.CharField(max_length=18)
    certificate = models.CharField(max_length=64)
    key = models.BinaryField()
    signature = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tender", "round", "label"], name="bidding_key_once")]


class Sheet(models.Model):
    """The custody sheet of a lot and round: `data` its canonical bytes. In force when `sealed` and not `superseded`.

    The rehearsal's sheet (round 0) is that of a `tender` and has no lot.
    """

    lot = models.ForeignKey(Lot, models.PROTECT, null=True, related_name="sheets")
    tender = models.ForeignKey(Tender, models.PROTECT, null=True, related_name="rehearsal_sheets")
    round = models.PositiveSmallIntegerField()
    data = models.BinaryField()
    digest = models.CharField(max_length=64, unique=True)
    sealed = models.BooleanField(default=False)
    superseded = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(lot__isnull=False) ^ models.Q(tender__isnull=False), name="bidding_sheet_of_one"
            )
        ]


class SheetSignature(models.Model):
    """A custodian's CMS signature over the bytes of a whole sheet."""

    sheet = models.ForeignKey(Sheet, models.PROTECT, related_name="signatures")
    label = models.CharField(max_length=2)
    signature = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sheet", "label"], name="bidding_signature_once")]
        ordering = ["label"]


class Rehearsal(models.Model):
    """A dummy envelope under the rehearsal's sheet: `data` the sealed file, `sets` the leaves that opened it together.

    The newest of a sheet counts. `own_share` is the share of leaf `b`, encrypted, b"" where the policy has none.
    """

    WAITING, OPENED, FAILED, VOID = "waiting", "opened", "failed", "void"  # void: keys or policy changed since

    sheet = models.ForeignKey(Sheet, models.PROTECT, related_name="rehearsals")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    entry = models.OneToOneField(EntryRow, models.PROTECT, related_name="+")
    submission = models.CharField(max_length=32)
    digest = models.CharField(max_length=64)
    header = models.BinaryField()
    data = models.BinaryField()
    own_share = models.BinaryField(default=b"")
    state = models.CharField(max_length=8, default=WAITING)
    reason = models.CharField(max_length=80, default="")
    sets = models.JSONField(default=list)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "bidding_rehearsal"


class RehearsalShare(Evidence):
    """A custodian's share of a rehearsal; `index` is the leaf's place in the policy, `batch` is encrypted."""

    rehearsal = models.ForeignKey(Rehearsal, models.PROTECT, related_name="shares")
    leaf = models.CharField(max_length=2)
    index = models.PositiveSmallIntegerField()
    custodian = models.ForeignKey(Account, models.PROTECT, related_name="+")
    entry = models.OneToOneField(EntryRow, models.PROTECT, related_name="+")
    statement = models.BinaryField()
    signature = models.BinaryField()
    batch = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        db_table = "bidding_rehearsal_share"
        constraints = [models.UniqueConstraint(fields=["rehearsal", "index"], name="bidding_rehearsal_share_once")]


class StaleEnvelope(Evidence):
    """That a live envelope was sealed for a sheet which an addendum replaced by the one with the digest `sheet`."""

    envelope = models.OneToOneField("bidding.Envelope", models.PROTECT, related_name="stale")
    sheet = models.CharField(max_length=64)
    entry = models.ForeignKey(EntryRow, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "bidding_stale_envelope"
