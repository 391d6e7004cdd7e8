"""The whole site on PostgreSQL: `manage.py up` under a role that owns nothing, the demo play by its front door, fsck.

A PostgreSQL of its own from Debian (tests/postgresql.py), flushing every commit; tables made by their owner, rights by
`manage.py grants`, as docs/decisions/0027 tells a centre to do it. No process may have logged an error.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests import postgresql
from tests.parts import ROOT, NotHere, say
from tests.story.demo import Demo

ROLE = "sunlight_site"
ASK = """
import django; django.setup()
from django.db import connection
from ledger import fsck, grants
from ledger.models import CheckpointToken, EntryRow, Place
from supervision.models import HouseAlarm
from bidding.models import Timestamp
assert connection.vendor == "postgresql", connection.vendor
assert grants.too_mighty(connection) == [], grants.too_mighty(connection)
entries, places = EntryRow.objects.count(), Place.objects.count()
difference = fsck.first_difference()
assert difference is None, difference
print(entries, places, CheckpointToken.objects.count(), Timestamp.objects.count(), HouseAlarm.objects.count())
"""


@dataclass
class Stage(Demo):
    """A demo on the database at `url`."""

    url: str = ""

    @property
    def environment(self) -> dict[str, str]:
        """With its database."""
        return {**super().environment, "DATABASE_URL": self.url, "DJANGO_SETTINGS_MODULE": "config.settings"}

    def migrated(self, owner: str) -> None:
        """The tables made by their owner, and the site's role let in."""
        for words in (("migrate", "--verbosity", "0"), ("grants", "--to", ROLE)):
            command = [sys.executable, str(ROOT / "manage.py"), *words]
            subprocess.run(command, cwd=ROOT, env={**self.environment, "DATABASE_URL": owner}, check=True)

    def ask(self) -> list[int]:
        """What the site's own role finds in the database."""
        command = [sys.executable, "-c", ASK]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise AssertionError(done.stderr)
        return [int(word) for word in done.stdout.split()]


def play(stage: Stage) -> None:
    """Start, play, look, stop; say what it took."""
    begun = time.monotonic()
    stage.start()
    try:
        started = time.monotonic() - begun
        done = stage.manage("play")
        if done.returncode:
            raise AssertionError(done.stdout[-3000:] + done.stderr[-3000:] + errors_in(stage.var))
        ended = time.monotonic() - begun - started
        entries, places, dated, stamped, alarms = stage.ask()
    finally:
        stage.stop()
    if found := errors_in(stage.var):
        raise AssertionError(found)
    say(f"up in {started:.0f} s, played in {ended:.0f} s; no process logged an error; fsck finds no difference")
    say(f"{entries} entries, {places} of them in the log; {dated} timestamps over it, {stamped} over receipts")
    say(f"{alarms} alarms about the house")


def errors_in(var: Path) -> str:
    """What the site's processes logged as errors."""
    lines = [line for path in sorted((var / "log").glob("*")) for line in path.read_text(errors="replace").splitlines()]
    return "\n".join(line[:2000] for line in lines if '"level": "error"' in line or line.startswith("Traceback"))[:6000]


def run() -> None:
    """One play on an empty database."""
    if not any((place / "postgres").exists() for place in postgresql.PLACES):
        raise NotHere("PostgreSQL is not installed: apt-get install postgresql")
    folder = tempfile.TemporaryDirectory(prefix="sunlight-pg-site-")
    with folder as var, postgresql.running(durable=True) as server:
        owner = server.create("sunlight")
        stage = Stage(Path(var), url=server.url("sunlight", ROLE))
        stage.migrated(owner)
        play(stage)
