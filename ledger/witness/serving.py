"""A witness on the net: `POST /add-checkpoint` of C2SP tlog-witness, over the standard library's HTTP server.

Enters: requests. Leaves: signature lines, or the protocol's refusals. TLS is the business of the proxy before it.
"""

from __future__ import annotations

from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from ledger.witness.asking import LONGEST
from ledger.witness.clerk import Clerk
from ledger.witness.judging import RefusedToCosign

PATIENCE = 10.0  # seconds for a request to come in


class Desk(ThreadingHTTPServer):
    """Serves `clerk` at `address` (host, port)."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], clerk: Clerk) -> None:
        super().__init__(address, Asked)
        self.clerk = clerk


class Asked(BaseHTTPRequestHandler):
    """One connection."""

    server: Desk
    protocol_version = "HTTP/1.1"
    timeout = PATIENCE

    def handle(self) -> None:
        """Serve the connection until it ends, in whatever way the other side ends it."""
        with suppress(ConnectionError):
            super().handle()

    def do_POST(self) -> None:
        """Answer `/add-checkpoint`, wherever a proxy has put it."""
        try:
            self._say(200, self.server.clerk.answer(self._body()))
        except RefusedToCosign as refused:
            self._say(refused.status, refused.body, refused.kind)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002
        """Refuse in a plain line what the library cannot read, and every method but POST, which it does not know."""
        self.close_connection = True  # whatever body came with it is not read
        if code == HTTPStatus.NOT_IMPLEMENTED:
            self._say(HTTPStatus.METHOD_NOT_ALLOWED, "post to add-checkpoint\n", allow="POST")
        else:
            self._say(code, f"{message or HTTPStatus(code).phrase}\n")

    def _body(self) -> bytes:
        length = self.headers.get("Content-Length", "")
        if not self.path.endswith("/add-checkpoint"):
            self.close_connection = True
            raise RefusedToCosign(404, "post to add-checkpoint\n")
        if not length.isdecimal() or int(length) > LONGEST:
            self.close_connection = True
            raise RefusedToCosign(413 if length.isdecimal() else 411, "say how long the request is, and be brief\n")
        return self.rfile.read(int(length))

    def _say(self, status: int, body: str, kind: str = "text/plain; charset=utf-8", *, allow: str = "") -> None:
        data = body.encode()
        self.send_response(status)
        if allow:
            self.send_header("Allow", allow)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name that http.server calls
        """Say nothing: what was cosigned is kept, and a stranger's requests are nobody's business."""
