"""How many acts with one entry 1, 16 and 64 writers commit in a second, as a share of plain inserts, and how soon
their entries are under a checkpoint. `python -m tests.bench.appends [seconds]`, SQLite first, then PostgreSQL.

Leaves: a table for each database. Writers are processes with a connection each. A plain insert is a row of the same
columns and indexes as an entry, inserted through the same ORM in a durable transaction of its own (SQLite: WAL and
synchronous=FULL; PostgreSQL: fsync on); "bare" is the same row by one SQL statement, without a word of Django's. The
three kinds take turns in the same run. The act is the whole grammar: right, clock, entry, queue.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path

from tests.bench import scratch
from tests.bench.envelope import say

WRITERS = (1, 16, 64)
SECONDS = 1.0
TURNS = 3
TABLE = "bench_plain"
BARE = f"INSERT INTO {TABLE} (leaf, tag, scope, at) VALUES (%s, 'tests:crash:line_written', 'bench', NULL)"  # noqa: S608
WARM = 2.0  # seconds until everybody has begun
LEAF = 140  # bytes: the entry that the act writes


def acting(writer: int) -> Callable[[int], object]:
    """One act with one open entry."""
    from ledger.act import act
    from ledger.actor import THE_CLOCK
    from tests.ledger.crashed import LineWritten

    def once(number: int) -> None:
        with act("tests:crash:write", THE_CLOCK, on=None) as this:
            this.record(LineWritten(writer * 10**9 + number), scope="bench")

    return once


def inserting(_writer: int) -> Callable[[int], object]:
    """One row through the same ORM."""
    from django.db import transaction

    from tests.bench.plain import Plain

    def once(_number: int) -> None:
        with transaction.atomic(durable=True):
            Plain.objects.create(leaf=os.urandom(LEAF), tag="tests:crash:line_written", scope="bench", at=None)

    return once


def bare(_writer: int) -> Callable[[int], object]:
    """One row by one statement."""
    from django.db import connection

    def once(_number: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute(BARE, [os.urandom(LEAF)])

    return once


KINDS = {"bare": bare, "plain": inserting, "act": acting}


def rate(make: Callable[[int], Callable[[int], object]], writers: int, seconds: float) -> float:
    """Commits in a second of so many processes that all begin at once."""
    from tests.ledger.crashing import fork

    start = time.monotonic() + 0.5 + writers * 0.02
    read, write = os.pipe()

    def work(writer: int) -> None:
        once = make(writer)
        once(0)  # the connection is made and every statement has been seen
        count = 0
        while time.monotonic() < start:
            time.sleep(0.001)
        while time.monotonic() < start + seconds:
            count += 1
            once(count + time.monotonic_ns() % 10**6)
        os.write(write, f"{count / (time.monotonic() - start)}\n".encode())

    children = [fork(lambda writer=writer: work(writer)) for writer in range(writers)]  # type: ignore[misc]
    codes = [os.waitpid(child, 0)[1] for child in children]
    os.close(write)
    with os.fdopen(read) as said:
        rates = [float(line) for line in said]
    if any(codes) or len(rates) != writers:
        raise RuntimeError(f"a writer failed: {codes}")
    return sum(rates)


def latencies(seconds: float) -> list[float]:
    """Seconds from the commit of an act to the checkpoint over its entry, with 16 writers at an ordinary pace.

    Beside them works one process that does what the ticker's sequencer does, and wakes as it does.
    """
    from config.management.commands import tick
    from config.waking import LONGEST, Waking
    from ledger import sequencer
    from ledger.models import CheckpointRow, Place
    from tests.ledger.crashing import ended, fork

    while sequencer.run_once():  # what the race left behind
        pass
    seen, begun = Path(scratch.VAR) / "seen", time.monotonic() + WARM
    seen.unlink(missing_ok=True)

    def work(writer: int) -> None:
        once = acting(writer)
        once(0)  # the connection is made and every statement has been seen
        time.sleep(max(0.0, begun - time.monotonic()))
        with seen.open("a") as file:
            for number in range(10**6):
                if time.monotonic() > begun + seconds:
                    return
                once(10**8 + number)
                file.write(f"act {writer * 10**9 + 10**8 + number} {time.monotonic()}\n")
                time.sleep(0.05)

    def sign() -> None:
        with seen.open("a") as file, closing(Waking("places", lambda: LONGEST)) as waking:
            while time.monotonic() < begun + seconds + 2:
                if not waking.is_time():
                    time.sleep(tick.PAUSE)
                    continue
                waking.begin()
                done = sequencer.run_once()
                waking.end()
                if not done:
                    continue
                size = CheckpointRow.objects.order_by("-size").values_list("size", flat=True)[0]
                file.write(f"sign {size} {time.monotonic()}\n")

    children = [fork(lambda writer=writer: work(writer)) for writer in range(16)]  # type: ignore[misc]
    if any(ended(child) for child in [*children, fork(sign)]):
        raise RuntimeError("a process failed")
    lines = [line.split() for line in seen.read_text().splitlines()]
    acts = {int(number): float(at) for kind, number, at in lines if kind == "act"}
    signed = sorted((int(size), float(at)) for kind, size, at in lines if kind == "sign")
    return _waits(acts, signed, dict(_placed(Place.objects.order_by("-index")[: len(acts) * 2])))


def _placed(places: object) -> list[tuple[int, int]]:
    from ledger.events import read_entry

    return [
        (int(read_entry(bytes(place.entry.leaf)).values["number"]), place.index)
        for place in places.select_related("entry")  # type: ignore[attr-defined]
        if place.entry.tag == "tests:crash:line_written"
    ]


def _waits(acts: dict[int, float], signed: list[tuple[int, float]], places: dict[int, int]) -> list[float]:
    return [next(at for size, at in signed if size > places[number]) - done for number, done in acts.items()]


def measure(name: str, seconds: float) -> None:
    """One database's table."""
    from django.db import connection

    from tests.bench.plain import Plain
    from tests.ledger import crashed  # noqa: F401  its act

    with connection.schema_editor() as editor:
        editor.create_model(Plain)
    say(f"\n{name:<12}{'writers':>8}" + "".join(f"{kind:>10}/s" for kind in KINDS) + f"{'x plain':>10}{'x bare':>9}")
    for writers in WRITERS:
        found: dict[str, list[float]] = {kind: [] for kind in KINDS}
        for _turn in range(TURNS):
            for kind, make in KINDS.items():
                found[kind].append(rate(make, writers, seconds))
        medians = {kind: statistics.median(rates) for kind, rates in found.items()}
        shares = statistics.median(act / plain for act, plain in zip(found["act"], found["plain"], strict=True))
        row = "".join(f"{value:>12.0f}" for value in medians.values())
        say(f"{'':<12}{writers:>8}{row}{shares:>10.2f}{medians['act'] / medians['bare']:>9.2f}")
    waits = sorted(latencies(4 * seconds))
    p50, p99 = (waits[int(len(waits) * share)] * 1000 for share in (0.5, 0.99))
    say(f"{'':<12}act to checkpoint, {len(waits)} acts of 16 writers: p50 {p50:.0f} ms, p99 {p99:.0f} ms")


def main(seconds: str = str(SECONDS)) -> int:
    """Every database in a process of its own."""
    from tests import postgresql

    say("bare: an entry's row by one SQL statement; plain: by the ORM, as applications insert; act: the whole of it")

    found = {"SQLite": os.environ.get("DATABASE_URL", "")}
    with ExitStack() as stack:
        if any((place / "postgres").exists() for place in postgresql.PLACES):
            found["PostgreSQL"] = stack.enter_context(postgresql.running(durable=True)).create("bench")
        else:
            say("PostgreSQL is not installed: its table is missing")
        runs = [
            subprocess.run(
                [sys.executable, "-m", "tests.bench.appends", seconds, name],
                env=os.environ | {"DATABASE_URL": address},
                check=False,
            ).returncode
            for name, address in found.items()
        ]
    return max(runs)


if __name__ == "__main__":
    if len(sys.argv) > 2:
        scratch.begin()
        measure(sys.argv[2], float(sys.argv[1]))
    else:
        sys.exit(main(*sys.argv[1:]))
