"""Openings under other policies than the default: spare persons, nested quorums, and the bidder's own leaf."""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import timedelta

import pytest

from bidding.envelope.x25519 import new_identity
from bidding.hall.entering import require_hall
from bidding.models import OwnShare
from bidding.models.opening import Bid
from bidding.opening.opening import opened_bid
from bidding.opening.own_share import give_own_share, windows_due
from ledger.errors import Refused
from ledger.events import read_entry
from ledger.models import EntryRow
from tests.bidding.opening.policy_hall import PRICES, PolicyHall
from tests.bidding.scenes import Scene

BIDDERS_TOO = "2(b,2(a,c,r))"


def prices(bids: dict[int, Bid]) -> list[str]:
    return [str(opened_bid(bid).price) for bid in bids.values()]


def states(bids: dict[int, Bid]) -> list[tuple[str, str, str, str]]:
    return [(bid.state, bid.reason, bid.side, bid.consequence) for bid in bids.values()]


@pytest.mark.parametrize(
    ("policy", "come"),
    [
        ("2(1(a1,a2),c,r)", ("a2", "r")),  # the first person's key is lost: the spare one serves
        ("2(1(a1,a2),1(c1,c2),r)", ("a1", "c2")),
        ("2(2(a1,a2),c,r)", ("a1", "a2", "c")),
        ("3(a,c,r)", ("a", "c", "r")),
    ],
)
def test_a_satisfying_set_opens_and_nothing_before_it(scene: Scene, policy: str, come: tuple[str, ...]) -> None:
    hall = PolicyHall(scene, policy)
    hall.count()
    hall.open()
    for label in come[:-1]:
        hall.release(label)
        assert not hall.complete()
    assert {bid.state for bid in hall.decide().values()} == {"waiting"}
    hall.release(come[-1])
    assert hall.complete()
    assert prices(hall.decide()) == list(PRICES)


def test_two_persons_of_one_leafs_body_are_not_two_bodies(scene: Scene) -> None:
    hall = PolicyHall(scene, "2(1(a1,a2),c,r)")
    hall.count()
    hall.open()
    hall.release("a1")
    hall.release("a2")
    assert not hall.complete()
    assert {bid.state for bid in hall.decide().values()} == {"waiting"}


def test_nothing_is_decrypted_before_every_bidders_share_is_in(scene: Scene) -> None:
    hall = PolicyHall(scene, BIDDERS_TOO)
    hall.count()
    hall.open()
    until = require_hall(hall.fresh()).shares_until
    assert until == scene.world.clock.now() + timedelta(minutes=30)
    hall.release("a")
    hall.release("c")
    hall.give_own(1)
    hall.give_own(2)
    assert windows_due(scene.world.clock.now()) == 0
    assert not hall.complete()
    assert {bid.state for bid in hall.decide().values()} == {"waiting"}
    hall.give_own(3)
    assert windows_due(scene.world.clock.now()) == 1
    scene.world.sequence()
    assert hall.complete()
    assert prices(hall.decide()) == list(PRICES)
    tags = [row.tag for row in EntryRow.objects.filter(scope=hall.lot.code).order_by("pk")]
    assert tags.index("bidding:window:closed") < tags.index("bidding:envelope:decided")
    assert [tags.count(tag) for tag in ("bidding:window:opened", "bidding:share:given", "bidding:window:closed")] == [
        1, 3, 1,
    ]  # fmt: skip


def test_no_share_in_its_window_is_the_bidders_failure(scene: Scene) -> None:
    hall = PolicyHall(scene, BIDDERS_TOO)
    hall.count()
    hall.open(minutes=10)
    hall.give_own(1)
    hall.give_own(3)
    hall.release("a")
    hall.release("r")
    scene.world.clock.pass_(timedelta(minutes=9, seconds=59))
    assert windows_due(scene.world.clock.now()) == 0
    scene.world.clock.pass_(timedelta(seconds=1))
    with pytest.raises(Refused) as refused:
        hall.give_own(2)
    assert refused.value.codes == ["bidding.window_over"]
    assert windows_due(scene.world.clock.now()) == 1
    scene.world.sequence()
    assert states(hall.decide()) == [
        ("opened", "", "", ""),
        ("failed", "bidding.no_own_share", "bidder", "revoked"),
        ("opened", "", "", ""),
    ]
    closed = read_entry(bytes(EntryRow.objects.get(tag="bidding:window:closed").leaf)).values
    bid = Bid.objects.select_related("envelope").get(number=2)
    assert closed["missing"] == (bid.envelope.number,)


def test_a_bidders_share_is_checked_kept_encrypted_and_taken_once(scene: Scene) -> None:
    hall = PolicyHall(scene, BIDDERS_TOO)
    hall.count()
    hall.open()
    share = hall.own_share(1)
    for wrong in (bytes(16), hall.own_share(2), share[:15]):
        with pytest.raises(Refused) as refused:
            give_own_share(hall.fresh(), wrong, actor=scene.world.bidder(1).actor)
        assert refused.value.codes == ["bidding.share_mismatch"]
    hall.give_own(1)
    with pytest.raises(Refused) as refused:
        hall.give_own(1)
    assert refused.value.codes == ["bidding.released"]
    assert not any(share in bytes(row.leaf) for row in EntryRow.objects.all())
    assert share not in bytes(OwnShare.objects.get().share)


def test_who_has_no_envelope_gives_nothing(scene: Scene) -> None:
    hall = PolicyHall(scene, BIDDERS_TOO)
    hall.count()
    hall.open()
    url = f"/bidding/lots/{hall.lot.code}/own-share"
    for who in ("stranger", "agent", "purchaser"):
        client = scene.client(getattr(scene.world, who))
        assert client.get(url, headers={"accept": "application/json"}).status_code in {403, 404}
        body = json.dumps({"share": "AAAAAAAAAAAAAAAAAAAAAA=="})
        assert client.post(f"{url}/give", body, content_type="application/json").status_code in {403, 404}


def test_the_door_takes_a_share_and_the_window_that_the_host_sets(scene: Scene) -> None:
    hall = PolicyHall(scene, BIDDERS_TOO)
    hall.count()
    url = f"/bidding/lots/{hall.lot.code}"
    agent, bidder = scene.client(scene.world.agent), scene.client(scene.world.bidder(1))
    refused = agent.post(f"{url}/hall/open", json.dumps({"share_minutes": 4}), content_type="application/json")
    assert (refused.status_code, refused.json()["reasons"][0]["code"]) == (422, "bidding.window_minutes")
    opened = agent.post(f"{url}/hall/open", json.dumps({"share_minutes": 5}), content_type="application/json")
    assert opened.status_code == 200
    facts = bidder.get(f"{url}/own-share", headers={"accept": "application/json"}).json()
    assert (facts["open"], facts["given"]) == (True, False)
    body = json.dumps({"share": b64encode(hall.own_share(1)).decode()})
    assert bidder.post(f"{url}/own-share/give", body, content_type="application/json").status_code == 200
    assert bidder.get(f"{url}/own-share", headers={"accept": "application/json"}).json()["given"] is True


def test_without_b_no_share_is_asked_and_no_window_opens(scene: Scene) -> None:
    hall = PolicyHall(scene, "2(a,c,r)")
    hall.count()
    hall.open()
    assert require_hall(hall.fresh()).shares_until is None
    with pytest.raises(Refused) as refused:
        give_own_share(hall.fresh(), bytes(16), actor=scene.world.bidder(1).actor)
    assert refused.value.codes == ["bidding.no_window"]


def test_a_leaf_b_sealed_to_another_key_than_the_manifest_names_fails_as_the_bidders(scene: Scene) -> None:
    """The rebuilt stanza takes b's key from the manifest: a bidder who wrapped it to another key is found out."""
    hall = PolicyHall(scene, BIDDERS_TOO)
    other = new_identity()
    hall.submit(4, "9400000.00", wrapped=other)
    hall.count()
    hall.open()
    for number in (1, 2, 3):
        hall.give_own(number)
    hall.own[4] = other
    hall.give_own(4)
    hall.release("a")
    hall.release("c")
    assert windows_due(scene.world.clock.now()) == 1
    scene.world.sequence()
    assert states(hall.decide())[3] == ("failed", "bidding.dishonest_stanza", "bidder", "revoked")
