"""Withdrawal: the live envelope, its receipt, and the order of stamps."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest

from bidding.models import Withdrawal
from bidding.submission import submitting as submission
from bidding.submission import withdrawal
from bidding.submission.receipt import check_receipt
from bidding.submission.receipts import as_file
from bidding.submission.standings import live_envelope, live_envelopes
from bidding.uploads import uploading as uploads
from ledger.errors import Refused
from tests.bidding.scenes import Scene
from trading import authority
from trading.handles import handle_for
from trading.models import Account, Lot


def withdraw(lot: Lot, bidder: Account, number: object) -> Withdrawal:
    return withdrawal.withdraw(lot, handle_for(lot, bidder.actor), str(number), actor=bidder.actor)


def test_a_withdrawn_bid_is_not_live_and_the_receipt_says_so(scene: Scene) -> None:
    lot, bidder = scene.lot(), scene.world.bidder(1)
    number = scene.submit(lot, bidder)["says"]["number"]
    scene.world.clock.pass_(timedelta(seconds=1))
    checked = check_receipt(as_file(withdraw(lot, bidder, number)), authority.roots())
    assert (checked.kind, checked.entry.values["withdraws"]) == ("withdrawn", number)
    assert live_envelopes(lot) == []


def test_withdrawing_the_replacement_does_not_wake_the_first(scene: Scene) -> None:
    lot, bidder = scene.lot(), scene.world.bidder(1)
    scene.submit(lot, bidder)
    scene.world.clock.pass_(timedelta(seconds=1))
    number = scene.submit(lot, bidder)["says"]["number"]
    scene.world.clock.pass_(timedelta(seconds=1))
    withdraw(lot, bidder, number)
    assert live_envelopes(lot) == []


def test_what_is_sealed_after_a_withdrawal_is_live(scene: Scene) -> None:
    lot, bidder = scene.lot(), scene.world.bidder(1)
    first = scene.submit(lot, bidder)["says"]["number"]
    withdraw(lot, bidder, first)
    scene.world.clock.pass_(timedelta(seconds=1))
    second = scene.submit(lot, bidder)["says"]["number"]
    assert [row.number for row in live_envelopes(lot)] == [second]


def test_a_bid_stamped_before_the_withdrawal_and_decided_after_it_is_withdrawn_too(scene: Scene) -> None:
    lot, bidder = scene.lot(), scene.world.bidder(1)
    number = scene.submit(lot, bidder)["says"]["number"]
    sealed = scene.seal(lot, bidder)
    upload = uploads.begin(lot, handle_for(lot, bidder.actor), sealed.id, len(sealed.data))
    uploads.append(upload, io.BytesIO(sealed.data), len(sealed.data))
    scene.world.clock.pass_(timedelta(seconds=1))
    withdraw(lot, bidder, number)
    submission.decide(upload)
    assert live_envelopes(lot) == []


def test_the_file_of_a_withdrawn_bid_is_not_taken_again(scene: Scene) -> None:
    lot, bidder = scene.lot(), scene.world.bidder(1)
    sealed = scene.seal(lot, bidder)
    scene.send(lot, bidder, sealed)
    envelope = live_envelope(lot, handle_for(lot, bidder.actor))
    assert envelope is not None
    scene.world.clock.pass_(timedelta(seconds=1))
    withdraw(lot, bidder, envelope.number)
    answer = scene.send(lot, bidder, sealed)
    assert [one["code"] for one in answer.json()["reasons"]] == ["bidding.used"]


@pytest.mark.parametrize("who", ["other", "stranger"])
def test_nobody_withdraws_anothers_bid(scene: Scene, who: str) -> None:
    lot, bidder = scene.lot(), scene.world.bidder(1)
    number = scene.submit(lot, bidder)["says"]["number"]
    other = scene.world.stranger if who == "stranger" else scene.world.bidder(2)
    with pytest.raises(Refused) as caught:
        withdraw(lot, other, number)
    assert caught.value.codes == ["bidding.not_live"]
    assert [row.number for row in live_envelopes(lot)] == [number]


def test_a_replaced_receipt_withdraws_nothing(scene: Scene) -> None:
    lot, bidder = scene.lot(), scene.world.bidder(1)
    first = scene.submit(lot, bidder)["says"]["number"]
    scene.world.clock.pass_(timedelta(seconds=1))
    second = scene.submit(lot, bidder)["says"]["number"]
    with pytest.raises(Refused) as caught:
        withdraw(lot, bidder, first)
    assert caught.value.codes == ["bidding.not_live"]
    assert [row.number for row in live_envelopes(lot)] == [second]


def test_at_the_deadline_nothing_is_withdrawn(scene: Scene) -> None:
    lot, bidder = scene.lot(), scene.world.bidder(1)
    number = scene.submit(lot, bidder)["says"]["number"]
    assert lot.deadline is not None
    scene.world.clock.set(lot.deadline)
    with pytest.raises(Refused) as caught:
        withdraw(lot, bidder, number)
    assert caught.value.codes == ["bidding.late"]
    scene.world.clock.set(lot.deadline - timedelta(microseconds=1))
    withdraw(lot, bidder, number)
    assert live_envelopes(lot) == []
