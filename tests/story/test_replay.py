"""Tables of tenders replayed on a real site, after the built-in play: the house comes to the winners of the table."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.shared import shared_data
from tests.story.conftest import Played

pytestmark = [pytest.mark.server, pytest.mark.slow, pytest.mark.xdist_group("story")]
OURS = Path(__file__).resolve().parents[1] / "data" / "tenders.csv"


def test_three_invented_tenders_come_out_as_the_table_says(story: Played) -> None:
    done = story.demo.play("--csv", str(OURS))
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert done.stdout.splitlines()[-5:-1] == [
        "  ✓ T-1: L02 1890000.50",
        "  ✓ T-2: L05 348800.00",
        "  ✓ T-3: 流标 failed",
        "3 / 3 与实际结果一致 as it really came out",
    ]


def test_real_tenders_come_out_as_they_did(story: Played) -> None:
    done = story.demo.play("--csv", str(shared_data("real_tenders.csv")), "--only", "3")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "3 / 3" in done.stdout


def test_a_table_that_is_none_is_refused_before_anything_is_played(story: Played, tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text("tender,estimate,bidder,price,winner\nT-1,1,L01,1e6,1\n")
    done = story.demo.play("--csv", str(table))
    assert (done.returncode, done.stdout) == (1, "")
    assert "line 2: price" in done.stderr
