"""The page's twin of looking and of the own share: what Python sealed the page opens, and the other way round."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.serializers.json import DjangoJSONEncoder

from bidding.client.looking import look
from bidding.client.sealing import SealedBid
from bidding.custody.sheets import sheet_in_force
from bidding.envelope.sheet import read_sheet
from bidding.envelope.x25519 import Identity, new_identity
from bidding.opening.own_share import own_share_facts
from tests.bidding.client.offers import BidderAtHome
from tests.bidding.custody.officers import Officers
from tests.bidding.envelope.test_twin import ask, b64, key_pem
from tests.bidding.opening.policy_hall import PolicyHall
from tests.bidding.scenes import Scene
from tests.world import MORNING
from trading import authority

OWN = new_identity()
POLICIES = ("2(a,c,r)", "2(b,2(a,c,r))")


@pytest.fixture(params=POLICIES)
def home(scene: Scene, tmp_path: Path, request: pytest.FixtureRequest) -> BidderAtHome:
    return BidderAtHome(scene, Officers(scene, request.param).notice(1)[0], tmp_path)


def looked(bid: SealedBid, sealed: bytes | None = None, key: Identity = OWN, **further: Any) -> dict[str, Any]:
    data = bid.path.read_bytes() if sealed is None else sealed
    sheet = b64(bid.path.with_suffix(".sheet").read_bytes())
    facts = {"sealed": b64(data), "sheet": sheet, "identity": key.secret_text(), "roots": authority.roots_pem()}
    return ask("look", **facts, **further)


def test_the_page_looks_into_what_python_sealed(home: BidderAtHome) -> None:
    bid = home.seal(OWN.recipient)
    home.send(bid)
    receipt = home.scene.arrived(home.lot, home.account, bid.submission).json()["receipt"]
    found = looked(bid, receipt=receipt)
    assert (found["price"], found["digest"]) == ("9596000.00", bid.digest)
    assert found["items"] == [{"name": "days", "value": "300"}, {"name": "quality", "value": "合格"}]
    files = {name: base64.b64decode(data) for name, data in found["files"].items()}
    assert files == {path.name: path.read_bytes() for path in home.files.iterdir()}
    asks = "b" in sheet_in_force(home.lot).policy
    assert found["own"] == (OWN.recipient.key.hex() if asks else None)


def test_the_page_refuses_what_python_refuses(home: BidderAtHome) -> None:
    bid, other = home.seal(OWN.recipient), home.seal(OWN.recipient, name="other.age")
    data = bytearray(bid.path.read_bytes())
    data[-20] ^= 1
    home.send(other)
    receipt = home.scene.arrived(home.lot, home.account, other.submission).json()["receipt"]
    assert looked(bid, bytes(data)) == {"refused": ["bidding.payload_changed"]}
    assert looked(bid, key=new_identity()) == {"refused": ["bidding.no_match"]}
    assert looked(bid, receipt=receipt) == {"refused": ["bidding.other_receipt"]}


def test_python_looks_into_what_the_page_sealed(home: BidderAtHome) -> None:
    question = {
        "desk": json.loads(json.dumps(home.session.get(f"/bidding/lots/{home.lot.code}/"), cls=DjangoJSONEncoder)),
        "roots": authority.roots_pem(), "at": MORNING.isoformat(), "keys": key_pem(home.scene.pen(home.account)),
        "passphrase": "", "price": "9596000.00", "days": "300", "cover": None,
        "files": [{"name": "技术标.pdf", "data": b64(b"%PDF-1.7")}],
    }  # fmt: skip
    asks = "b" in sheet_in_force(home.lot).policy
    without = ask("seal", **question)
    assert without.get("refused") == (["bidding.own_key_missing"] if asks else None)
    made = ask("seal", **question, own=str(OWN.recipient))
    path = home.home / "page.age"
    path.write_bytes(base64.b64decode(made["file"]))
    sheet = sheet_in_force(home.lot)
    found = look(path, made["submission"], sheet, OWN, roots=authority.roots(), extract=home.home / "out")
    assert found.digest == made["digest"]
    assert (home.home / "out" / "技术标.pdf").read_bytes() == b"%PDF-1.7"


def test_both_twins_give_the_same_share(scene: Scene) -> None:
    hall = PolicyHall(scene, "2(b,2(a,c,r))")
    hall.count()
    hall.open()
    facts = json.loads(json.dumps(own_share_facts(hall.fresh(), scene.world.bidder(2).actor), cls=DjangoJSONEncoder))
    assert read_sheet(base64.b64decode(facts["sheet"])).policy == "2(b,2(a,c,r))"
    given = ask("own_share", facts=facts, identity=hall.own[2].secret_text(), receipt=None, roots="")
    assert base64.b64decode(given["share"]) == hall.own_share(2)
    wrong = ask("own_share", facts=facts, identity=OWN.secret_text(), receipt=None, roots="")
    assert wrong == {"refused": ["bidding.leaf_closed"]}
