"""The two twins against each other: what the TypeScript one seals the Python one opens, and the other way round.

The TypeScript one is run by the node of the virtual environment (config/frontend/run.mjs).
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from django.core.serializers.json import DjangoJSONEncoder

from bidding.envelope.age import decrypt, encrypt
from bidding.envelope.manifest import Item, check_manifest
from bidding.envelope.receiving import check_header
from bidding.envelope.stanza import unwrap
from bidding.envelope.unpacking import OpenedPackage
from bidding.envelope.unsealing import leaf_of, unseal
from bidding.envelope.x25519 import Identity, new_identity, parse_identity
from bidding.submission.facts import desk_facts
from ledger import cms
from tests.bidding.envelope.second_opinions import in_twin
from tests.bidding.scenes import Scene, Sealed
from tests.trading.keys import Pen
from tests.world import MORNING
from trading import authority
from trading.models import Account, Lot

FILES = {"技术标.pdf": b"%PDF-1.7 how we build it", "price.bin": bytes(range(256)) * 700, "empty.txt": b""}
PASSPHRASE = "正确的马 battery"


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def ask(verb: str, **question: object) -> dict[str, Any]:
    """What the TypeScript twin answers."""
    return in_twin(json.dumps({"verb": verb, **question}, cls=DjangoJSONEncoder))


def key_pem(pen: Pen, passphrase: str | None = None) -> str:
    """The key and the certificate of a pen in one PEM text, as `python -m bidding.client` keeps them."""
    secret = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    key = pen.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, secret)
    return key.decode() + pen.certificate.public_bytes(Encoding.PEM).decode()


@dataclass
class Table:
    """A lot under a sheet in force, and a bidder who seals for it by the TypeScript twin."""

    scene: Scene
    lot: Lot
    bidder: Account

    @property
    def desk(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(json.dumps(desk_facts(self.lot, self.bidder.actor), cls=DjangoJSONEncoder))
        return found

    @property
    def pen(self) -> Pen:
        return self.scene.pen(self.bidder)

    def seal(self, **changes: object) -> dict[str, Any]:
        question: dict[str, object] = {
            "desk": self.desk,
            "roots": authority.roots_pem(),
            "at": MORNING.isoformat(),
            "keys": key_pem(self.pen),
            "passphrase": "",
            "price": "9596000.00",
            "days": "300",
            "files": [{"name": name, "data": b64(data)} for name, data in FILES.items()],
            "cover": None,
        }
        return ask("seal", **(question | changes))

    def opened(self, made: dict[str, Any], *, names: tuple[str, str] = ("agent", "centre")) -> OpenedPackage:
        """What the Python twin finds in the sealed file with the keys of two custodians."""
        data, sheet = base64.b64decode(made["file"]), self.scene.sheet(self.lot)
        received = check_header(data[:8192], sheet=sheet, submission=made["submission"], size=len(data))
        shares = {}
        for name in names:
            private = self.scene.identities[name].private
            index = leaf_of(sheet, private)
            shares[index] = unwrap(received.opening, index, private)
        _file_key, payload = unseal(io.BytesIO(data), len(data), received, shares, sheet)
        package = OpenedPackage(payload, received.package_length)
        package.verify()
        check_manifest(package.manifest, sheet, made["submission"])
        return package


@pytest.fixture
def table(scene: Scene) -> Table:
    return Table(scene, scene.lot(), scene.world.bidder(1))


@pytest.mark.parametrize("names", [("agent", "centre"), ("agent", "regulator"), ("centre", "regulator")])
def test_what_the_browser_seals_opens_for_every_pair_of_custodians(table: Table, names: tuple[str, str]) -> None:
    made = table.seal()
    package = table.opened(made, names=names)
    manifest = package.manifest

    assert {one.name: b"".join(package.read(one)) for one in manifest.files} == FILES
    assert (manifest.price, manifest.items) == (Decimal("9596000.00"), (Item("days", "300"),))
    assert (manifest.credit_code, manifest.time) == (table.desk["credit_code"], MORNING)
    signer = cms.verify(package.manifest_bytes, package.signature, authority.roots(), MORNING)
    assert cms.fingerprint(signer) == manifest.maker == cms.fingerprint(table.pen.certificate)


def test_the_site_takes_it_and_the_browser_checks_the_receipt(table: Table) -> None:
    made = table.seal()
    sealed = Sealed(base64.b64decode(made["file"]), made["submission"])
    assert table.scene.send(table.lot, table.bidder, sealed).status_code == 204
    receipt = table.scene.arrived(table.lot, table.bidder, sealed.id).json()["receipt"]
    sent = {name: made[name] for name in ("lot", "submission", "digest", "header", "size")}
    said = receipt["says"]

    def check(file: object, **other: object) -> dict[str, Any]:
        return ask("receipt", receipt=file, roots=authority.roots_pem(), sent=sent | other)

    assert (said["digest"], said["header"], said["size"]) == (made["digest"], made["header"], made["size"])
    assert made["digest"] == hashlib.sha256(sealed.data).hexdigest()
    assert check(receipt) == {"kind": "sealed"}
    assert check(receipt | {"timestamp": b64(b"later"), "proof": {"index": 0}}) == {"kind": "sealed"}, "what came later"
    assert check(receipt | {"more": 1}) == {"refused": ["bidding.receipt_says"]}
    assert check(receipt, digest="00" * 32) == {"refused": ["bidding.other_receipt"]}
    assert check(receipt | {"says": said | {"size": 1}}) == {"refused": ["bidding.receipt_says"]}
    assert check(receipt | {"record": b64(b"nothing")}) == {"refused": ["bidding.receipt_form"]}
    record = base64.b64decode(receipt["record"])
    other = table.pen.sign(record)
    assert check(receipt | {"signature": b64(other)}) == {"refused": ["bidding.receipt_signer"]}
    assert check(receipt | {"signature": b64(cms_of_nobody(record))}) == {"refused": ["signature.untrusted"]}


def cms_of_nobody(data: bytes) -> bytes:
    """A signature that holds, by a certificate of an authority that only has the right name."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = authority.name_of("Sunlight receipts")
    stranger = authority.issue(authority.new_authority(), name, key.public_key(), MORNING)
    return cms.sign(data, stranger, key)


def test_a_cover_is_sealed_to_a_key_that_travels_in_the_bid(scene: Scene) -> None:
    lot = scene.lot(bond=Decimal("200000.00"))
    table = Table(scene, lot, scene.world.bidder(1))

    assert table.seal() == {"refused": ["bidding.cover_missing"]}
    made = table.seal(cover=b64(b"the guarantee"))
    package = table.opened(made)
    entry = next(one for one in package.manifest.files if one.name == "cover.key")
    identity = parse_identity(b"".join(package.read(entry)).decode("ascii").strip())
    plain = io.BytesIO()
    decrypt(io.BytesIO(base64.b64decode(made["cover"])), plain, [identity])
    assert plain.getvalue() == b"the guarantee"


def test_a_key_under_a_passphrase_is_read_with_it_alone(table: Table) -> None:
    keys = key_pem(table.pen, PASSPHRASE)

    assert table.opened(table.seal(keys=keys, passphrase=PASSPHRASE)).manifest.price == Decimal("9596000.00")
    assert table.seal(keys=keys) == {"refused": ["bidding.passphrase_missing"]}
    assert table.seal(keys=keys, passphrase="wrong") == {"refused": ["bidding.passphrase_wrong"]}


def test_nothing_is_sealed_with_keys_that_do_not_fit(table: Table) -> None:
    other = table.scene.pen(table.scene.world.bidder(2))
    mixed = key_pem(Pen(other.certificate, table.pen.key))

    assert table.seal(keys=key_pem(other)) == {"refused": ["bidding.other_certificate"]}
    assert table.seal(keys=mixed) == {"refused": ["bidding.other_key"]}
    assert table.seal(keys="nothing at all") == {"refused": ["bidding.key_file_missing"]}
    assert table.seal(at=(MORNING + timedelta(days=9999)).isoformat()) == {"refused": ["signature.untrusted"]}


def test_every_reason_against_an_offer_is_said_at_once(table: Table) -> None:
    bad = [{"name": "../x", "data": ""}, {"name": "a.pdf", "data": ""}, {"name": "A.pdf", "data": ""}]

    found = table.seal(price="10000000.01", days="0", files=bad)
    assert found == {
        "refused": ["bidding.above_ceiling", "bidding.days", "bidding.file_name", "bidding.file_twice"],
    }
    assert table.seal(price="10000000.00")["lot"] == table.lot.code
    for price in ("", "1e6", "9,596,000", "9596000.001", "-1", "０", "01", " 1", "1.", "NaN"):
        assert table.seal(price=price) == {"refused": ["bidding.price"]}, price
    assert table.seal(files=[]) == {"refused": ["bidding.no_files"]}


def forged_sheets(table: Table) -> dict[str, Callable[[dict[str, Any]], object]]:
    """What may be wrong with a custody sheet, and the code with which it is refused."""
    desk = table.desk
    sheet = base64.b64decode(desk["sheet"]["sheet"])
    signatures = desk["sheet"]["signatures"]
    other = table.scene.pen(table.scene.world.bidder(2))

    def signed(**changes: str) -> dict[str, Any]:
        return desk | {"sheet": desk["sheet"] | {"signatures": signatures | changes}}

    return {
        "bidding.no_sheet_in_force": lambda _desk: desk | {"sheet": None},
        "bidding.other_sheet": lambda _desk: desk | {"round": 2},
        "bidding.sheet_unsigned": lambda _desk: (
            desk
            | {"sheet": desk["sheet"] | {"signatures": {name: one for name, one in signatures.items() if name != "r"}}}
        ),
        "bidding.sheet_signer": lambda _desk: signed(a=signatures["c"]),
        "signature.other_data": lambda _desk: signed(a=b64(other.sign(b"something else"))),
        "signature.malformed": lambda _desk: signed(a=b64(b"nothing")),
        "signature.untrusted": lambda _desk: signed(a=b64(cms_of_nobody(sheet))),
        "bidding.sheet_malformed": lambda _desk: desk | {"sheet": desk["sheet"] | {"sheet": b64(sheet + b"\0")}},
    }


def test_nothing_is_sealed_under_a_sheet_in_doubt(table: Table) -> None:
    found = {code: table.seal(desk=forge(table.desk)) for code, forge in forged_sheets(table).items()}
    assert found == {code: {"refused": [code]} for code in found}
    asked = ask("sheet", desk=table.desk, roots=authority.roots_pem(), at=MORNING.isoformat())
    assert asked == {"digest": table.desk["sheet"]["digest"]}


def test_a_signature_with_one_byte_changed_never_holds(table: Table) -> None:
    data = b"what is signed"
    signature = table.pen.sign(data)
    facts = {"roots": authority.roots_pem(), "at": MORNING.isoformat()}

    assert ask("signature", data=b64(data), signature=b64(signature), **facts) == {}
    for place in range(4, len(signature), max(1, len(signature) // 12)):
        changed = bytearray(signature)
        changed[place] ^= 1
        answer = ask("signature", data=b64(data), signature=b64(bytes(changed)), **facts)
        python = refused_by_python(data, bytes(changed))
        assert bool(answer.get("refused")) == python, place


def refused_by_python(data: bytes, signature: bytes) -> bool:
    """Whether the Python twin refuses a signature too."""
    from ledger.errors import Refused

    try:
        cms.verify(data, signature, authority.roots(), MORNING)
    except Refused:
        return True
    return False


@pytest.mark.parametrize("length", [0, 1, 65_536, 200_000])
def test_what_python_encrypts_age_encryption_opens(length: int) -> None:
    identity: Identity = new_identity()
    data = hashlib.shake_128(b"data").digest(length)
    sealed = io.BytesIO()
    encrypt(io.BytesIO(data), sealed, [identity.recipient])

    answer = ask("decrypt", data=b64(sealed.getvalue()), identity=identity.secret_text())
    assert base64.b64decode(answer["data"]) == data


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl")
def test_openssl_accepts_the_signature_of_the_browser(table: Table, tmp_path: Path) -> None:
    package = table.opened(table.seal())
    for name, data in (("manifest", package.manifest_bytes), ("p7s", package.signature)):
        (tmp_path / name).write_bytes(data)
    (tmp_path / "roots").write_text(authority.roots_pem())
    at = str(int(MORNING.timestamp()))
    words = ["-in", "p7s", "-inform", "DER", "-content", "manifest", "-CAfile", "roots", "-purpose", "any"]
    command = ["openssl", "cms", "-verify", "-binary", *words, "-attime", at, "-out", "said"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "said").read_bytes() == package.manifest_bytes
