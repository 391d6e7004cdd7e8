"""100 envelopes of 40 MB, then some of 1 GB: the speed of all cores, flat memory, none left undecided."""

from __future__ import annotations

import statistics

from tests.bench.openings import measure
from tests.parts import say

PROMISED = 0.8
RUNS = 5  # on a shared machine one run in four is a tenth slower than the others


def run() -> None:
    """Say both tables; the share of the ideal is the machine's to keep, the count of decided ones is ours."""
    share = statistics.median(measure(100, 40) for _run in range(RUNS))
    say(f"median of {RUNS} runs x {share:.2f}, promised x {PROMISED}: {'kept' if share >= PROMISED else 'missed'}")
    measure(2, 1000)
