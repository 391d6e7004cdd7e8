"""The files of a receipt on the bid desk: with them, openssl alone checks it."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from bidding.submission import stamping
from bidding.submission.receipt import parts_of
from tests.bidding.scenes import Scene
from trading import authority


def test_the_desk_links_every_file_and_openssl_alone_checks_what_was_signed(scene: Scene, tmp_path: Path) -> None:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("needs openssl")
    lot, me = scene.lot(), scene.world.bidder(1)
    receipt = scene.submit(lot, me)
    stamping.stamp_waiting()
    client, number = scene.client(me), receipt["says"]["number"]
    page = client.get(f"/bidding/lots/{lot.code}/", headers={"accept": "text/html"}).content.decode()
    block = re.search(r'<div class="receipt-files">(.*?)</div>', page, re.DOTALL)
    assert block is not None
    links = re.findall(r'<a href="([^"]+)" aria-label="([^"]+)">', block.group(1))
    here = f"/bidding/lots/{lot.code}/receipts/{number}/files"
    assert links == [
        (f"{here}/paper", f"Word {number}"),
        (f"{here}/record", f".record {number}"),
        (f"{here}/signature", f".p7s {number}"),
        (f"{here}/timestamp", f".tsr {number}"),
    ]
    for name in ("record", "signature"):
        (tmp_path / name).write_bytes(client.get(f"{here}/{name}").content)
    (tmp_path / "roots.pem").write_text(authority.roots_pem())
    at = str(int((scene.world.clock.now() + timedelta(seconds=1)).timestamp()))
    command = [openssl, "cms", "-verify", "-binary", "-inform", "DER", "-in", "signature", "-content", "record"]
    words = ["-CAfile", "roots.pem", "-purpose", "any", "-attime", at, "-out", "said"]
    subprocess.run([*command, *words], cwd=tmp_path, check=True, capture_output=True)
    assert (tmp_path / "said").read_bytes() == parts_of(receipt)[0]
