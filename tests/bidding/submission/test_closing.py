"""Closing: the drain, the count, the closing entry, and failure below the minimum."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest

from bidding import ticks
from bidding.models import Envelope
from bidding.submission import closing
from bidding.uploads import arrival
from bidding.uploads import uploading as uploads
from ledger.errors import Refused
from ledger.events import read_entry
from ledger.models import EntryRow, Lifted
from tests.bidding.scenes import Scene
from trading.handles import handle_for
from trading.models import Lot
from trading.stages import Stage


def closing_lot(scene: Scene, bids: int) -> Lot:
    lot = scene.lot()
    for number in range(1, bids + 1):
        scene.submit(lot, scene.world.bidder(number))
    assert lot.deadline is not None
    scene.world.clock.set(lot.deadline)
    return scene.world.lot(Stage.CLOSING)


def tick(scene: Scene) -> str:
    ticks.tick(scene.world.clock.now())
    return Lot.objects.get().stage


def test_the_closing_entry_counts_every_live_envelope_by_its_number(scene: Scene) -> None:
    lot = closing_lot(scene, 4)
    assert tick(scene) == Stage.CLOSED
    entry = EntryRow.objects.get(tag="bidding:lot:closed", scope=lot.code)
    values = read_entry(bytes(entry.leaf)).values
    rows = list(Envelope.objects.order_by("number"))
    assert (values["count"], values["deadline"]) == (4, lot.deadline)
    assert [(one.number, one.digest.hex()) for one in values["envelopes"]] == [(row.number, row.digest) for row in rows]


def test_below_the_minimum_it_fails_and_every_veil_is_lifted(scene: Scene) -> None:
    lot = closing_lot(scene, 2)
    assert tick(scene) == Stage.CLOSED  # the veiled entries are still on their way into the log
    scene.world.sequence()
    assert tick(scene) == Stage.FAILED
    assert Lifted.objects.count() == 2
    values = read_entry(bytes(EntryRow.objects.get(tag="bidding:lot:failed", scope=lot.code).leaf)).values
    assert (values["count"], values["least"]) == (2, 3)
    assert EntryRow.objects.filter(tag="ledger:veiled:lifted", scope=lot.code).count() == 2


def test_with_enough_bids_it_stays_closed_and_veiled(scene: Scene) -> None:
    closing_lot(scene, 3)
    tick(scene)
    scene.world.sequence()
    assert tick(scene) == Stage.CLOSED
    assert Lifted.objects.count() == 0


def test_nobody_bid(scene: Scene) -> None:
    closing_lot(scene, 0)
    assert tick(scene) == Stage.FAILED


def test_a_stamp_on_its_way_is_waited_for(scene: Scene) -> None:
    lot = closing_lot(scene, 3)
    with arrival.arriving(lot.code):
        with pytest.raises(Refused) as caught:
            closing.close(lot)
        assert caught.value.codes == ["bidding.still_arriving"]
        assert tick(scene) == Stage.CLOSING
    assert tick(scene) == Stage.CLOSED


def test_what_was_stamped_in_time_is_decided_before_the_count(scene: Scene) -> None:
    lot, bidder = scene.lot(), scene.world.bidder(1)
    assert lot.deadline is not None
    scene.world.clock.set(lot.deadline - timedelta(microseconds=1))
    sealed = scene.seal(lot, bidder)
    upload = uploads.begin(lot, handle_for(lot, bidder.actor), sealed.id, len(sealed.data))
    uploads.append(upload, io.BytesIO(sealed.data), len(sealed.data))
    scene.world.clock.set(lot.deadline)
    row = scene.world.lot(Stage.CLOSING)
    with pytest.raises(Refused) as caught:
        closing.close(row)
    assert caught.value.codes == ["bidding.still_deciding"]
    assert tick(scene) in {Stage.CLOSED, Stage.FAILED}
    entry = EntryRow.objects.get(tag="bidding:lot:closed")
    assert read_entry(bytes(entry.leaf)).values["count"] == 1


def test_an_upload_finished_after_the_deadline_is_late_even_while_closing(scene: Scene) -> None:
    lot, bidder = scene.lot(), scene.world.bidder(1)
    sealed = scene.seal(lot, bidder)
    url = scene.begin(lot, bidder, sealed)["Location"]
    scene.patch(url, bidder, sealed.data[:500])
    assert lot.deadline is not None
    scene.world.clock.set(lot.deadline)
    scene.world.lot(Stage.CLOSING)
    answer = scene.patch(url, bidder, sealed.data[500:], 500)
    assert [one["code"] for one in answer.json()["reasons"]] == ["bidding.late"]
    tick(scene)
    assert read_entry(bytes(EntryRow.objects.get(tag="bidding:lot:closed").leaf)).values["count"] == 0


def test_a_withdrawn_and_a_replaced_envelope_are_not_counted(scene: Scene) -> None:
    lot = scene.lot()
    first = scene.submit(lot, scene.world.bidder(1))["says"]
    scene.submit(lot, scene.world.bidder(2))
    scene.world.clock.pass_(timedelta(seconds=1))
    last = scene.submit(lot, scene.world.bidder(2))["says"]
    url = f"/bidding/lots/{lot.code}/withdraw"
    scene.client(scene.world.bidder(1)).post(url, {"number": first["number"]})
    assert lot.deadline is not None
    scene.world.clock.set(lot.deadline)
    scene.world.lot(Stage.CLOSING)
    tick(scene)
    values = read_entry(bytes(EntryRow.objects.get(tag="bidding:lot:closed").leaf)).values
    assert [one.number for one in values["envelopes"]] == [last["number"]]
