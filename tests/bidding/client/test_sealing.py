"""What the client checks before it seals, and that what it seals opens."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from bidding.client.keys import Pen
from bidding.client.sealing import Offer, offer_blockers, read_sealed, seal_bid, signed_sheet_of
from bidding.custody import sheets as custody
from bidding.envelope.age import decrypt
from bidding.envelope.receiving import check_header
from bidding.envelope.stanza import unwrap
from bidding.envelope.unpacking import OpenedPackage
from bidding.envelope.unsealing import unseal
from bidding.envelope.x25519 import parse_identity
from bidding.submission.facts import desk_facts
from ledger import cms
from ledger.errors import Refused
from tests.bidding.scenes import CUSTODIANS, Scene
from trading import authority
from trading.models import Lot


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "offer"
    folder.mkdir()
    (folder / "技术标.pdf").write_bytes(b"%PDF how we build it")
    (folder / "price.xlsx").write_bytes(b"PK and the price")
    return folder


def desk_of(scene: Scene, lot: Lot) -> dict[str, Any]:
    facts: dict[str, Any] = desk_facts(lot, scene.world.bidder(1).actor)
    return facts


def pen(scene: Scene, number: int = 1) -> Pen:
    signer = scene.pen(scene.world.bidder(number))
    return Pen(signer.certificate, signer.key)


def seal(scene: Scene, desk: dict[str, Any], offer: Offer, to: Path, number: int = 1) -> Any:
    roots, at = list(authority.roots()), scene.world.clock.now()
    return seal_bid(offer, desk, pen=pen(scene, number), roots=roots, at=at, to=to)


def test_what_the_client_seals_two_custodians_open(scene: Scene, files: Path, tmp_path: Path) -> None:
    lot = scene.lot()
    bid = seal(scene, desk_of(scene, lot), Offer("9596000.00", 300, files), tmp_path / "bid.age")
    data, sheet = bid.path.read_bytes(), custody.sheet_in_force(lot)
    received = check_header(data[:8192], sheet=sheet, submission=bid.submission, size=len(data))
    shares = {i: unwrap(received.opening, i, scene.identities[CUSTODIANS[i]].private) for i in (0, 2)}
    _key, payload = unseal(io.BytesIO(data), len(data), received, shares, sheet)
    package = OpenedPackage(payload, received.package_length)
    package.verify()
    cms.verify(package.manifest_bytes, package.signature, authority.roots(), scene.world.clock.now())
    assert (str(package.manifest.price), package.manifest.items[0].value) == ("9596000.00", "300")
    assert sorted(one.name for one in package.manifest.files) == ["price.xlsx", "技术标.pdf"]
    assert read_sealed(bid.path) == bid


def test_the_cover_is_sealed_to_a_key_that_travels_in_the_bid(scene: Scene, files: Path, tmp_path: Path) -> None:
    lot = scene.lot()
    (tmp_path / "cover.bin").write_bytes(b"a bank's promise")
    offer = Offer("1.00", 300, files, cover=tmp_path / "cover.bin")
    bid = seal(scene, desk_of(scene, lot), offer, tmp_path / "bid.age")
    data, sheet = bid.path.read_bytes(), custody.sheet_in_force(lot)
    received = check_header(data[:8192], sheet=sheet, submission=bid.submission, size=len(data))
    shares = {i: unwrap(received.opening, i, scene.identities[CUSTODIANS[i]].private) for i in (0, 1)}
    _key, payload = unseal(io.BytesIO(data), len(data), received, shares, sheet)
    package = OpenedPackage(payload, received.package_length)
    entry = next(one for one in package.manifest.files if one.name == "cover.key")
    identity = parse_identity(b"".join(package.read(entry)).decode().strip())
    plain = io.BytesIO()
    decrypt(io.BytesIO(bid.cover.read_bytes()), plain, [identity])
    assert plain.getvalue() == b"a bank's promise"


@pytest.mark.parametrize(
    ("price", "code"),
    [("10000000.01", "bidding.above_ceiling"), ("9,596,000", "bidding.price"), ("", "bidding.price"),
     ("9596000.001", "bidding.price"), ("-1", "bidding.price"), ("1e6", "bidding.price"), ("九百万", "bidding.price")],
)  # fmt: skip
def test_a_price_is_a_decimal_and_not_above_the_ceiling(
    scene: Scene, files: Path, tmp_path: Path, price: str, code: str
) -> None:
    desk = desk_of(scene, scene.lot())
    assert [reason.code for reason in offer_blockers(Offer(price, 300, files), desk)] == [code]
    with pytest.raises(Refused):
        seal(scene, desk, Offer(price, 300, files), tmp_path / "bid.age")
    assert not (tmp_path / "bid.age").exists()


def test_the_ceiling_itself_is_allowed(scene: Scene, files: Path) -> None:
    assert offer_blockers(Offer("10000000.00", 300, files), desk_of(scene, scene.lot())) == []


def test_every_reason_is_told_at_once(scene: Scene, tmp_path: Path) -> None:
    desk = {**desk_of(scene, scene.lot()), "bond": "200000.00"}
    reasons = offer_blockers(Offer("x", 0, tmp_path / "nothing"), desk)
    assert [reason.code for reason in reasons] == [
        "bidding.price", "bidding.days", "bidding.no_files", "bidding.cover_missing",
    ]  # fmt: skip


@pytest.mark.parametrize("what", ["key", "policy", "signature", "missing"])
def test_a_sheet_that_the_site_altered_is_refused(scene: Scene, what: str) -> None:
    desk = json.loads(json.dumps(desk_of(scene, scene.lot()), default=str))
    roots, at = authority.roots(), scene.world.clock.now()
    assert signed_sheet_of(desk, roots, at).policy == "2(a,c,r)"
    sheet = desk["sheet"]
    if what == "key":
        import base64

        data = bytearray(base64.b64decode(sheet["sheet"]))
        data[-1] ^= 1
        sheet["sheet"] = base64.b64encode(data).decode()
    elif what == "policy":
        import base64

        sheet["sheet"] = base64.b64encode(base64.b64decode(sheet["sheet"]).replace(b"2(a,c,r)", b"3(a,c,r)")).decode()
    elif what == "signature":
        sheet["signatures"]["a"] = sheet["signatures"]["c"]
    else:
        sheet["signatures"].pop("r")
    with pytest.raises(Refused):
        signed_sheet_of(desk, roots, at)


def test_the_sheet_of_another_lot_is_refused(scene: Scene) -> None:
    first, second = scene.lots(2)
    desk = {**desk_of(scene, first), "sheet": desk_of(scene, second)["sheet"]}
    with pytest.raises(Refused) as caught:
        signed_sheet_of(desk, authority.roots(), scene.world.clock.now())
    assert caught.value.codes == ["bidding.other_sheet"]


def test_another_firms_certificate_does_not_sign_the_bid(scene: Scene, files: Path, tmp_path: Path) -> None:
    desk = desk_of(scene, scene.lot())
    with pytest.raises(Refused) as caught:
        seal(scene, desk, Offer("1.00", 300, files), tmp_path / "bid.age", number=2)
    assert caught.value.codes == ["bidding.other_certificate"]
