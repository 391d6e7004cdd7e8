"""The witness's own clock, on its own machine: a cosignature says when it was made, and nobody else is asked."""

from __future__ import annotations

import time


def seconds() -> int:
    """POSIX seconds on this machine."""
    return int(time.time())
