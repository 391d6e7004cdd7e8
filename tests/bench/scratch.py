"""A scratch house for benchmarks: the real settings on a temporary `var/`, a migrated database in a file, no broker.

Import this before anything of Django's.
"""

from __future__ import annotations

import atexit
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable

VAR = tempfile.mkdtemp(prefix="sunlight-bench-")
atexit.register(shutil.rmtree, VAR, ignore_errors=True)
os.environ |= {
    "SUNLIGHT_VAR": VAR,
    "REDIS_URL": "memory://",
    "SUNLIGHT_PROCESS": "bench",
    "SUNLIGHT_CLOCK": "tests.world.TestClock",
    "SUNLIGHT_HOSTS": "testserver,127.0.0.1",
    "DJANGO_SETTINGS_MODULE": "config.settings",
}
ROUNDS = 5


def begin() -> None:
    """Load Django and migrate the empty database."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def seconds(act: Callable[[], object]) -> float:
    """How long `act` takes."""
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def median(act: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The median of `rounds` runs, in seconds."""
    return statistics.median(seconds(act) for _ in range(rounds))
