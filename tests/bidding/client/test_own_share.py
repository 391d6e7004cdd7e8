"""Under a policy with `b` the client gives the own share, and only of the envelope that an own receipt names."""

from __future__ import annotations

from pathlib import Path

import pytest

from bidding.client.own_share import give_share, own_receipts
from bidding.client.passing import keep
from bidding.client.session import ProblemError
from bidding.envelope.x25519 import new_identity
from bidding.models import OwnShare
from bidding.opening.own_share import windows_due
from ledger.errors import Refused
from tests.bidding.client.offers import BidderAtHome
from tests.bidding.opening.policy_hall import PolicyHall
from tests.bidding.scenes import Scene
from trading import authority

OWN = new_identity()


@pytest.fixture
def hall(scene: Scene) -> PolicyHall:
    return PolicyHall(scene, "2(b,2(a,c,r))")


@pytest.fixture
def home(hall: PolicyHall, tmp_path: Path) -> BidderAtHome:
    """Bidder 1 seals again by the client, so that the live envelope is the client's."""
    made = BidderAtHome(hall.scene, hall.fresh(), tmp_path)
    (tmp_path / "keys" / "bids").mkdir(parents=True)
    bid = made.seal(OWN.recipient, "9000000.00", name="keys/bids/bid.age")
    made.send(bid)
    receipt = hall.scene.arrived(hall.fresh(), made.account, bid.submission).json()["receipt"]
    keep(bid.path.with_suffix(".receipt.json"), receipt)
    return made


def test_the_share_is_given_and_the_bid_opens(hall: PolicyHall, home: BidderAtHome) -> None:
    hall.count()
    receipts = list(own_receipts(home.home / "keys", authority.roots()))
    with pytest.raises(ProblemError) as caught:
        give_share(home.session, home.lot.code, OWN, receipts)
    assert caught.value.codes == ["rights.stage"]
    hall.open()
    give_share(home.session, home.lot.code, OWN, receipts)
    assert OwnShare.objects.count() == 1
    with pytest.raises(ProblemError) as again:
        give_share(home.session, home.lot.code, OWN, receipts)
    assert again.value.codes == ["bidding.released"]
    for number in (2, 3):
        hall.give_own(number)
    for label in ("a", "c"):
        hall.release(label)
    windows_due(hall.scene.world.clock.now())
    hall.scene.world.sequence()
    bids = hall.decide()
    assert {bid.state for bid in bids.values()} == {"opened"}


def test_a_header_that_no_own_receipt_names_gets_no_share(hall: PolicyHall, home: BidderAtHome) -> None:
    hall.count()
    hall.open()
    with pytest.raises(Refused) as caught:
        give_share(home.session, home.lot.code, OWN, [])
    assert caught.value.codes == ["client.no_receipt_here"]
    receipts = list(own_receipts(home.home / "keys", authority.roots()))
    with pytest.raises(Refused) as wrong:
        give_share(home.session, home.lot.code, new_identity(), receipts)
    assert wrong.value.codes == ["bidding.leaf_closed"]
    assert OwnShare.objects.count() == 0
