"""A real demo for the story tests: processes of its own on a temporary folder, played on through its front door.

While a play runs, every file that a process of the site holds open is looked at again and again: none may lie in the
folders of the parties.
"""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.migrated import empty_database

ROOT = Path(__file__).resolve().parents[2]
FIRST_PORT = 28600
PAUSE = 0.1  # seconds
VISITOR = re.compile(r"^  (\w+) +(\S+) +(\S+) ", re.MULTILINE)


@dataclass
class Demo:
    """A demo in the folder `var`. `seen` are the files that its processes held open during plays; `more` are settings
    for its next start.
    """

    var: Path
    seen: set[str] = field(default_factory=set)
    more: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """What its processes are started with."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("SUNLIGHT_", "DJANGO_"))}
        kept.pop("REDIS_URL", None)
        port = str(FIRST_PORT + os.getpid() % 500 * 4)
        return {**kept, "SUNLIGHT_DEMO": "1", "SUNLIGHT_VAR": str(self.var), "SUNLIGHT_PORT": port, **self.more}

    def manage(self, *words: str) -> subprocess.CompletedProcess[str]:
        """A command of manage.py."""
        return subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *words],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=900, check=False,
        )  # fmt: skip

    def start(self) -> None:
        """Make the database, start, open the operator's account."""
        empty_database(self.var)
        self.up()
        (self.var / "demo").mkdir(exist_ok=True)
        drawn = self.manage("operator", "operator", "--draw")
        assert drawn.returncode == 0, drawn.stderr
        (self.var / "demo" / "operator").write_text(drawn.stdout)

    def up(self) -> None:
        """Start its processes."""
        done = self.manage("up", "--background")
        assert done.returncode == 0, done.stderr

    def play(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Play, and watch the site's processes meanwhile."""
        over = threading.Event()
        watcher = threading.Thread(target=self._watch, args=(over,))
        watcher.start()
        try:
            return self.manage("play", *words)
        finally:
            over.set()
            watcher.join()

    def _watch(self, over: threading.Event) -> None:
        """Look at the open files of every process of the site until the play is over."""
        parts = [self.site["pid"], *self.site["parts"].values()]
        while not over.wait(PAUSE):
            for pid in [*parts, *self._children(parts)]:
                self.seen.update(_open_files(pid))

    @staticmethod
    def _children(parts: list[int]) -> Iterator[int]:
        for pid in parts:
            for task in Path(f"/proc/{pid}/task").glob("*/children"):
                try:
                    yield from map(int, task.read_text().split())
                except OSError:
                    continue

    def stop(self) -> None:
        """Stop it."""
        self.manage("down")

    @property
    def site(self) -> dict[str, Any]:
        """Where it is, and its processes."""
        found: dict[str, Any] = json.loads((self.var / "run" / "site.json").read_text())
        return found

    def client(self, username: str = "") -> httpx.Client:
        """A client; signed in when a user name of visitors.txt is given."""
        accept = {"Accept": "application/json"}
        client = httpx.Client(base_url=str(self.site["pages"]), headers=accept, timeout=60, trust_env=False)
        if username:
            client.get("/accounts/login/", headers={"Accept": "text/html"})
            form = {"login": username, "password": self._password(username)}
            form["csrfmiddlewaretoken"] = client.cookies["sunlight_csrf"]
            assert client.post("/accounts/login/", data=form, headers={"Accept": "text/html"}).status_code == 302
        return client

    def _password(self, username: str) -> str:
        kept = self.var / "demo" / username
        told = VISITOR.findall(self.visitors) if not kept.exists() else []
        return {name: password for _role, name, password in told}.get(username) or kept.read_text().strip()

    @property
    def visitors(self) -> str:
        """What visitors are told."""
        return (self.var / "demo" / "visitors.txt").read_text(encoding="utf-8")


def _open_files(pid: int) -> Iterator[str]:
    for handle in Path(f"/proc/{pid}/fd").glob("*"):
        try:
            yield str(handle.readlink())
        except OSError:
            continue  # closed meanwhile


def log_key(client: httpx.Client) -> bytes:
    """The log's public key as the site tells it."""
    return base64.b64decode(client.get("/bidding/trust").json()["log"].split("+", 2)[2])[1:]
