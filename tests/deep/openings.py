"""100 envelopes of 40 MB, then some of 1 GB: the speed of all cores, flat memory, none left undecided."""

from __future__ import annotations

from tests.bench.openings import measure
from tests.parts import say

PROMISED = 0.8


def run() -> None:
    """Say both tables; the share of the ideal is the machine's to keep, the count of decided ones is ours."""
    share = measure(100, 40)
    say(f"promised x {PROMISED}: {'kept' if share >= PROMISED else 'missed in this run'}")
    measure(2, 1000)
