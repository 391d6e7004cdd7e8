"""Rebutting "does not open" with the file key: it moves the failure, and opens nothing."""

from __future__ import annotations

import io

import pytest

from bidding.envelope.sealing import new_salt, seal
from bidding.models import Bid
from bidding.models.opening import FAILED
from bidding.opening.opening import open_bid
from bidding.opening.rebuttal import rebut
from ledger.errors import Refused
from tests.bidding.full_hall import Hall, Offer
from tests.world import World

FILE_KEY = bytes(range(100, 116))


@pytest.fixture
def stage(world: World) -> Hall:
    """Bidder 2's honest envelope, of which agent and centre say that it does not open."""
    made = Hall(world)
    made.submit(1)
    account, salt, sink = world.bidder(2), new_salt(), io.BytesIO()
    seal(io.BytesIO(made.package(account, Offer(), salt)), sink, sheet=made.sheet, salt=salt, file_key=FILE_KEY)
    accused = made.receive(account, sink.getvalue(), salt)
    made.submit(3)
    made.count()
    made.open()
    for label in ("a", "c"):
        made.release(label, {**made.shares(label), accused.number: None})
    for bid in Bid.objects.all():
        open_bid(bid.code)
    return made


def test_the_file_key_moves_the_failure_and_opens_nothing(stage: Hall) -> None:
    assert Bid.objects.get(number=2).consequence == "revoked"
    rebut(stage.fresh(), FILE_KEY, actor=stage.world.bidder(2).actor)
    bid = Bid.objects.get(number=2)
    assert (bid.state, bid.side, bid.consequence, bid.kept) == (FAILED, "other", "withdrawn", None)
    assert stage.world.recorded()[-1] == "bidding:testimony:rebutted"


@pytest.mark.parametrize("key", [b"", bytes(16), FILE_KEY[:15], FILE_KEY + b"x"])
def test_another_key_moves_nothing(stage: Hall, key: bytes) -> None:
    with pytest.raises(Refused) as refusal:
        rebut(stage.fresh(), key, actor=stage.world.bidder(2).actor)
    assert refusal.value.codes == ["bidding.wrong_file_key"]
    assert Bid.objects.get(number=2).side == "bidder"


def test_only_the_accused_can_rebut(stage: Hall) -> None:
    with pytest.raises(Refused) as refusal:
        rebut(stage.fresh(), FILE_KEY, actor=stage.world.bidder(1).actor)
    assert refusal.value.codes == ["bidding.no_testimony"]
    with pytest.raises(Refused) as refusal:
        rebut(stage.fresh(), FILE_KEY, actor=stage.world.stranger.actor)
    assert refusal.value.codes == ["rights.relation"]
