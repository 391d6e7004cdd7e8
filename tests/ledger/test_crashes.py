"""Sequencers and followers that are killed at any point, and two at once: no gap, no double, nothing lost."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.postgresql import Server, running

ROOT = Path(__file__).resolve().parents[2]
WHOLE: dict[str, Any] = {
    "no gap and no double": True,
    "one after the other": True,
    "tokens rise": True,
    "difference": None,
    "standing": [],
}
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="both databases are tried from here"),
]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running() as found:
        yield found


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/sunlight.sqlite3"
    server: Server = request.getfixturevalue("server")
    return server.create(f"crash_{secrets.token_hex(4)}")


def crash(part: str, address: str, var: Path, seconds: str) -> dict[str, Any]:
    """Run a part of tests/ledger/crashing.py on a house of its own."""
    strange = [name for name in os.environ if name.startswith(("SUNLIGHT_", "DJANGO_")) and name != "SUNLIGHT_DEEP"]
    kept = {name: value for name, value in os.environ.items() if name not in strange}
    own = {
        "DATABASE_URL": address,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "OBJECTS_URL": f"file://{var}/objects",
        "PYTHONPATH": str(ROOT),
        "REDIS_URL": "memory://",
        "SUNLIGHT_VAR": str(var),
        "SUNLIGHT_VEIL_SECONDS": seconds,
    }
    command = [sys.executable, "-m", "tests.ledger.crashing", part]
    done = subprocess.run(command, cwd=ROOT, env=kept | own, capture_output=True, text=True, check=False, timeout=900)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    assert found.items() >= WHOLE.items(), f"{found} {done.stderr}"
    assert found["signed"] == found["entries"]
    return found


def test_a_sequencer_killed_at_every_point_leaves_a_log_that_goes_on(address: str, tmp_path: Path) -> None:
    found = crash("sequencer", address, tmp_path, "10")
    assert found["killed"] > 15
    assert found["tokens"] > 3


def test_sequencers_at_once_and_killed_at_random_write_one_log(address: str, tmp_path: Path) -> None:
    found = crash("together", address, tmp_path, "1")
    assert found["killed"] > 2


def test_the_feed_loses_nothing_whoever_is_killed(address: str, tmp_path: Path) -> None:
    found = crash("feed", address, tmp_path, "1")
    assert (found["lost"], found["in order"], found["without gaps"]) == ([], True, True)
    assert found["killed"] >= 3
    assert found["followers"] >= 2
