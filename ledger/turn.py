"""The sequencer's turn at the database: on SQLite, where one writes at a time, it asks again at once.

Enters: nothing. Leaves: a transaction. SQLite's own wait grows to a tenth of a second between two looks at the lock, so
that under many writers whoever has waited longest is asked last; a batch of entries would wait for its place behind
acts that came after it. PostgreSQL locks rows, and nobody waits.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction

LONGEST = 20.0  # seconds, as every other writer waits (config/environment.py)
LOOK = 2  # milliseconds


@contextmanager
def turn() -> Iterator[None]:
    """A transaction, begun as soon as the database lets us write. `OperationalError` after `LONGEST` seconds."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        with transaction.atomic():
            yield
        return
    held = transaction.atomic()
    _begin(held)
    try:
        yield
    except BaseException as error:
        held.__exit__(type(error), error, error.__traceback__)
        raise
    held.__exit__(None, None, None)


def _begin(held: transaction.Atomic) -> None:
    limit = time.monotonic() + LONGEST
    _wait(LOOK)
    try:
        while True:
            try:
                held.__enter__()
            except OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > limit:
                    raise
            else:
                return
    finally:
        _wait(int(LONGEST * 1000))


def _wait(milliseconds: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {milliseconds}")
