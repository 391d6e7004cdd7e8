"""How long the verifier takes for a tender with 300 bids, from its notice to its contract.

Leaves: a table. The promise: under 60 s on one core. The bundles are made by the real acts and the front door: 300
sealed bids with their guarantees, opened, judged by five members, awarded; then the command runs on both, in a process
of its own, and its processor time is taken (user and system), which other work on the machine does not change.
`python -m tests.bench.verifying COUNT` for another number of bids.
"""

from __future__ import annotations

import logging
import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import ClassVar

from tests.bench import scratch

os.environ["SUNLIGHT_VEIL_SECONDS"] = "0"  # veiled entries as they come: the rounds are measured elsewhere
scratch.begin()

from ledger.bundle import unpack  # noqa: E402  Django is loaded by now
from supervision.bundling import public_bundle, regulators_bundle  # noqa: E402
from supervision.trusting import log_key_text  # noqa: E402
from tests.bidding.scenes import Scene  # noqa: E402
from tests.experts.drawing import enter  # noqa: E402
from tests.parts import ROOT, say  # noqa: E402
from tests.supervision import flow  # noqa: E402
from tests.world import MORNING, TestClock, World  # noqa: E402
from trading import authority  # noqa: E402
from trading.method import WORKED  # noqa: E402

COUNT = 300
MOST = 60.0  # seconds of one core


class Crowd(flow.Flow):
    """One lot, and a crowd that bids for it."""

    LOTS = (("道路", WORKED),)
    COUNT: ClassVar[int] = COUNT
    NAMES = (*flow.NAMES[:5], *(f"bidder{number}" for number in range(1, COUNT + 1)))

    def bid(self) -> None:
        """Everybody bids, with a guarantee."""
        (one,) = self.lots
        for number in range(1, self.COUNT + 1):
            account = self.world.bidder(number)
            self.send(one, number, f"{9_000_000 + 1_000 * number}.00", key=self.cover(one, account))
            if number % 10 == 0:
                self.world.sequence()  # what is veiled takes its place within the hour
        self.round()


def played() -> Crowd:
    """The whole tender."""
    clock = TestClock()
    clock.set(MORNING)
    made = Crowd(Scene(World(clock)))
    made.enrol()
    made.notice()
    made.bid()
    made.late()
    for number in range(1, 13):
        enter(made.world, number)
    (one,) = made.lots
    made.open(one)
    made.judge(one, made.draw(one))
    made.publish(one)
    made.award(one)
    return made


def measure(name: str, data: bytes) -> float:
    """Verify a bundle by the command; the processor seconds it took."""
    folder = Path(scratch.VAR)
    (folder / "bundle.zip").write_bytes(data)
    (folder / "log.key").write_text(log_key_text())
    (folder / "roots.pem").write_text(authority.roots_pem())
    command = [sys.executable, "-m", "supervision.verifier", "bundle.zip", "--log-key", "log.key"]
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(
        [*command, "--roots", "roots.pem", "--language", "en"], cwd=folder, env={"PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    wall, after = time.monotonic() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode == 0, done.stdout + done.stderr
    taken = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    figures = f"{len(data) / 2**20:>8.1f}{len(unpack(data)):>9}{taken:>12.1f}{wall:>9.1f}"
    say(f"{name:<20}{figures}   {done.stdout.splitlines()[-1]}")
    return taken


def run() -> None:
    """Say the table."""
    logging.disable(logging.WARNING)  # somebody comes late, as told
    begun = time.process_time()
    made = played()
    say(f"{Crowd.COUNT} bids, from notice to contract, played in {time.process_time() - begun:.0f} processor seconds")
    say(f"{'bundle':<20}{'MiB':>8}{'members':>9}{'processor s':>12}{'wall s':>9}")
    both = {"public": public_bundle(made.tender), "regulator's": regulators_bundle(made.tender)}
    slowest = max(measure(name, data) for name, data in both.items())
    say(f"promised: at most {MOST:.0f} processor seconds; {'kept' if slowest <= MOST else 'NOT kept'}")


if __name__ == "__main__":
    if sys.argv[1:]:
        Crowd.COUNT = int(sys.argv[1])
        Crowd.NAMES = (*flow.NAMES[:5], *(f"bidder{number}" for number in range(1, Crowd.COUNT + 1)))
    run()
