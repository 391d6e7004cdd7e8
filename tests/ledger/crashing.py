"""Processes that are killed: run as `python -m tests.ledger.crashing PART` on a house of its own; forks what it kills.

Enters: DATABASE_URL, SUNLIGHT_VAR. Leaves: on standard output one JSON line with what was found afterwards. A process
is killed with SIGKILL, from inside, at the n-th thing that it does to the database or to a file.

`sequencer`: one after the other is killed at every point. `together`: several at once, some killed at random.
`feed`: writers that commit out of order, sequencers and a follower that are killed and started again.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import django

MOMENTS = frozenset({"open", "os.link", "os.remove", "os.chmod", "os.mkdir"})
SECONDS = timedelta(seconds=1)


def fork(part: Callable[[], object]) -> int:
    """Run `part` in a child with a connection of its own; the child's process id."""
    from django.db import connection, connections

    connections.close_all()
    if connection.vendor == "postgresql":
        connection.close_pool()  # type: ignore[attr-defined]  # threads of a pool do not live on in a child
    child = os.fork()
    if child:
        return child
    random.seed()
    try:
        part()
    except BaseException as error:  # noqa: BLE001  the child says it and ends
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        sys.stderr.flush()
        os._exit(1)
    os._exit(0)


def ended(child: int) -> int:
    """Wait for a child; its exit code, or the negative number of the signal that ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def killed_at(moment: int, part: Callable[[], object]) -> Callable[[], None]:
    """`part`, killed before the `moment`-th statement, file or link."""

    def act() -> None:
        from django.db import connection

        left = moment

        def count() -> None:
            nonlocal left
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)

        def statement(execute: Callable[..., Any], *said: Any) -> Any:
            count()
            done = execute(*said)
            count()  # after it, too: before COMMIT there is no statement
            return done

        def hook(event: str, _arguments: tuple[Any, ...]) -> None:
            if event in MOMENTS and running:
                count()

        running = True
        sys.addaudithook(hook)
        with connection.execute_wrapper(statement):
            part()
        running = False

    return act


def write(count: int, pause: float = 0.0) -> None:
    """So many acts; each holds its transaction open for up to `pause` seconds after its entry is inserted."""
    from ledger.act import act, veiled
    from ledger.actor import THE_CLOCK
    from tests.ledger.crashed import LineWritten

    for number in range(count):
        with act("tests:crash:write", THE_CLOCK, on=None) as this:
            happened = LineWritten(os.getpid() * 10_000 + number)
            this.record(veiled(happened) if number % 3 == 0 else happened, scope="crash")
            time.sleep(random.random() * pause)


def clock(seconds: int) -> Any:
    """An instant of the machine for leases and rounds: far enough on that no lease of the dead is in the way."""
    from ledger.clock import real_now

    return real_now() + seconds * 10 * SECONDS


def verdict() -> dict[str, Any]:
    """What must be so whatever was killed: every entry once, no gap, tiles and database and checkpoints the same."""
    from ledger import fsck, sequencer, standing
    from ledger.models import CheckpointRow, EntryRow, Place, TreeState, Waiting

    turn = 100_000
    sequencer.run_once(clock(turn))
    while Waiting.objects.exists():
        turn += 1
        sequencer.run_once(clock(turn))
    indexes = list(Place.objects.order_by("index").values_list("index", flat=True))
    states = list(TreeState.objects.order_by("size").values_list("before", "size", "token"))
    return {
        "entries": EntryRow.objects.count(),
        "no gap and no double": indexes == list(range(EntryRow.objects.count())),
        "one after the other": [before for before, _size, _token in states] == [0, *(one[1] for one in states[:-1])],
        "tokens rise": (tokens := [one[2] for one in states]) == sorted(tokens),
        "tokens": len(set(tokens)),
        "signed": CheckpointRow.objects.order_by("-size")[0].size,
        "difference": fsck.first_difference(),
        "standing": [reason.code for reason in standing.standing_blockers()],
    }


def sequencer_part() -> dict[str, Any]:
    """Kill a sequencer at every point of its work, with something to do each time; every fourth on ordinary days."""
    from ledger import sequencer

    step = 1 if os.environ.get("SUNLIGHT_DEEP") == "1" else 4
    killed, moment = 0, random.randrange(step)
    while True:
        ended(fork(lambda: write(4)))
        code = ended(fork(killed_at(moment, partial(sequencer.run_once, clock(moment)))))
        if code == 0:
            break
        if code != -signal.SIGKILL:
            return {"a sequencer failed": code, "at": moment}
        killed, moment = killed + 1, moment + step
    return {"killed": killed, **verdict()}


def together_part() -> dict[str, Any]:
    """Four sequencers and three writers at once; sequencers are killed at random points and replaced."""
    from ledger import sequencer

    def work(turns: int) -> None:
        for _turn in range(turns):
            sequencer.run_once()
            time.sleep(0.01)

    writers = [fork(lambda: write(40, 0.002)) for _each in range(3)]
    killed = 0
    for _round in range(6):
        group = [fork(killed_at(random.randrange(20, 220), lambda: work(12))) for _each in range(4)]
        codes = [ended(one) for one in group]
        killed += codes.count(-signal.SIGKILL)
        if any(code not in {0, -signal.SIGKILL} for code in codes):
            return {"a sequencer failed": codes}
    if any(ended(one) for one in writers):
        return {"a writer failed": True}
    return {"killed": killed, **verdict()}


def follower(seen: Path) -> None:
    """Note every index that arrives, durably, before the cursor may move."""
    from ledger import feed

    with seen.open("a") as file:

        def hear(news: feed.News) -> None:
            file.write(f"{os.getpid()} {news.index}\n")
            file.flush()

        feed.FOLLOWERS["tests.crash"] = hear
        while True:
            if not feed.deliver("tests.crash"):
                time.sleep(0.005)


def feed_part() -> dict[str, Any]:
    """The race of a feed (promises.md, F21): commits out of order, everybody killed and started again, zero losses."""
    from django.db import connection

    from ledger import sequencer
    from ledger.models import EntryRow

    seen = Path(os.environ["SUNLIGHT_VAR"]) / "seen"
    seen.touch()

    def again() -> None:
        while True:
            sequencer.run_once()
            time.sleep(0.005)

    # SQLite has one writer at a time: who holds it long keeps the others out.
    pause = 0.02 if connection.vendor == "postgresql" else 0.002
    writers = [fork(lambda: write(60, pause)) for _each in range(4)]
    killed = 0
    deadline = time.monotonic() + 120
    while writers and time.monotonic() < deadline:
        pair = [fork(again), fork(again), fork(lambda: follower(seen))]
        before, limit = seen.stat().st_size, time.monotonic() + 3
        while seen.stat().st_size == before and time.monotonic() < limit:
            time.sleep(0.01)  # a busy machine: nobody is killed before he has begun
        time.sleep(random.random() * 0.3)
        for one in pair:
            os.kill(one, signal.SIGKILL)
            killed += ended(one) == -signal.SIGKILL
        writers = [one for one in writers if os.waitpid(one, os.WNOHANG)[0] == 0]
    found = verdict()
    last = fork(lambda: follower(seen))
    count = EntryRow.objects.count()
    while time.monotonic() < deadline + 30 and len({index for _who, index in heard(seen)}) < count:
        time.sleep(0.05)
    os.kill(last, signal.SIGKILL)
    ended(last)
    orders: dict[str, list[int]] = {}
    for who, index in heard(seen):
        orders.setdefault(who, []).append(index)
    return {
        "killed": killed,
        "lost": sorted(set(range(count)) - {index for _who, index in heard(seen)}),
        "in order": all(indexes == sorted(indexes) for indexes in orders.values()),
        "without gaps": all(ones == list(range(ones[0], ones[0] + len(ones))) for ones in orders.values()),
        "followers": len(orders),
        **found,
    }


def heard(seen: Path) -> Iterator[tuple[str, int]]:
    """Which process heard which index; the last line of one that was killed may be cut."""
    for line in seen.read_text().splitlines():
        with contextlib.suppress(ValueError):
            who, index = line.split(" ")
            yield who, int(index)


PARTS = {"sequencer": sequencer_part, "together": together_part, "feed": feed_part}


def main() -> None:
    """Migrate, run one part, say what was found."""
    django.setup()
    from django.core.management import call_command

    import tests.ledger.crashed  # noqa: F401  its event and its act
    from ledger import lease

    lease.SPELL = timedelta(milliseconds=20)  # shorter than the work: holders overtake each other
    call_command("migrate", verbosity=0)
    sys.stdout.write(json.dumps(PARTS[sys.argv[1]]()) + "\n")


if __name__ == "__main__":
    main()
