"""Appending: an entry and its turn in the queue, by two statements written out once.

Enters: an entry that is not stored yet, inside an act's transaction. Leaves: the same with its key. Every act of the
house passes here; composing these two statements anew each time took longer than the database needs for them
(docs/decisions/0027).
"""

from __future__ import annotations

from django.db import connection

from ledger import clock
from ledger.models import EntryRow

ENTRY = "INSERT INTO ledger_entry (leaf, tag, scope, at) VALUES (%s, %s, %s, %s) RETURNING id"
WAITING = "INSERT INTO ledger_waiting (entry_id, veiled, since) VALUES (%s, %s, %s)"


def append(row: EntryRow, *, veiled: bool) -> EntryRow:
    """Insert `row` and queue it."""
    adapt = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        cursor.execute(ENTRY, [bytes(row.leaf), row.tag, row.scope, adapt(row.at)])
        (row.pk,) = cursor.fetchone()
        cursor.execute(WAITING, [row.pk, veiled, adapt(clock.real_now())])
    row._state.adding = False  # noqa: SLF001  as a manager leaves it
    row._state.db = connection.alias  # noqa: SLF001
    return row
