"""Receipts: checked by our own reader and by openssl, and every way to mend one is refused."""

from __future__ import annotations

import base64
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from bidding.submission.receipt import Receipt, check_receipt, parse_receipt, parts_of, receipt_file, signed_record
from ledger import tree
from ledger.canon import decode
from ledger.errors import Refused
from tests.bidding.scenes import Scene
from trading import authority


@pytest.fixture
def receipt(scene: Scene) -> dict[str, Any]:
    return scene.submit(scene.lot(), scene.world.bidder(1))


def refusal(receipt: dict[str, Any]) -> list[str]:
    with pytest.raises(Refused) as caught:
        check_receipt(receipt, authority.roots())
    return caught.value.codes


def test_openssl_checks_it(receipt: dict[str, Any], tmp_path: Path) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl")
    record, signature = parts_of(receipt)
    for name, data in (("record", record), ("signature", signature), ("roots.pem", authority.roots_pem().encode())):
        (tmp_path / name).write_bytes(data)
    command = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", "signature", "-content", "record"]
    command += ["-CAfile", "roots.pem", "-purpose", "any", "-attime", "1772413200", "-out", "said"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "said").read_bytes() == record
    (tmp_path / "record").write_bytes(record[:-1] + bytes([record[-1] ^ 1]))
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode != 0


def test_the_salt_opens_the_leaf_in_the_log(scene: Scene) -> None:
    lot, bidder = scene.lot(), scene.world.bidder(1)
    receipt = scene.submit(lot, bidder)
    checked = check_receipt(receipt, authority.roots())
    url = f"/bidding/lots/{lot.code}/receipts/{checked.number}/proof"
    assert scene.client(bidder).get(url).json() == {"covered": False}
    scene.world.sequence()
    facts = scene.client(bidder).get(url).json()
    last = tree.latest_checkpoint()
    assert last is not None
    assert facts["covered"]
    assert facts["checkpoint"] == bytes(last.note).decode()


def test_changed_words_beside_the_record_are_seen(receipt: dict[str, Any]) -> None:
    changed = {**receipt, "says": {**receipt["says"], "stamp": "2026-03-02T00:59:59.000000+00:00"}}
    assert refusal(changed) == ["bidding.receipt_says"]
    assert refusal({**receipt, "leaf": "00" * 32}) == ["bidding.receipt_says"]
    assert refusal({**receipt, "more": 1}) == ["bidding.receipt_says"]


def test_a_receipt_signed_by_a_bidder_is_none(scene: Scene, receipt: dict[str, Any]) -> None:
    record, _signature = parts_of(receipt)
    forged = receipt_file(record, scene.pen(scene.world.bidder(1)).sign(record))
    assert refusal(forged) == ["bidding.receipt_signer"]


def test_another_record_under_the_signature_is_seen(receipt: dict[str, Any]) -> None:
    record, signature = parts_of(receipt)
    read = decode(Receipt, record)
    assert refusal(receipt_file(signed_record(read.entry, bytes(32)), signature)) == ["signature.other_data"]


@pytest.mark.parametrize(
    "change",
    [{"format": "sunlight.receipt/2"}, {"record": "!"}, {"record": 1}, {"signature": None}, {"record": ""},
     {"record": base64.b64encode(b"\x00").decode()}],
)  # fmt: skip
def test_what_is_no_receipt_is_refused(receipt: dict[str, Any], change: dict[str, object]) -> None:
    assert refusal({**receipt, **change}) == ["bidding.receipt_form"]


@pytest.mark.parametrize("text", ["", "[]", "{", "1", "null", "[" * 10_000, '{"a":' * 5000])
def test_text_that_is_no_receipt_is_refused(text: str) -> None:
    with pytest.raises(Refused) as caught:
        parse_receipt(text)
    assert caught.value.codes == ["bidding.receipt_form"]
