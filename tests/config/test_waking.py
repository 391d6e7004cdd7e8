"""When the ticker runs a round: at an entry, at a due instant, and now and then."""

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
from config.waking import LONGEST, Waking, until_due
from ledger.models import Cursor, EntryRow, Place, Waiting
entry = EntryRow.objects.create(leaf=b"", tag="", scope="")
places, news = both = [Waking(part, rest=lambda: 3600.0) for part in ("places", "news")]  # nothing but entries matter
def asked(): return [one.is_time() for one in both]
def held():
    for one in both: one.begin(); one.end()
assert asked() == [True, True], "the first round comes at once"
held()
assert asked() == [False, False], "nothing happened"
Cursor.objects.create(name="somebody")
assert asked() == [False, False], "what leaves no entry can wait"
Waiting.objects.create(entry=entry, veiled=False)
assert asked() == [True, False], "an entry waits"
held()
assert asked() == [False, False], "seen"
Waiting.objects.all().delete()
Place.objects.create(entry=entry, index=0)
assert asked() == [False, True], "it has its place"
news.rest = lambda: 0.0
held()
assert asked() == [False, True], "time may have brought something"
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
    monkeypatch.setitem(waking.PARTS, "news", "SELECT nothing FROM nowhere")
    assert one.is_time()
    one.close()
