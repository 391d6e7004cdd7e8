"""Submission: receipts, refusals, replacement, and what only a crash can show."""

from __future__ import annotations

from bidding.models import Envelope
from bidding.receipt import check_receipt
from ledger import objects
from tests.bidding.scenes import Scene
from trading import authority


def test_a_sealed_bid_gets_a_receipt_that_holds(scene: Scene) -> None:
    lot, bidder = scene.lot(), scene.world.bidder(1)
    sealed = scene.seal(lot, bidder)
    response = scene.send(lot, bidder, sealed)
    assert response.status_code == 204, response.content
    answer = scene.arrived(lot, bidder, sealed.id).json()
    assert answer["state"] == "sealed"
    checked = check_receipt(answer["receipt"], authority.roots())
    row = Envelope.objects.get()
    assert objects.read(row.object) == sealed.data
    assert checked.entry.values["digest"].hex() == row.digest
    assert checked.entry.values["submission"] == sealed.id
    assert bytes(row.entry.leaf) == checked.receipt.leaf
