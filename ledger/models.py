"""What the ledger stores: entries, their places in the tree, its nodes and states, checkpoints.

No evidence are the queue of entries without a place, salts, the stock of fillers, rounds, the cursors of followers and
the sequencer's lease.
"""

from __future__ import annotations

from django.db import models

from ledger.clock import real_now
from ledger.evidence import Evidence


class EntryRow(Evidence):
    """One entry. `leaf` is what the tree holds; `scope` the code of the tender or lot it is about ("" if veiled)."""

    leaf = models.BinaryField()
    tag = models.CharField(max_length=80, db_index=True)
    scope = models.CharField(max_length=64, db_index=True)
    at = models.DateTimeField(null=True)

    class Meta:
        db_table = "ledger_entry"


class Place(Evidence):
    """Where an entry stands in the tree."""

    entry = models.OneToOneField(EntryRow, models.PROTECT, related_name="place")
    index = models.BigIntegerField(unique=True)

    class Meta:
        db_table = "ledger_place"


class Node(Evidence):
    """The hash of a complete subtree: level 0 are the leaves."""

    level = models.PositiveSmallIntegerField()
    number = models.BigIntegerField()
    digest = models.BinaryField()

    class Meta:
        db_table = "ledger_node"
        constraints = [models.UniqueConstraint(fields=["level", "number"], name="ledger_node_once")]


class TreeState(Evidence):
    """A size and root that the sequencer committed: `edge` is the right edge, the hashes of its complete subtrees.

    `before` is the size it grew from, so that every state has one successor: that is the compare-and-set. `token` is
    the fencing token it was made under.
    """

    size = models.BigIntegerField(unique=True)
    root = models.BinaryField()
    edge = models.BinaryField(null=True)
    before = models.BigIntegerField(unique=True, null=True)
    token = models.BigIntegerField(default=0)

    class Meta:
        db_table = "ledger_tree"


class CheckpointRow(Evidence):
    """A signed checkpoint, published once its tiles were written and read back.

    `at` is the time of the house; `signed_at` the machine's: how long witnesses and timestamps have been waited for.
    """

    size = models.BigIntegerField(unique=True)
    note = models.BinaryField()
    at = models.DateTimeField()
    signed_at = models.DateTimeField(default=real_now)

    class Meta:
        db_table = "ledger_checkpoint"


class Cosignature(Evidence):
    """A witness's line over a checkpoint. `witness` is its name in the policy, `at` its own time, `taken_at` ours."""

    size = models.BigIntegerField()
    witness = models.CharField(max_length=200)
    line = models.TextField()
    at = models.DateTimeField()
    taken_at = models.DateTimeField()

    class Meta:
        db_table = "ledger_cosignature"
        constraints = [models.UniqueConstraint(fields=["size", "witness", "at"], name="ledger_cosignature_once")]
        indexes = [models.Index(fields=["witness", "-size"], name="ledger_cosignature_newest")]


class CheckpointToken(Evidence):
    """The answer of a timestamp authority (RFC 3161) over the checkpoint of `size`: `at` its time, `taken_at` ours."""

    size = models.BigIntegerField(unique=True)
    token = models.BinaryField()
    at = models.DateTimeField()
    taken_at = models.DateTimeField()

    class Meta:
        db_table = "ledger_checkpoint_token"


class Inner(Evidence):
    """What is under a veiled leaf. `scope` is the lot's; never shown before it is lifted."""

    entry = models.OneToOneField(EntryRow, models.PROTECT, related_name="inner")
    inner = models.BinaryField()
    salt = models.BinaryField()
    scope = models.CharField(max_length=64, db_index=True)

    class Meta:
        db_table = "ledger_inner"


class Lifted(Evidence):
    """That a veiled entry was lifted, and by which entry."""

    entry = models.OneToOneField(EntryRow, models.PROTECT, related_name="lifted")
    by = models.OneToOneField(EntryRow, models.PROTECT, related_name="lifts")

    class Meta:
        db_table = "ledger_lifted"


class Salt(models.Model):
    """The salt and value behind a committed field; may be erased, and then the commitment tells nothing."""

    entry = models.ForeignKey(EntryRow, models.PROTECT, related_name="salts")
    field = models.CharField(max_length=80)
    salt = models.BinaryField()
    value = models.BinaryField()
    disclosed = models.BooleanField(default=False)

    class Meta:
        db_table = "ledger_salt"
        constraints = [models.UniqueConstraint(fields=["entry", "field"], name="ledger_salt_once")]


class Waiting(models.Model):
    """The queue: entries that have no place yet. A row goes when its place is inserted, in the same transaction.

    `since` is the machine's time: how long a veiled entry has waited decides the size of its round.
    """

    entry = models.OneToOneField(EntryRow, models.PROTECT)
    veiled = models.BooleanField()
    since = models.DateTimeField(default=real_now)

    class Meta:
        db_table = "ledger_waiting"


class Filler(models.Model):
    """A filler in stock: salt and inner entry, kept already. The row goes when a round has taken it."""

    inner = models.BinaryField()
    salt = models.BinaryField()

    class Meta:
        db_table = "ledger_filler"


class SealedLots(models.Model):
    """Scopes, each in a line, that were sealed at the same time; `digest` is SHA-256 of `lots` in hex."""

    digest = models.CharField(max_length=64, unique=True)
    lots = models.TextField(blank=True)

    class Meta:
        db_table = "ledger_sealed_lots"


class Round(models.Model):
    """A round of veiled entries: `count` places from `first` on. `sealed` is what had to be kept secret in it; `lifted`
    once none of that is sealed any more and every entry of the round is lifted.
    """

    first = models.BigIntegerField(unique=True)
    count = models.PositiveIntegerField()
    sealed = models.ForeignKey(SealedLots, models.PROTECT, related_name="rounds", db_index=False)
    lifted = models.BooleanField(default=False)

    class Meta:
        db_table = "ledger_round"
        indexes = [models.Index(fields=["sealed"], name="ledger_round_hidden", condition=models.Q(lifted=False))]


class Lease(models.Model):
    """Who does what one process does at a time: `until` and `next` are the machine's time, `token` only ever rises."""

    name = models.CharField(max_length=40, unique=True)
    holder = models.CharField(max_length=100)
    token = models.BigIntegerField(default=0)
    until = models.DateTimeField()
    next = models.DateTimeField()

    class Meta:
        db_table = "ledger_lease"


class Cursor(models.Model):
    """How far a follower has read: `next` is the index it wants."""

    name = models.CharField(max_length=80, unique=True)
    next = models.BigIntegerField(default=0)

    class Meta:
        db_table = "ledger_cursor"
