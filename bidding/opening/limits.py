"""What one envelope may cost the worker that opens it: memory, and processor time without a step forward (P36).

Enters: nothing. Leaves: a context in which too much memory raises MemoryError and a hang ends the process, whatever
code it hangs in. The kernel keeps both limits; waiting for a slow disk costs no processor time and is no hang.
"""

from __future__ import annotations

import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager

from bidding.opening.resting import Heard

MEMORY = 512 << 20  # bytes of data that the process may hold, its own included
STALL = 10.0  # seconds of processor time between two steps
SLOWEST = 2 << 20  # bytes a second that the slowest disk gives
LEAST = 120  # seconds that every envelope has


def seconds_for(size: int) -> int:
    """How long the opening of an envelope of `size` bytes may take before the worker's chief ends it."""
    return LEAST + size // SLOWEST


@contextmanager
def limited() -> Iterator[Heard]:
    """Set the limits; what comes out is to be called at every step."""
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    most = MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (most, hard))

    def heard() -> None:
        signal.setitimer(signal.ITIMER_PROF, STALL)

    heard()
    try:
        yield heard
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))
