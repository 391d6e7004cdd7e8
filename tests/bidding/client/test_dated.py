"""The timestamp of a receipt on the bidder's side: by a pinned authority, over this signature, not older than it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bidding.client.dated import ASTRAY, stamped_at
from bidding.submission.receipt import CheckedReceipt, check_receipt, complete_file, parts_of
from ledger import timestamps
from ledger.errors import Refused
from ledger.timestamp_authority import respond
from tests.bidding.scenes import Scene
from tests.ledger.test_timestamps import KEY, OWN, ROOT
from trading import authority, timestamping


@pytest.fixture
def receipt(scene: Scene) -> tuple[dict[str, Any], CheckedReceipt]:
    file = scene.submit(scene.lot(), scene.world.bidder(1))
    return file, check_receipt(file, authority.roots())


def dated(file: dict[str, Any], checked: CheckedReceipt, after: timedelta, over: bytes = b"") -> dict[str, Any]:
    """The file with the token of an authority whose clock is `after` the receipt."""
    assert checked.entry.stamp is not None
    query = timestamps.ask(over or parts_of(file)[1]).query
    return complete_file(file, respond(query, OWN, KEY, checked.entry.stamp.at + after, 7), None)


def test_the_instant_is_that_of_the_pinned_authority(receipt: tuple[dict[str, Any], CheckedReceipt]) -> None:
    file, checked = receipt
    assert stamped_at(file, checked, [ROOT]) is None
    assert checked.entry.stamp is not None
    for after in (timedelta(seconds=20), -ASTRAY):
        found = stamped_at(dated(file, checked, after), checked, [ROOT])
        assert found == (checked.entry.stamp.at + after).replace(microsecond=0)


@pytest.mark.parametrize(
    ("after", "over", "trusted", "code"),
    [
        (-ASTRAY - timedelta(seconds=1), b"", [ROOT], "timestamp.early"),
        (timedelta(0), b"another signature", [ROOT], "timestamp.wrong"),
        (timedelta(0), b"", None, "timestamp.wrong"),
    ],
)
def test_what_does_not_hold_is_refused(
    receipt: tuple[dict[str, Any], CheckedReceipt], after: timedelta, over: bytes, trusted: list[Any] | None, code: str
) -> None:
    file, checked = receipt
    with pytest.raises(Refused) as caught:
        stamped_at(dated(file, checked, after, over), checked, trusted or timestamping.roots())
    assert caught.value.codes == [code]
