"""Custody as stored: the custodians' public keys for a tender, the sheet of each lot, the signatures on it.

Custodians are public officers of the tender, so rows may name their accounts; no private key ever reaches these tables.
"""

from __future__ import annotations

from django.db import models

from trading.models import Account, Lot, Tender


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
    """The custody sheet of a lot and round: `data` its canonical bytes. In force when `sealed` and not `superseded`."""

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="sheets")
    round = models.PositiveSmallIntegerField()
    data = models.BinaryField()
    digest = models.CharField(max_length=64, unique=True)
    sealed = models.BooleanField(default=False)
    superseded = models.BooleanField(default=False)


class SheetSignature(models.Model):
    """A custodian's CMS signature over the bytes of a whole sheet."""

    sheet = models.ForeignKey(Sheet, models.PROTECT, related_name="signatures")
    label = models.CharField(max_length=2)
    signature = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sheet", "label"], name="bidding_signature_once")]
        ordering = ["label"]
