"""Nobody is called late while an outage may still move the deadline; what came meanwhile is taken afterwards."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pytest

from bidding.models import Envelope, Refusal, Upload
from bidding.submission.closing import decide_waiting
from bidding.submission.submitting import decide
from bidding.uploads.uploading import append
from ledger.errors import Conflict
from tests.bidding.scenes import Scene
from trading import ticks
from trading.models import Beat, Lot

MINUTE = timedelta(minutes=1)


def test_a_bid_that_comes_before_the_outage_is_known_is_neither_late_nor_lost(scene: Scene) -> None:
    world, lot = scene.world, scene.lot()
    sealed, second = scene.seal(lot, world.bidder(1)), scene.seal(lot, world.bidder(2))
    begun = scene.begin(lot, world.bidder(1), sealed)
    assert lot.deadline is not None
    world.clock.set(lot.deadline + 5 * MINUTE)
    Beat.objects.create(pk=1, real_at=datetime.now(UTC) - 10 * MINUTE)  # the ticker has not come to it yet

    assert scene.begin(lot, world.bidder(2), second).status_code == 409, "come again: the deadline may move"
    assert scene.patch(begun["Location"], world.bidder(1), sealed.data).status_code == 409
    upload = append(Upload.objects.get(), io.BytesIO(sealed.data), len(sealed.data))  # its bytes were on the way
    with pytest.raises(Conflict):
        decide(upload)
    assert Upload.objects.get().state == Upload.STAMPED
    assert not Refusal.objects.exists()

    ticks.tick(world.clock.now())
    assert Lot.objects.get().deadline == lot.deadline + 5 * MINUTE + timedelta(hours=2)
    assert decide_waiting(Lot.objects.get()) == 1
    assert Envelope.objects.get().stamp == lot.deadline + 5 * MINUTE
    assert scene.send(Lot.objects.get(), world.bidder(2), second).status_code == 204
