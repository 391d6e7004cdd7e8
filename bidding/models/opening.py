"""What the opening stores: the hall of a lot, custodians' releases, bids, sign-ins, objections, signatures.

Until the prices are read no row here names an organisation: a bid knows its envelope, and the envelope its handle. What
is inside an opened envelope rests encrypted in `Bid.kept`. Shares rest encrypted in `Release.batch` for ever: with the
stored file they are the bid (sealing.md).
"""

from __future__ import annotations

from django.db import models

from bidding.opening.deciding import Side
from ledger.evidence import Evidence
from ledger.models import EntryRow
from trading.models import Account, Lot, Party, opaque

WAITING, OPENED, FAILED = "waiting", "opened", "failed"
HOST, WITNESS = "host", "witness"
PARTS = (HOST, WITNESS)


class Hall(models.Model):
    """The opening of a lot in one round. `record` names the object of the signed record, "" before the host signed.

    Under a policy with `b` the bidders' shares are awaited until `shares_until`; at `shares_ended_at` they were all in,
    or the time was over.
    """

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="halls")
    round = models.PositiveSmallIntegerField()
    host = models.ForeignKey(Account, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    readout = models.CharField(max_length=64, default="")
    object_until = models.DateTimeField(null=True)
    confirm_until = models.DateTimeField(null=True)
    record = models.CharField(max_length=160, default="")
    record_digest = models.CharField(max_length=64, default="")
    ended_at = models.DateTimeField(null=True)
    shares_until = models.DateTimeField(null=True)
    shares_ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "bidding_hall"
        constraints = [models.UniqueConstraint(fields=["lot", "round"], name="bidding_hall_once")]


class Release(Evidence):
    """A custodian's complete batch for a lot. `index` is the leaf's place in the policy; `batch` is encrypted."""

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="releases")
    round = models.PositiveSmallIntegerField()
    leaf = models.CharField(max_length=2)
    index = models.PositiveSmallIntegerField()
    custodian = models.ForeignKey(Account, models.PROTECT, related_name="+")
    entry = models.OneToOneField(EntryRow, models.PROTECT, related_name="+")
    statement = models.BinaryField()
    signature = models.BinaryField()
    batch = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        db_table = "bidding_release"
        constraints = [models.UniqueConstraint(fields=["lot", "round", "index"], name="bidding_release_once")]


class OwnShare(Evidence):
    """The share that a bidder gave for leaf `b` of the own envelope; `share` is encrypted, as in `Release.batch`."""

    envelope = models.OneToOneField("bidding.Envelope", models.PROTECT, related_name="own_share")
    entry = models.OneToOneField(EntryRow, models.PROTECT, related_name="+")
    share = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        db_table = "bidding_own_share"


class Bid(models.Model):
    """A live envelope in the hall, and what became of it. `party`, `price`, `days` are filled when prices are read."""

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="bids")
    round = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=16, unique=True, default=opaque)
    envelope = models.OneToOneField("bidding.Envelope", models.PROTECT, related_name="bid")
    state = models.CharField(max_length=8, default=WAITING)
    reason = models.CharField(max_length=80, default="")
    side = models.CharField(max_length=8, default="")
    decided_at = models.DateTimeField(null=True)
    kept = models.BinaryField(null=True)
    party = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+")
    price = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    days = models.PositiveIntegerField(null=True)
    invalid = models.CharField(max_length=80, default="")
    cover = models.CharField(max_length=400, default="")
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "bidding_bid"
        ordering = ["lot_id", "number"]
        constraints = [models.UniqueConstraint(fields=["lot", "round", "number"], name="bidding_bid_number_once")]

    @property
    def scope(self) -> str:
        """Entries about a bid are entries about its lot."""
        return self.lot.code

    @property
    def stage(self) -> str:
        """Where its lot stands."""
        return self.lot.stage

    @property
    def consequence(self) -> str:
        """What a failure counts as: "revoked" (撤销) on the bidder's side, else "withdrawn" (撤回)."""
        if self.state != FAILED:
            return ""
        return "revoked" if self.side == Side.BIDDER else "withdrawn"


class HallSignIn(models.Model):
    """The holder of an envelope came to the hall; the day is all that is kept."""

    envelope = models.OneToOneField("bidding.Envelope", models.PROTECT, related_name="sign_in")
    day = models.DateField()

    class Meta:
        db_table = "bidding_hall_sign_in"


class HallObjection(models.Model):
    """An objection on the spot, and the host's answer."""

    bid = models.ForeignKey(Bid, models.PROTECT, related_name="objections")
    code = models.CharField(max_length=16, unique=True, default=opaque)
    text = models.TextField()
    at = models.DateTimeField()
    answer = models.TextField(default="")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "bidding_hall_objection"
        ordering = ["at", "pk"]


class RecordSignature(Evidence):
    """A CMS signature over the opening record, by host or witness."""

    hall = models.ForeignKey(Hall, models.PROTECT, related_name="signatures")
    part = models.CharField(max_length=8)
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    fingerprint = models.CharField(max_length=64)
    signature = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        db_table = "bidding_record_signature"
        constraints = [models.UniqueConstraint(fields=["hall", "part"], name="bidding_record_signature_once")]
