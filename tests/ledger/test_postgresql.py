"""The house on PostgreSQL: the ledger's own tests, and one tender from notice to contract, run there again."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from tests.postgresql import running

ROOT = Path(__file__).resolve().parents[2]
OWN = ("act", "fsck", "fsck_database", "fsck_entries", "fsck_tiles", "keeping", "rounds", "standing", "tree", "views")
AGAIN = (
    *(f"tests/ledger/test_{name}.py" for name in OWN),
    # a whole tender, by the acts of every room and through the front door
    "tests/supervision/test_bundling.py::test_both_bundles_pass_every_check",
)


@pytest.mark.slow
@pytest.mark.skipif(connection.vendor != "sqlite", reason="this is the run on PostgreSQL")
def test_the_ledger_and_a_whole_tender_run_on_postgresql() -> None:
    with running() as server:
        own = {"SUNLIGHT_TEST_DATABASE": server.url("sunlight"), "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *AGAIN]
        strange = ("PYTEST_", "DJANGO_", "SUNLIGHT_", "DATABASE_URL")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(strange)}
        done = subprocess.run(command, cwd=ROOT, env=kept | own, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
