"""How fast workers open the envelopes of a lot, beside one process that opens one after the other.

Leaves: a table. The promise: opening 100 envelopes of 40 MB takes at most 1 / 0.8 of (bytes / speed for one file /
cores). Real workers with the command line of embedded mode, a real broker, a database and objects on the disk of
TMPDIR; the clock runs from the first task sent to the last envelope decided. `python -m tests.bench.openings COUNT MB`
for other sizes; `./sunlight deep` takes the full ones.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from tests.bidding.workplace import Workplace
from tests.parts import NotHere, say

COUNT, MEGABYTES = 20, 40
ALONE = 9
PATIENCE = 1800.0
GLANCE = 0.1  # seconds between two looks at how far it is: who looks all the time takes a core away from the workers
WAITING = "SELECT count(*) FROM bidding_bid WHERE state = 'waiting'"


def peaks(chief: int) -> list[int]:
    """The highest memory of each child of the worker so far, in KiB."""
    children = Path(f"/proc/{chief}/task/{chief}/children").read_text().split()
    status = [Path(f"/proc/{child}/status").read_text().splitlines() for child in children]
    return [int(next(line for line in lines if line.startswith("VmHWM:")).split()[1]) for lines in status]


def watched(place: Workplace, chief: int, count: int) -> tuple[float, float, int]:
    """(instant of the first decision, of the last, highest memory of a worker in KiB)."""
    first, high, end = 0.0, 0, time.monotonic() + PATIENCE
    with closing(sqlite3.connect(f"file:{place.var}/db/sunlight.sqlite3?mode=ro", uri=True, timeout=20)) as line:
        while (waiting := line.execute(WAITING).fetchone()[0]) and time.monotonic() < end:
            if waiting < count and not first:
                first = time.monotonic()
            high = max([high, *peaks(chief)])
            time.sleep(GLANCE)
    return first or time.monotonic(), time.monotonic(), max([high, *peaks(chief)])


def measure(count: int, megabytes: int) -> float:
    """Say the table; returns the share of the ideal."""
    size, cores = megabytes * 10**6, len(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory(prefix="sunlight-openings-") as name:
        if shutil.disk_usage(name).free < 3 * (count + ALONE) * size:
            raise NotHere(f"{3 * (count + ALONE) * size >> 30} GiB must be free in {Path(name).parent}")
        place = Workplace(Path(name) / "var")
        place.var.mkdir()
        place.changes["REDIS_URL"] = "memory://"
        place.stage("cast", str(count + ALONE), str(size))
        os.sync()  # what the stage wrote is not measured
        one = float(statistics.median(place.stage("alone", str(ALONE))[1:]))
        place.changes.clear()
        try:
            place.start_broker()
            chief = place.start_worker().pid
            begun = place.stage("send_all")
            first, last, high = watched(place, chief, count)
            states = dict(place.rows("SELECT state, count(*) FROM bidding_bid GROUP BY state"))
        finally:
            place.stop()
    assert states == {"opened": count + ALONE}, states
    ideal, taken = count * one / cores, last - begun
    say(f"opening {count} envelopes of {megabytes} MB, {cores} cores")
    say(f"{'one file, one process':<36}{one:>8.2f} s {megabytes / one:>8.0f} MB/s")
    say(f"{'all of them, ideal':<36}{ideal:>8.1f} s {count * megabytes / ideal:>8.0f} MB/s")
    say(f"{'all of them, workers':<36}{taken:>8.1f} s {count * megabytes / taken:>8.0f} MB/s   x {ideal / taken:.2f}")
    say(f"{'first envelope decided after':<36}{first - begun:>8.2f} s")
    say(f"{'highest memory of a worker':<36}{high / 1024:>8.0f} MiB")
    return float(ideal / taken)


def run() -> None:
    """The daily size."""
    measure(COUNT, MEGABYTES)


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:3]]
    measure(*given, *(COUNT, MEGABYTES)[len(given) :])
