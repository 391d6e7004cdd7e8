"""The sequencer's turn: a transaction like any other, asked for again and again while another writes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, connection

from ledger.models import Lease
from ledger.turn import turn

ROUNDS = """
import django, threading, time
django.setup()
from django.db import OperationalError, connection, transaction
from ledger import turn as turns
with connection.cursor() as cursor:
    cursor.execute("CREATE TABLE one (n INTEGER UNIQUE)")

def insert(number):
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO one VALUES (%s)", [number])

def patience():
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        return cursor.fetchone()[0]

held, go = threading.Event(), threading.Event()

def other():
    with transaction.atomic():
        insert(1)
        held.set()
        go.wait(20)
    connection.close()

thread = threading.Thread(target=other)
thread.start()
held.wait(20)
threading.Timer(0.3, go.set).start()
with turns.turn():
    insert(2)
assert patience() == 20000
try:
    with turns.turn():
        insert(3)
        raise KeyError
except KeyError:
    pass
thread.join()
held.clear(); go.clear()
thread = threading.Thread(target=lambda: (globals().update(insert=lambda _n: None), other()))
thread.start()
held.wait(20)
turns.LONGEST = 0.1
try:
    with turns.turn():
        raise AssertionError("two at once")
except OperationalError as error:
    assert "locked" in str(error)
go.set()
thread.join()
with connection.cursor() as cursor:
    cursor.execute("SELECT n FROM one ORDER BY n")
    assert cursor.fetchall() == [(1,), (2,)], "one came after the other, and what failed left nothing"
print("held")
"""


@pytest.mark.skipif(connection.vendor != "sqlite", reason="nobody waits for the whole database on PostgreSQL")
def test_it_waits_for_who_writes_and_not_for_ever(tmp_path: Path) -> None:
    environment = {**os.environ, "SUNLIGHT_VAR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-c", ROUNDS]
    said = subprocess.run(command, env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)
    assert (said.stdout, said.returncode) == ("held\n", 0), said.stderr


def test_within_a_transaction_it_is_a_part_of_it(db: None) -> None:
    def twice() -> None:
        with turn():
            for _again in range(2):
                Lease.objects.create(name="once", until="2026-01-01T00:00:00Z", next="2026-01-01T00:00:00Z")

    with pytest.raises(IntegrityError):
        twice()
    assert not Lease.objects.filter(name="once").exists()
