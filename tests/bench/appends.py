"""How many acts with one entry a single writer commits in a second, beside plain inserts into the same database.

Leaves: a table; medians of 5 runs of 200. Both commit durably one by one (SQLite, WAL, synchronous=FULL).
"""

from __future__ import annotations

import os

from tests.bench import scratch
from tests.bench.envelope import say

COUNT = 200


def main() -> None:
    """Print the table."""
    scratch.begin()
    from django.db import connection

    from ledger import sequencer
    from ledger.models import EntryRow
    from tests.world import TestClock, World
    from trading.enrolment import register_party

    operator = World(TestClock()).operator.actor
    numbers = iter(range(10**7))

    def acts() -> None:
        for _ in range(COUNT):
            number = next(numbers)
            register_party(f"91460100MB{number:08d}", f"Party {number}", actor=operator)

    def inserts() -> None:
        for _ in range(COUNT):
            EntryRow.objects.create(leaf=os.urandom(200), tag="bench", scope="")

    def raw() -> None:
        with connection.cursor() as cursor:
            for _ in range(COUNT):
                cursor.execute("INSERT INTO bench (leaf) VALUES (%s)", [os.urandom(200)])

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench (id INTEGER PRIMARY KEY, leaf BLOB)")
    plain, orm, whole = (COUNT / scratch.median(run) for run in (raw, inserts, acts))
    backlog = scratch.seconds(sequencer.run_once)
    say(f"{'durable commits':<24}{'per s':>8}{'x plain insert':>16}")
    for name, rate in (("plain insert", plain), ("model insert", orm), ("act with an entry", whole)):
        say(f"{name:<24}{rate:>8.0f}{rate / plain:>16.2f}")
    say(f"{'sequence and sign 1000':<24}{backlog * 1000:>6.0f} ms")


if __name__ == "__main__":
    main()
