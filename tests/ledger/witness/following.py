"""A witness in a process of its own that follows a real site through a relay, for tests with a server at hand."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ledger.note import text_of
from ledger.witness.cosignature import Witness
from tests.ledger.witness.makers import NAME, key, public
from tests.ledger.witness.relay import Relay

NUMBER = 7


@dataclass
class Follower:
    """The witness with the key of a number; its memory in `home`."""

    home: Path
    log: str
    relay: Relay
    number: int = NUMBER

    def __post_init__(self) -> None:
        """Give it its key."""
        self.home.mkdir(mode=0o700)
        (self.home / "key").write_bytes(key(self.number).private_bytes_raw())

    @property
    def policy(self) -> str:
        """A policy that asks for this witness alone."""
        return f"log {self.log}\nwitness w1 {Witness(NAME, public(self.number)).verifier_key}\nquorum w1\n"

    def look(self, *, killed_at: str = "") -> tuple[int, str]:
        """Look once; status and last line. With `killed_at` it dies, by SIGKILL, at the first request for that path."""
        command = [sys.executable, "-m", "ledger.witness", "--name", NAME, "--state", str(self.home)]
        command += ["--log", self.log, "--follow", f"{self.relay.url}/log", "--once"]
        self.relay.deadly = killed_at
        self.relay.started.clear()
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
            self.relay.witness = process
            self.relay.started.set()
            said, _nothing = process.communicate(timeout=60)
        return process.returncode, said.splitlines()[-1]

    def seen(self) -> int:
        """Up to where it has cosigned, by its own memory."""
        found = [json.loads(path.read_bytes())["size"] for path in self.home.glob("*.json")]
        return int(found[0]) if found else 0

    def standing(self) -> dict[str, Any]:
        """What the site says of it."""
        asked = urllib.request.Request(f"{self.relay.to}/log/witnesses", headers={"Accept": "application/json"})  # noqa: S310  our own
        with urllib.request.urlopen(asked, timeout=30) as answer:  # noqa: S310
            found: dict[str, Any] = json.loads(answer.read())
        return found

    def wanted(self) -> int:
        """The size of the checkpoint that the site wants cosigned."""
        with urllib.request.urlopen(f"{self.relay.to}/log/witnesses/checkpoint", timeout=30) as answer:  # noqa: S310
            return text_of(answer.read()).size
