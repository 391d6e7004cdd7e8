"""Submission: receipts, replacement, what a crash leaves behind, and what is never shared."""

from __future__ import annotations

import hashlib
import io
from datetime import timedelta

from bidding import ticks
from bidding.models import Envelope, Refusal, Upload
from bidding.submission import submitting as submission
from bidding.submission.receipt import check_receipt
from bidding.submission.standings import live_envelope, live_envelopes
from bidding.uploads import arrival
from bidding.uploads import uploading as uploads
from ledger import objects
from ledger.models import EntryRow
from tests.bidding.scenes import Scene, Sealed
from trading import authority
from trading.handles import handle_for
from trading.models import Account, Lot
from trading.stages import Stage


def stamped(scene: Scene, lot: Lot, bidder: Account, sealed: Sealed) -> Upload:
    """An upload whose last byte has come, and then the process died."""
    upload = uploads.begin(lot, handle_for(lot, bidder.actor), sealed.id, len(sealed.data))
    return uploads.append(upload, io.BytesIO(sealed.data), len(sealed.data))


def test_a_sealed_bid_gets_a_receipt_that_holds(scene: Scene) -> None:
    lot, bidder = scene.lot(), scene.world.bidder(1)
    sealed = scene.seal(lot, bidder)
    assert scene.send(lot, bidder, sealed).status_code == 204
    answer = scene.arrived(lot, bidder, sealed.id).json()
    checked = check_receipt(answer["receipt"], authority.roots())
    row = Envelope.objects.get()
    says = checked.entry.values
    assert objects.read(row.object) == sealed.data
    assert (says["lot"], says["round"], says["submission"], says["size"]) == (lot.code, 1, sealed.id, len(sealed.data))
    assert says["digest"] == hashlib.sha256(sealed.data).digest()
    assert says["header"] == hashlib.sha256(bytes(row.header)).digest()
    assert sealed.data.startswith(bytes(row.header))
    assert (says["stamp"], says["replaces"]) == (scene.world.clock.now(), None)
    assert bytes(row.entry.leaf) == checked.receipt.leaf
    assert row.entry.tag == "ledger:veiled:added"


def test_the_same_file_again_gets_the_same_receipt(scene: Scene) -> None:
    lot, bidder = scene.lot(), scene.world.bidder(1)
    sealed = scene.seal(lot, bidder)
    scene.send(lot, bidder, sealed)
    first = scene.arrived(lot, bidder, sealed.id).json()
    entries = EntryRow.objects.count()
    scene.world.clock.pass_(timedelta(hours=1))
    assert scene.send(lot, bidder, sealed).status_code == 204
    assert scene.arrived(lot, bidder, sealed.id).json() == first
    assert (Envelope.objects.count(), EntryRow.objects.count()) == (1, entries)


def test_another_file_under_a_used_id_is_refused_and_the_first_stays_live(scene: Scene) -> None:
    lot, bidder = scene.lot(), scene.world.bidder(1)
    sealed = scene.seal(lot, bidder)
    scene.send(lot, bidder, sealed)
    other = scene.seal(lot, bidder, "1.00", salt=bytes.fromhex(sealed.id))
    answer = scene.send(lot, bidder, other)
    assert [one["code"] for one in answer.json()["reasons"]] == ["bidding.used"]
    assert [row.submission for row in live_envelopes(lot)] == [sealed.id]
    assert scene.arrived(lot, bidder, sealed.id).json()["state"] == "sealed"


def test_the_latest_envelope_is_live_and_names_the_one_it_replaces(scene: Scene) -> None:
    lot, bidder = scene.lot(), scene.world.bidder(1)
    first = scene.submit(lot, bidder)["says"]
    scene.world.clock.pass_(timedelta(minutes=1))
    second = scene.submit(lot, bidder, "9000000.00")["says"]
    assert second["replaces"] == first["number"]
    assert [row.number for row in live_envelopes(lot)] == [second["number"]]


def test_an_earlier_stamp_decided_later_does_not_replace(scene: Scene) -> None:
    lot, bidder = scene.lot(), scene.world.bidder(1)
    early = stamped(scene, lot, bidder, scene.seal(lot, bidder))
    scene.world.clock.pass_(timedelta(seconds=1))
    late = scene.submit(lot, bidder)["says"]
    given = submission.decide(early)
    assert isinstance(given, Envelope)
    assert [row.number for row in live_envelopes(lot)] == [late["number"]]


def test_a_bid_that_fails_leaves_the_earlier_one_live(scene: Scene) -> None:
    lot, bidder = scene.lot(), scene.world.bidder(1)
    number = scene.submit(lot, bidder)["says"]["number"]
    broken = scene.seal(lot, bidder)
    assert scene.send(lot, bidder, Sealed(broken.data[:-1], broken.id)).status_code == 422
    assert [row.number for row in live_envelopes(lot)] == [number]


def test_a_crash_after_the_stamp_keeps_the_stamp(scene: Scene) -> None:
    lot, bidder = scene.lot(), scene.world.bidder(1)
    assert lot.deadline is not None
    scene.world.clock.set(lot.deadline - timedelta(milliseconds=1))
    upload = stamped(scene, lot, bidder, scene.seal(lot, bidder))
    scene.world.clock.set(lot.deadline + timedelta(minutes=5))
    scene.world.lot(Stage.CLOSING)
    ticks.tick(scene.world.clock.now())
    row = Envelope.objects.get()
    assert (row.stamp, row.number) == (lot.deadline - timedelta(milliseconds=1), upload.number)
    assert scene.arrived(lot, bidder, upload.submission).json()["state"] == "sealed"


def test_a_crash_after_the_file_was_stored_loses_nothing(scene: Scene) -> None:
    lot, bidder = scene.lot(), scene.world.bidder(1)
    sealed = scene.seal(lot, bidder)
    upload = stamped(scene, lot, bidder, sealed)
    submission._examine(Upload.objects.select_related("lot__tender").get(pk=upload.pk))
    assert (Envelope.objects.count(), Refusal.objects.count()) == (0, 0)
    given = submission.decide(upload)
    assert isinstance(given, Envelope)
    assert objects.read(given.object) == sealed.data


def test_a_crash_between_parts_stored_in_pieces_loses_nothing(scene: Scene) -> None:
    lot, bidder = scene.lot(), scene.world.bidder(1)
    sealed = scene.seal(lot, bidder)
    upload = uploads.begin(lot, handle_for(lot, bidder.actor), sealed.id, len(sealed.data))
    uploads.append(upload, io.BytesIO(sealed.data[:900]), 900)
    uploads.append(upload, io.BytesIO(sealed.data[900:]), len(sealed.data) - 900)
    submission._examine(Upload.objects.select_related("lot__tender").get(pk=upload.pk))
    given = submission.decide(upload)
    assert isinstance(given, Envelope)
    assert objects.read(given.object) == sealed.data


def test_bytes_that_rotted_before_the_receipt_are_told_at_once(scene: Scene) -> None:
    lot, bidder = scene.lot(), scene.world.bidder(1)
    sealed = scene.seal(lot, bidder)
    upload = stamped(scene, lot, bidder, sealed)
    path = arrival.folder_of(upload) / upload.parts.get().name
    path.write_bytes(sealed.data[:-1] + bytes([sealed.data[-1] ^ 1]))
    given = submission.decide(upload)
    assert isinstance(given, Refusal)
    assert given.codes == ["bidding.not_stored"]
    assert live_envelope(lot, upload.handle) is None


def test_deciding_twice_gives_one_receipt(scene: Scene) -> None:
    lot, bidder = scene.lot(), scene.world.bidder(1)
    upload = stamped(scene, lot, bidder, scene.seal(lot, bidder))
    first, second = submission.decide(upload), submission.decide(upload)
    assert first == second
    assert Envelope.objects.count() == 1


def test_who_is_deciding_is_not_disturbed(scene: Scene) -> None:
    lot, bidder = scene.lot(), scene.world.bidder(1)
    upload = stamped(scene, lot, bidder, scene.seal(lot, bidder))
    with arrival.deciding(upload, wait=True):
        assert submission.decide(upload, wait=False) is None
    assert submission.decide(upload, wait=False) is not None


def test_objects_are_never_shared_between_handles(scene: Scene) -> None:
    lot = scene.lot()
    for number in (1, 2, 3):
        scene.submit(lot, scene.world.bidder(number))
    rows = list(Envelope.objects.all())
    assert len({row.object for row in rows}) == len({row.handle for row in rows}) == 3


def test_nothing_is_left_of_an_upload_once_it_is_decided(scene: Scene) -> None:
    lot, bidder = scene.lot(), scene.world.bidder(1)
    scene.submit(lot, bidder)
    folders = [path.name for path in arrival.uploads_folder().iterdir() if path.name != "locks"]
    assert folders == []
