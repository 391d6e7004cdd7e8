"""Whoever sends the last byte at the same moment as others gets a receipt like everybody."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bidding.server import Site
from tests.bidding.uploads.rush import rush, set_up

pytestmark = [pytest.mark.server]


def test_none_of_sixteen_at_once_is_refused(tmp_path: Path) -> None:
    site = Site(tmp_path / "var")
    bids = set_up(site, 16)["16"]
    site.start()
    try:
        assert [state for _seconds, state in rush(site, bids)] == ["sealed"] * 16
    finally:
        site.kill()
