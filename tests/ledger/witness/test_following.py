"""Following a small log over HTTP: what it wants cosigned, its tiles whole or in part, refusals with their words."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from ledger import note, tiles
from ledger.errors import Broken
from ledger.witness.cosignature import Witness, check
from ledger.witness.following import follow_once
from tests.ledger.witness.makers import NAME, checkpoint, clerk, key, leaves, public


@dataclass
class Log:
    """What a log serves, by path; lines handed in; how it answers them."""

    files: dict[str, bytes] = field(default_factory=dict)
    lines: list[bytes] = field(default_factory=list)
    status: int = 204
    said: bytes = b""
    url: str = ""

    def wants(self, size: int, *paths: tuple[int | str, int, int]) -> None:
        """It wants `size` leaves cosigned and serves the tiles (level, number, width)."""
        self.files = {"/witnesses/checkpoint": note.sign(checkpoint(size), key(1))}
        for level, number, width in paths:
            hashes = leaves(size)[256 * number : 256 * number + width]
            self.files[f"/{tiles.tile_path(level, number, width)}"] = b"".join(hashes)


@contextmanager
def served() -> Iterator[Log]:
    """A log on the net while the block lasts."""
    log = Log()

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            data = log.files.get(self.path)
            self._say(404 if data is None else 200, data or b"")

        def do_POST(self) -> None:
            log.lines.append(self.rfile.read(int(self.headers["Content-Length"])))
            self._say(log.status, log.said)

        def _say(self, status: int, data: bytes) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the library's word
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    log.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield log
    finally:
        server.shutdown()
        server.server_close()


def test_it_cosigns_what_the_log_wants_cosigned_and_hands_it_in(tmp_path: Path) -> None:
    witness = clerk(tmp_path)
    with served() as log:
        log.wants(3)
        line = follow_once(f"{log.url}/", witness)
        assert line is not None
        check(line.rstrip("\n"), checkpoint(3), Witness(NAME, public(2)))
        assert log.lines == [f"{checkpoint(3).text()}\n{line}".encode()]
        log.wants(9, (0, 0, 9))
        later = follow_once(log.url, witness)
        log.files["/witnesses/checkpoint"] += (later or "").encode()
        assert follow_once(log.url, witness) is None
        assert len(log.lines) == 2


@pytest.mark.parametrize("held", [9, 256])
def test_a_tile_that_is_full_meanwhile_will_do(tmp_path: Path, held: int) -> None:
    witness = clerk(tmp_path)
    with served() as log:
        log.wants(3)
        follow_once(log.url, witness)
        log.wants(9)
        log.files[f"/{tiles.tile_path(0, 0, held)}"] = b"".join(leaves(held))
        assert follow_once(log.url, witness) is not None


@pytest.mark.parametrize("served_at", [(0, 0, 9), (0, 0, 256)])
def test_a_tile_of_the_wrong_length_proves_nothing(tmp_path: Path, served_at: tuple[int, int, int]) -> None:
    witness = clerk(tmp_path)
    with served() as log:
        log.wants(3)
        follow_once(log.url, witness)
        log.wants(9)
        log.files[f"/{tiles.tile_path(*served_at)}"] = b"".join(leaves(8))
        with pytest.raises(Broken, match="wrong length"):
            follow_once(log.url, witness)
        assert witness.seen("log.example/one").size == 3


def test_a_log_that_fell_behind_is_told_by_size(tmp_path: Path) -> None:
    witness = clerk(tmp_path)
    with served() as log:
        log.wants(9)
        follow_once(log.url, witness)
        log.wants(3)
        with pytest.raises(Broken, match="the log wants 3 entries cosigned, this witness has cosigned 9"):
            follow_once(log.url, witness)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"reasons": [{"code": "ledger.no_witness", "text": "Not named."}]}, "; Not named. (ledger.no_witness)"),
        ({"reasons": ["odd"]}, ""), ({"reasons": None}, ""), ([], ""), ("text", ""),
    ],
)  # fmt: skip
def test_a_refusal_says_why(tmp_path: Path, said: object, why: str) -> None:
    with served() as log:
        log.wants(3)
        log.status, log.said = 422, json.dumps(said).encode()
        with pytest.raises(Broken) as caught:
            follow_once(log.url, clerk(tmp_path))
        assert str(caught.value) == f"{log.url}/cosignatures: HTTP Error 422: Unprocessable Entity{why}"
