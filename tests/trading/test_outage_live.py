"""A site that is really stopped before a deadline and started after it: nobody loses a bid, and everybody is told.

The whole of embedded mode runs on a folder of its own; the outage is found by nothing but its own heartbeat.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from bidding.client import submitting
from bidding.client.session import ProblemError
from tests.browser.site import LOT, SECOND, LiveSite, until

pytestmark = [pytest.mark.server]
GAP = 10  # seconds without heartbeat that this site calls an outage
SECONDS = 45  # from the publication to the deadline
HOURS = timedelta(hours=2)


class Outaged(LiveSite):
    """A site that may be stopped and started again."""

    @property
    def environment(self) -> dict[str, str]:
        """As every site here, with a short gap."""
        return {**super().environment, "SUNLIGHT_OUTAGE_GAP": str(GAP)}

    def again(self) -> None:
        """Start it once more, on what it left."""
        self.run("manage.py", "up", "--background")

    def lot(self, code: str) -> dict[str, Any]:
        """The lot as everybody sees it."""
        return dict(self.person("agent").session.get(f"/lots/{code}"))


@pytest.fixture
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outaged]:
    made = Outaged(tmp_path_factory.mktemp("outage"))
    try:
        made.start()
        yield made
    finally:
        made.stop()


def instant(text: object) -> datetime:
    return datetime.fromisoformat(str(text))


def test_a_site_stopped_over_a_deadline_moves_it_and_takes_the_bids(site: Outaged) -> None:
    late = site.person("bidder2")
    site.person("bidder1")
    site.stage("publish", LOT, str(SECONDS))
    site.stage("publish", SECOND, "864000")
    old = instant(site.lot(LOT)["deadline"])
    site.submit(LOT, {"bidder1": "9380000.00"})
    sealed = late.seal(LOT, "9420000.00")
    begun = site.person("agent").session.clock()
    assert begun < old, "the site stops before the deadline"
    site.run("manage.py", "down")
    while datetime.now(old.tzinfo) < old + timedelta(seconds=3) or datetime.now(old.tzinfo) < begun + timedelta(
        seconds=GAP + 3
    ):
        time.sleep(0.5)
    site.again()
    back = datetime.now(old.tzinfo)

    until(lambda: instant(site.lot(LOT)["deadline"]) > old, "the extension")
    found = site.lot(LOT)
    new = instant(found["deadline"])
    assert found["stage"] == "bidding"
    assert abs(new - back - HOURS) < timedelta(seconds=60)
    assert instant(site.lot(SECOND)["deadline"]) > new, "a deadline far off stays"
    facts = site.person("agent").session.get("/outages")
    (row,) = facts["outages"]
    assert instant(row["begin"]) <= old <= instant(row["end"])
    assert [(one["lot"], instant(one["old"]), instant(one["new"])) for one in row["extensions"]] == [(LOT, old, new)]
    notices = site.person("agent").session.get("/notices")["notices"]
    assert "extension" in {one["kind"] for one in notices}

    receipt = submitting.submit(late.session, sealed, late.folder.roots())
    assert old < receipt.entry.values["stamp"] < new
    with pytest.raises(ProblemError) as refusal:
        site.person("bidder1").session.post("/outages/declare", {"begin": str(old.isoformat()), "reason": "x"})
    assert refusal.value.codes == ["rights.role"]
