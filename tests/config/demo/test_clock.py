"""The demo's clock: starts at one morning, runs on, moves forward only, by an act, and survives restarts."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

from tests.config.demo.inside import BEGIN, environment, inside

START = datetime.fromisoformat("2026-03-02T09:00:00+08:00")
AFTER = datetime.fromisoformat("2026-03-24T09:30:00+08:00")
MINUTE = timedelta(seconds=60)
DAY = timedelta(days=1)
SCRIPT = """
import time
from datetime import datetime
from config.demo.moving import move_to
from ledger import sequencer
from ledger.errors import Refused
from ledger.models import EntryRow

def now():
    return clock.OffsetSource().now().isoformat()

def move(to, role=Role.OPERATOR):
    before = EntryRow.objects.count()
    try:
        move_to(datetime.fromisoformat(to), actor=Actor("somebody", role))
        said = "moved"
    except Refused as refusal:
        said = refusal.codes[0]
    return [said, list(EntryRow.objects.order_by("pk")[before:].values_list("tag", "scope")), now()]

first = now()
time.sleep(0.3)
said = {"first": first, "later": now()}
said["back"] = move("2026-03-01T00:00:00+08:00")
said["not the operator"] = move("2026-04-01T00:00:00+08:00", Role.AGENT)
said["forward"] = move("2026-03-24T09:30:00+08:00")
said["on its way"] = move("2026-03-25T09:30:00+08:00")
sequencer.run_once()
said["in the log"] = move("2026-03-25T09:30:00+08:00")
print(json.dumps(said))
"""


def test_it_starts_runs_and_moves_forward_by_an_act_and_survives_a_restart(var: Path) -> None:
    said = inside(var, SCRIPT)
    first, later = (datetime.fromisoformat(said[name]) for name in ("first", "later"))
    assert START <= first < later < START + MINUTE
    assert later - first >= timedelta(seconds=0.3)
    assert said["back"][:2] == ["config.clock_back", []]
    assert said["not the operator"][:2] == ["rights.role", []]
    assert datetime.fromisoformat(said["not the operator"][2]) < START + MINUTE
    assert said["forward"][:2] == ["moved", [["config:clock:moved", "clock"]]]
    assert AFTER <= datetime.fromisoformat(said["forward"][2]) < AFTER + MINUTE
    again = inside(var, "print(json.dumps(clock.OffsetSource().now().isoformat()))")
    assert AFTER + DAY <= datetime.fromisoformat(again) < AFTER + DAY + MINUTE


def test_two_processes_that_begin_together_have_one_start(var: Path) -> None:
    script = "from ledger.clock import now\nnow()\nprint(clock.offset() // clock.MICROSECOND)"
    command = [sys.executable, "-c", BEGIN + script]
    both = [subprocess.Popen(command, env=environment(var), stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate()[0].splitlines()[-1] for process in both]
    assert said[0] == said[1] == (var / "clock").read_text().strip()
