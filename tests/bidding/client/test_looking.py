"""The bidder looks at the own envelope with the own key, and is told when it is not what it should be."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from bidding.client.kept import fetch, place_for, sheet_beside, unsent
from bidding.client.looking import Looked, look
from bidding.client.sealing import SealedBid, no_progress, read_sealed
from bidding.envelope.age import decrypt
from bidding.envelope.x25519 import Identity, new_identity
from ledger.errors import Refused
from tests.bidding.client.offers import BidderAtHome
from tests.bidding.custody.officers import Officers
from tests.bidding.scenes import Scene
from trading import authority

OWN = new_identity()


@pytest.fixture
def home(scene: Scene, tmp_path: Path) -> BidderAtHome:
    return BidderAtHome(scene, scene.lot(), tmp_path)


def look_at(bid: SealedBid, key: Identity = OWN, **further: Any) -> Looked:
    return look(bid.path, bid.submission, sheet_beside(bid.path), key, roots=authority.roots(), **further)


def codes(bid: SealedBid, key: Identity = OWN, **further: Any) -> list[str]:
    with pytest.raises(Refused) as caught:
        look_at(bid, key, **further)
    return caught.value.codes


def test_the_own_key_shows_what_was_sealed_and_gives_the_files_back(home: BidderAtHome) -> None:
    bid = home.seal(OWN.recipient)
    receipt = home.send(bid)
    told: list[tuple[int, int]] = []
    to = home.home / "out"
    found = look_at(bid, receipt=receipt, extract=to, progress=lambda done, total: told.append((done, total)))
    assert (str(found.manifest.price), found.digest) == ("9596000.00", bid.digest)
    assert [(one.name, one.value) for one in found.manifest.items] == [("days", "300"), ("quality", "合格")]
    assert found.manifest.own_key is None, "the key stands in the manifest under a policy with b alone"
    assert {path.name: path.read_bytes() for path in to.iterdir()} == {
        path.name: path.read_bytes() for path in home.files.iterdir()
    }
    assert told == sorted(told)


def test_another_key_and_an_envelope_without_one_do_not_open(home: BidderAtHome) -> None:
    assert codes(home.seal(OWN.recipient), new_identity()) == ["bidding.no_match"]
    assert codes(home.seal(None, name="other.age")) == ["bidding.no_match"]


def test_the_age_format_says_the_same_of_the_own_stanza(home: BidderAtHome) -> None:
    bid = home.seal(OWN.recipient)
    header = bid.path.read_bytes().split(b"\n---", 1)[0]
    assert header.count(b"\n-> X25519 ") == 1
    assert header.index(b"-> sunlight.opening/1 ") < header.index(b"-> X25519 ")


@pytest.mark.parametrize("place", [0.3, 0.9999])
def test_a_changed_byte_is_seen(home: BidderAtHome, place: float) -> None:
    bid = home.seal(OWN.recipient)
    data = bytearray(bid.path.read_bytes())
    data[int(len(data) * place)] ^= 1
    bid.path.write_bytes(data)
    assert codes(bid)[0] in {"bidding.payload_changed", "bidding.mac_wrong", "bidding.other_sheet", "bidding.base64"}


def test_a_receipt_of_another_file_is_seen(home: BidderAtHome) -> None:
    receipt = home.send(home.seal(OWN.recipient))
    assert codes(home.seal(OWN.recipient, name="again.age"), receipt=receipt) == ["bidding.other_receipt"]


def test_a_file_is_never_written_over(home: BidderAtHome) -> None:
    bid = home.seal(OWN.recipient)
    look_at(bid, extract=home.home / "out")
    with pytest.raises(FileExistsError):
        look_at(bid, extract=home.home / "out")


def test_a_bid_is_fetched_back_and_looked_at(home: BidderAtHome) -> None:
    bid = home.seal(OWN.recipient)
    receipt = home.send(bid)

    class Fetching:
        """The session with the one thing more that fetching needs."""

        def __init__(self) -> None:
            self.session = home.session
            self.clock = self.session.clock
            self.get = self.session.get

        def download(self, path: str, to: Path, _tell: Any) -> None:
            to.write_bytes(self.session.get_bytes(path))

    session: Any = Fetching()
    back = fetch(session, home.home / "keys", home.lot.code, receipt.number, authority.roots(), no_progress)
    assert dataclasses.replace(back, path=bid.path) == bid
    assert back.path.read_bytes() == bid.path.read_bytes()
    assert look_at(read_sealed(back.path), receipt=receipt).digest == bid.digest
    assert unsent(home.home / "keys")[0] == []


def test_sealed_bids_wait_until_they_have_a_receipt_or_a_refusal(home: BidderAtHome) -> None:
    keys = home.home / "keys"
    at = home.scene.world.clock.now()
    assert unsent(keys)[0] == []
    place = place_for(keys, home.lot.code, at)
    (place.parent / "half.age.partial").write_bytes(b"killed while sealing")
    bid = home.seal(name=str(place.relative_to(home.home)))
    assert place_for(keys, home.lot.code, at) != place
    assert unsent(keys)[0] == [bid]
    place.with_suffix(".receipt.json").write_text("{}")
    assert unsent(keys)[0] == []


def test_under_a_policy_with_b_the_own_key_is_asked_for_and_stands_in_the_manifest(
    scene: Scene, tmp_path: Path
) -> None:
    home = BidderAtHome(scene, Officers(scene, "2(b,2(a,c,r))").notice(1)[0], tmp_path)
    with pytest.raises(Refused) as caught:
        home.seal()
    assert caught.value.codes == ["bidding.own_key_missing"]
    assert not (tmp_path / "bid.age").exists()
    assert list(tmp_path.glob("*.partial")) == []
    bid = home.seal(OWN.recipient)
    assert look_at(bid, receipt=home.send(bid)).manifest.own_key == OWN.recipient.key


def test_the_own_key_opens_no_cover_and_no_other_file(home: BidderAtHome) -> None:
    bid = home.seal(OWN.recipient)
    with pytest.raises(Refused), bid.path.open("rb") as sealed, (home.home / "plain").open("wb") as sink:
        decrypt(sealed, sink, [new_identity()])
