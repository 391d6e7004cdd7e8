"""When the ticker runs a round: at news, at a due instant, and now and then."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from config import waking
from tests.migrated import empty_database

ROUNDS = """
import django
django.setup()
from django.db import connection
from config.waking import LONGEST, Waking, until_due
connection.cursor().execute("CREATE TABLE one (n INTEGER)")
connection.close()
one = Waking("news", rest=lambda: 3600.0)  # nothing but news within the hour of this test
assert one.is_time(), "the first round comes at once"
one.begin(); one.end(1)
assert one.is_time(), "work is followed by a look at once"
one.begin(); one.end(0)
assert not one.is_time(), "nothing happened"
connection.cursor().execute("INSERT INTO one VALUES (1)")
assert one.is_time(), "somebody wrote"
one.begin(); one.end(0)
assert not one.is_time(), "seen"
one.rest = lambda: 0.0
one.begin(); one.end(0)
assert one.is_time(), "time may have brought something"
assert 0.0 <= until_due() <= LONGEST
print("held")
"""


def test_rounds_come_with_news_and_with_time(tmp_path: Path) -> None:
    environment = {**os.environ, "SUNLIGHT_VAR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings"}
    environment["SUNLIGHT_CLOCK"] = "ledger.clock.SystemSource"
    command = [sys.executable, "-c", ROUNDS]
    empty_database(tmp_path)
    said = subprocess.run(command, env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)
    assert (said.stdout, said.returncode) == ("held\n", 0), said.stderr


def test_a_pulse_counts_only_when_every_part_has_one(tmp_path: Path) -> None:
    assert not waking.beats(tmp_path)
    (tmp_path / "tick.places").touch()
    assert not waking.beats(tmp_path)
    (tmp_path / "tick.news").touch()
    assert waking.beats(tmp_path)
    os.utime(tmp_path / "tick.news", (1, 1))
    assert not waking.beats(tmp_path)


def test_a_database_that_is_away_is_a_reason_to_look(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    one = waking.Waking("news")
    one.due = float("inf")
    monkeypatch.setitem(waking.QUESTIONS, "sqlite", "SELECT nothing FROM nowhere")
    assert one.is_time()
    one.close()
