"""Timestamps of receipts: after the receipt, from the built-in authority or another's, and never in the way."""

from __future__ import annotations

import shutil
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from django.core.cache import cache
from django.test import Client

from bidding.models import Timestamp, Unstamped
from bidding.submission import stamping
from bidding.submission.receipt import check_receipt, parts_of, timestamp_in
from bidding.tasks import stamp
from ledger import timestamps
from ledger.timestamp_authority import respond
from tests.bidding.scenes import Scene, Sealed
from tests.bidding.server import free_port
from tests.ledger.test_timestamps import AT, KEY, OWN, ROOT
from trading import authority, timestamping

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings


@pytest.fixture(autouse=True)
def nobody_was_called() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


class Desk(BaseHTTPRequestHandler):
    """A timestamp authority that is not the platform's."""

    def do_POST(self) -> None:
        query = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Type", timestamps.REPLY)
        self.end_headers()
        self.wfile.write(respond(query, OWN, KEY, AT, 5))

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the library's word
        """Say nothing."""


def file_of(scene: Scene, receipt: dict[str, Any], number: int = 1) -> dict[str, Any]:
    """The receipt file as the bidder gets it now."""
    says = receipt["says"]
    url = f"/bidding/lots/{says['lot']}/receipts/{says['number']}"
    found: dict[str, Any] = scene.client(scene.world.bidder(number)).get(url).json()
    return found


def test_the_receipt_comes_first_and_the_timestamp_after(scene: Scene) -> None:
    receipt = scene.submit(scene.lot(), scene.world.bidder(1))
    assert timestamp_in(file_of(scene, receipt)) is None
    stamp()
    later = file_of(scene, receipt)
    token = timestamp_in(later)
    assert token is not None
    at = timestamps.check(token, parts_of(receipt)[1], timestamping.roots())
    assert at == scene.world.clock.now().replace(microsecond=0)
    assert {name: later[name] for name in receipt} == receipt
    assert check_receipt(later, authority.roots()) == check_receipt(receipt, authority.roots())
    assert (Timestamp.objects.count(), Unstamped.objects.count()) == (1, 0)


def test_refusals_and_withdrawals_are_stamped_too(scene: Scene) -> None:
    lot, me = scene.lot(), scene.world.bidder(1)
    number = scene.submit(lot, me)["says"]["number"]
    scene.send(lot, me, Sealed(b"PK" + bytes(600), "01" * 16))
    scene.client(me).post(f"/bidding/lots/{lot.code}/withdraw", {"number": number})
    assert stamping.stamp_waiting() == 3
    assert stamping.stamp_waiting() == 0


def test_openssl_checks_the_bare_token(scene: Scene, tmp_path: Path) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl")
    lot, me = scene.lot(), scene.world.bidder(1)
    says = scene.submit(lot, me)["says"]
    stamping.stamp_waiting()
    files = f"/bidding/lots/{lot.code}/receipts/{says['number']}/files"
    for part in ("signature", "timestamp", "record"):
        answer = scene.client(me).get(f"{files}/{part}")
        (tmp_path / part).write_bytes(answer.content)
    assert scene.client(me).get(f"{files}/timestamp")["Content-Type"] == "application/timestamp-reply"
    (tmp_path / "roots.pem").write_text(timestamping.roots_pem())
    at = ["-attime", str(int(scene.world.clock.now().timestamp()))]
    command = ["openssl", "ts", "-verify", "-in", "timestamp", "-data", "signature", "-CAfile", "roots.pem", *at]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    signed = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", "signature", "-content", "record"]
    signed += ["-CAfile", "roots.pem", "-purpose", "any", *at, "-out", "said"]
    assert subprocess.run(signed, cwd=tmp_path, capture_output=True, check=False).returncode == 0
    (tmp_path / "signature").write_bytes((tmp_path / "signature").read_bytes() + b"!")
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode != 0


def test_nobody_else_gets_the_files(scene: Scene) -> None:
    lot = scene.lot()
    says = scene.submit(lot, scene.world.bidder(1))["says"]
    stamping.stamp_waiting()
    for part in ("signature", "timestamp", "record", "paper", "nothing"):
        url = f"/bidding/lots/{lot.code}/receipts/{says['number']}/files/{part}"
        assert scene.client(scene.world.bidder(2)).get(url).status_code == 404
        assert scene.client(scene.world.operator).get(url).status_code == 403


def test_another_authority_is_asked_and_while_it_is_down_receipts_go_on(
    scene: Scene, settings: Settings, tmp_path: Path
) -> None:
    port = free_port()
    settings.TSA_URL, settings.TSA_CERTIFICATES = f"http://127.0.0.1:{port}/", str(tmp_path / "tsa.pem")
    (tmp_path / "tsa.pem").write_bytes(ROOT.public_bytes(Encoding.PEM))
    lot = scene.lot()
    receipts = [scene.submit(lot, scene.world.bidder(number)) for number in (1, 2)]
    assert stamping.stamp_waiting() == 0
    assert Unstamped.objects.count() == 2
    server = HTTPServer(("127.0.0.1", port), Desk)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        assert stamping.stamp_waiting() == 2
    finally:
        server.shutdown()
        server.server_close()
    token = timestamp_in(file_of(scene, receipts[1], 2))
    assert token is not None
    assert timestamps.check(token, parts_of(receipts[1])[1], [ROOT]) == AT.replace(microsecond=0)


def test_an_authority_that_is_not_trusted_stamps_nothing(scene: Scene, settings: Settings, tmp_path: Path) -> None:
    port = free_port()
    settings.TSA_URL = f"http://127.0.0.1:{port}/"  # vouched for by nobody
    scene.submit(scene.lot(), scene.world.bidder(1))
    server = HTTPServer(("127.0.0.1", port), Desk)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        assert stamping.stamp_waiting() == 0
    finally:
        server.shutdown()
        server.server_close()
    assert (Unstamped.objects.count(), Timestamp.objects.count()) == (1, 0)


def test_one_worker_fetches_at_a_time(scene: Scene) -> None:
    scene.submit(scene.lot(), scene.world.bidder(1))
    cache.add("bidding.stamping.turn", 1, 30)
    assert stamping.stamp_waiting() == 0
    cache.delete("bidding.stamping.turn")
    assert stamping.stamp_waiting() == 1


def test_the_tick_calls_every_few_seconds_whether_anything_waits_or_not(scene: Scene) -> None:
    scene.submit(scene.lot(), scene.world.bidder(1))
    assert stamping.call() == 0
    assert Timestamp.objects.count() == 1
    scene.submit(scene.world.lot(), scene.world.bidder(2))
    stamping.call()
    assert Timestamp.objects.count() == 1


def test_the_built_in_authority_answers_over_http(db: None, scene: Scene) -> None:
    asked = timestamps.ask(b"anything")
    answer = Client().post("/tsa", asked.query, content_type="application/timestamp-query")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/timestamp-reply")
    at = timestamps.check(answer.content, b"anything", timestamping.roots(), asked.nonce)
    assert at == scene.world.clock.now().replace(microsecond=0)
    assert Client().post("/tsa", b"x", content_type="text/plain").status_code == 415
    assert Client().get("/tsa").status_code == 405
