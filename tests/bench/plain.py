"""The plain row that appends are compared with: the columns and indexes of an entry, and nothing behind it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Plain(models.Model):
    """A row like `ledger.models.EntryRow`."""

    objects: ClassVar[models.Manager[Plain]]

    leaf = models.BinaryField()
    tag = models.CharField(max_length=80, db_index=True)
    scope = models.CharField(max_length=64, db_index=True)
    at = models.DateTimeField(null=True)

    class Meta:
        app_label = "ledger"
        db_table = "bench_plain"
