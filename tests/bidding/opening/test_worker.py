"""Workers that die: each envelope is decided once, whatever is killed and however often a task comes (P14)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bidding.opening.attempts import MOST
from tests.bidding.workplace import ROOT, Workplace, until

COUNT = 5
DEEP = os.environ.get("SUNLIGHT_DEEP") == "1"
GOOD = ["opened", "", ""]
server = [pytest.mark.server, pytest.mark.slow]


def served(function: object) -> object:
    """Marks of a test with real processes."""
    for mark in server:
        function = mark(function)
    return function


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Workplace:
    """A lot that may be opened, to be copied by each test."""
    made = Workplace(tmp_path_factory.mktemp("origin") / "var")
    made.changes["REDIS_URL"] = "memory://"
    made.var.mkdir()
    assert len(made.stage("cast", str(COUNT), str(24 << 20))) == COUNT
    del made.changes["REDIS_URL"]
    return made


@pytest.fixture
def place(origin: Workplace, tmp_path: Path) -> Iterator[Workplace]:
    made = origin.copy(tmp_path / "var")
    try:
        made.start_broker()
        yield made
    finally:
        made.stop()


def decided_once(place: Workplace) -> dict[str, list[str]]:
    """What became of each bid, once the ledger says of each receipt one thing and every kept file is whole."""
    found = place.stage("found")
    assert found["decided"] == found["receipts"]
    assert found["whole"]
    bids: dict[str, list[str]] = found["bids"]
    return bids


@served
@pytest.mark.parametrize("moment", [0.0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.4, 0.8] if DEEP else [0.0, 0.15])
def test_a_worker_killed_at_any_moment_leaves_each_envelope_decided_once(place: Workplace, moment: float) -> None:
    worker = place.start_worker()
    place.stage("send")
    until(lambda: bool(place.attempts()) or not place.waiting(), "the first attempt", pause=0.005)
    time.sleep(moment)
    place.kill(worker)
    place.start_worker()
    place.finish()
    assert list(decided_once(place).values()) == [GOOD] * COUNT


@served
def test_a_task_that_comes_three_times_to_two_workers_decides_once(place: Workplace) -> None:
    place.start_worker()
    place.start_worker()
    assert place.stage("send", "3") == 3 * COUNT
    place.finish()
    assert list(decided_once(place).values()) == [GOOD] * COUNT


@served
def test_an_envelope_that_kills_whoever_opens_it_is_given_up_and_the_rest_opens(place: Workplace) -> None:
    place.start_worker()
    code = place.rows("SELECT code FROM bidding_bid WHERE number = 2")[0][0]
    place.start_ticker()
    killed = set[tuple[int, int]]()

    def kill_it_again() -> bool:
        for attempt in set(place.attempts(code)) - killed:
            if attempt[0] <= MOST:  # the next one opens nothing, it gives up
                os.kill(attempt[1], signal.SIGKILL)
                killed.add(attempt)
        return not place.waiting()

    until(kill_it_again, "that every envelope is decided", pause=0.002)
    assert [number for number, _process in sorted(killed)] == [1, 2, 3]
    found = decided_once(place)
    assert found.pop(code) == ["failed", "bidding.opening_broke_off", "other"]
    assert list(found.values()) == [GOOD] * (COUNT - 1)


LIMITED = """
from bidding.opening import limits
limits.STALL, limits.MEMORY = 0.3, 300 << 20
with limits.limited() as heard:
    {act}
print("after")
"""


@pytest.mark.parametrize(
    ("act", "code", "said"),
    [
        ("while True: pass", -signal.SIGPROF, ""),
        ("sum(range(10 ** 11))", -signal.SIGPROF, ""),  # a hang in code that is not Python
        ("import time\n    time.sleep(0.6)", 0, "after\n"),  # a slow disk is no hang
        ("for _ in range(12):\n        sum(range(2 * 10 ** 6)); heard()", 0, "after\n"),
        ("bytearray(400 << 20)", 1, ""),
    ],
)
def test_limits_end_what_hangs_and_what_grows(act: str, code: int, said: str) -> None:
    environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
    command = [sys.executable, "-c", LIMITED.format(act=act)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=ROOT)
    assert (done.returncode, done.stdout) == (code, said)
    assert ("MemoryError" in done.stderr) is ("bytearray" in act)
