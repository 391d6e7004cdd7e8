"""On a site with every process, timestamp and inclusion proof reach a receipt within a minute of its own accord."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from bidding.client import submitting
from bidding.submission.receipt import parts_of, timestamp_in
from ledger import timestamps
from tests.browser.site import LOT, LiveSite

pytestmark = [pytest.mark.server]
WITHIN = 60.0


def test_a_receipt_is_complete_within_a_minute(tmp_path: Path) -> None:
    site = LiveSite(tmp_path)
    try:
        site.start()
        site.stage("publish", LOT, "3600")
        bidder = site.person("bidder1")
        checked = submitting.submit(bidder.session, bidder.seal(LOT, "9000000.00"), bidder.folder.roots())
        begun, file = time.monotonic(), dict[str, Any]()
        while not {"timestamp", "proof"} <= file.keys() and time.monotonic() - begun < WITHIN:
            time.sleep(0.5)
            file = bidder.session.get(f"/bidding/lots/{LOT}/receipts/{checked.number}")
        token = timestamp_in(file)
        assert token is not None
        at = timestamps.check(token, parts_of(file)[1], bidder.folder.roots())
        stamp = checked.entry.values["stamp"]
        assert -1 <= (at - stamp).total_seconds() <= WITHIN
        leaf = bytes.fromhex(file["leaf"])
        assert submitting.check_proof(leaf, file["proof"], bidder.folder.log_key()).size > 0
    finally:
        site.stop()
