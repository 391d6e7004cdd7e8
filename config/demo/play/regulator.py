"""The regulator's client: watches every entry about a tender and its lots as it happens, over live sockets.

It also holds the leaf `r` of the custody policy; it need not come to an opening for which two others came.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection

from bidding.client.keys import write_private
from bidding.client.session import FILE, problem_of
from config.demo.play.custodian import Custodian
from config.demo.play.live import line_to

HOUSE = Path(__file__).resolve().parents[3]


class Watch:
    """One open socket on a scope; `heard` are the indices it was told of."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket, self.heard = socket, list[int]()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        try:
            for message in self.socket:
                said = json.loads(message)
                if "entry" in said:
                    self.heard.append(int(said["entry"]))
        except ConnectionClosed:
            return

    def close(self) -> list[int]:
        """Hang up; what was heard."""
        self.socket.close()
        self._thread.join(timeout=5)
        return self.heard


class Regulator(Custodian):
    """Watches over the tender."""

    def watch(self, scope: str) -> Watch:
        """Listen for entries about a tender or lot, from the first one on."""
        socket = line_to(self.site, self.session, scope)
        socket.send(json.dumps({"from": 0}))
        return Watch(socket)

    def public_bundle(self, tender: str) -> Path:
        """Fetch the public evidence of a tender, as anybody can."""
        return self._keep(f"{tender}.zip", self.session.get_bytes(f"/supervision/tenders/{tender}/bundle"))

    def private_bundle(self, tender: str) -> Path:
        """Take the whole evidence of a tender, sealed files and shares too."""
        path, form = f"/supervision/tenders/{tender}/bundle/export", {"csrfmiddlewaretoken": self.session.token}
        answer = self.session.http.post(path, data=form, headers=FILE)
        if not answer.is_success:
            raise problem_of(answer.status_code, answer.content)
        return self._keep(f"{tender}-regulator.zip", answer.content)

    def _keep(self, name: str, data: bytes) -> Path:
        path = self.keys.path / name
        path.unlink(missing_ok=True)
        write_private(path, data)
        return path

    def verify(self, bundle: Path) -> tuple[int, str]:
        """Check a bundle offline, with the log key and the roots pinned at the enrolment: exit status, last line."""
        pinned = ["--log-key", str(self.keys.path / "log.vkey"), "--roots", str(self.keys.path / "roots.pem")]
        command = [sys.executable, "-m", "supervision.verifier", str(bundle), *pinned]
        done = subprocess.run(command, cwd=HOUSE, capture_output=True, text=True, check=False)
        said = (done.stdout + done.stderr).strip().splitlines()
        return done.returncode, said[-1] if said else ""
