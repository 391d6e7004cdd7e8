"""Runs a few lines inside a demo: a process with SUNLIGHT_DEMO=1 and a folder of its own.

The test run itself is no demo (tests/conftest.py), and the demo's modules cannot be imported where it is not installed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
BEGIN = """
import json, sys
import django
django.setup()
from config.demo import clock
from ledger.actor import Actor, Role
OPERATOR = Actor("the-operator", Role.OPERATOR)
"""


def environment(var: Path) -> dict[str, str]:
    """What a process of the demo in `var` is started with."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SUNLIGHT_", "DJANGO_"))}
    ours = {"SUNLIGHT_DEMO": "1", "SUNLIGHT_VAR": str(var), "REDIS_URL": "memory://", "PYTHONPATH": str(ROOT)}
    return {**kept, **ours, "DJANGO_SETTINGS_MODULE": "config.settings"}


def manage(var: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """A command of manage.py in the demo."""
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *words],
        cwd=ROOT, env=environment(var), capture_output=True, text=True, check=False,
    )  # fmt: skip


def inside(var: Path, script: str) -> Any:
    """What `script` prints as JSON in its last line."""
    done = subprocess.run(
        [sys.executable, "-c", BEGIN + script],
        cwd=ROOT, env=environment(var), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])
