"""A real site for tests: granian on a temporary folder, in a process of its own, that tests may kill."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30.0


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Site:
    """A site on `folder`; `start` may follow `kill`."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    more: dict[str, str] = field(default_factory=dict)  # settings for its next start

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """What its processes are started with."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("SUNLIGHT_", "DJANGO_"))}
        clean.pop("OBJECTS_URL", None)
        clean.pop("DATABASE_URL", None)
        own = {"SUNLIGHT_VAR": str(self.folder), "REDIS_URL": "memory://", "SUNLIGHT_ORIGINS": self.url}
        own["SUNLIGHT_VEIL_SECONDS"] = "0"  # nothing here waits for a round
        return {**clean, **own, **self.more, "DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONPATH": str(ROOT)}

    def run(self, *command: str) -> str:
        """Run python with `command` in the site's environment; its output."""
        done = subprocess.run(
            [sys.executable, *command], cwd=ROOT, env=self.environment, check=True, capture_output=True, text=True
        )
        return done.stdout

    def stage(self, *words: str) -> Any:
        """A command of `tests.bidding.live_stage`."""
        return json.loads(self.run("-m", "tests.bidding.live_stage", *words))

    def start(self) -> None:
        """Start and wait until it answers."""
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
        command += ["--port", str(self.port), "--workers", "1", "--blocking-threads", "8", "--log-level", "error"]
        self.process = subprocess.Popen(
            [*command, "config.wsgi:application"], cwd=ROOT, env=self.environment, start_new_session=True
        )
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                with urllib.request.urlopen(f"{self.url}/health", timeout=2):  # noqa: S310  our own address
                    return
            except OSError:
                time.sleep(0.1)
        raise TimeoutError("the site does not answer")

    def kill(self) -> None:
        """Kill it at once, workers too: nothing is flushed, nobody says goodbye."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None
