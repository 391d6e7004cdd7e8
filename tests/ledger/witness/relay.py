"""A relay between a witness that follows and a real site: it passes everything on, and kills the witness on demand."""

from __future__ import annotations

import subprocess
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Relay:
    """Passes on to `to`. The next request whose path begins with `deadly` kills `witness` and is never passed on."""

    to: str
    url: str = ""
    deadly: str = ""
    witness: subprocess.Popen[str] | None = None
    started: threading.Event = field(default_factory=threading.Event)

    def strikes(self, path: str) -> bool:
        """Whether this request was the witness's last."""
        if not self.deadly or not path.startswith(self.deadly):
            return False
        self.started.wait(30)
        if self.witness is not None:
            self.witness.kill()
        self.deadly = ""
        return True


@contextmanager
def relay(to: str) -> Iterator[Relay]:
    """A relay while the block lasts."""
    made = Relay(to)

    class Passing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._pass_on(None)

        def do_POST(self) -> None:
            self._pass_on(self.rfile.read(int(self.headers["Content-Length"])))

        def _pass_on(self, body: bytes | None) -> None:
            if made.strikes(self.path):
                self.close_connection = True
                return
            asked = urllib.request.Request(made.to + self.path, body, {"Accept": self.headers["Accept"]})  # noqa: S310
            try:
                with urllib.request.urlopen(asked, timeout=30) as answer:  # noqa: S310  our own
                    status, data = answer.status, answer.read()
            except urllib.error.HTTPError as error:
                status, data = error.code, error.read()
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the library's word
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Passing)
    made.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
