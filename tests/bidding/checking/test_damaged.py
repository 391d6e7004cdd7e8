"""Damage to what is attached to a receipt, which the platform did not sign, is told as such and accuses nobody."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from bidding.models import Timestamp
from bidding.submission import stamping
from tests.bidding.checking.test_verifying import BAD, GOOD, WAIT, file_of, place_all
from tests.bidding.scenes import Scene

ACCUSES = "平台签发了这份回执，却没有兑现"
DAMAGED = "文件所附的内容有不成立之处"
TIMESTAMP = "文件所附的时间戳不成立或已损坏；它未经平台签名。已改查本站所存。"
PROOF = "文件所附的证明不成立或已损坏；它未经平台签名。已改查本站所存。"
Receipt = dict[str, Any]


@pytest.fixture(autouse=True)
def nobody_was_called() -> None:
    cache.clear()


def asked(file: object) -> tuple[int, dict[str, Any]]:
    """The JSON answer, and that the page says the same and holds nothing against the platform."""
    form = {"receipt": json.dumps(file)}
    answer = Client().post("/bidding/verify", form, headers={"accept": "application/json"})
    found = answer.json()
    page = Client().post("/bidding/verify", form)
    words = page.content.decode()
    assert (page.status_code, ACCUSES in words, DAMAGED in words) == (answer.status_code, False, bool(found["damaged"]))
    assert all(step["words"] in words for step in found["steps"])
    return answer.status_code, found


def complete(scene: Scene, bidders: int = 3) -> Receipt:
    """The first one's receipt with its timestamp and its proof."""
    lot = scene.lot()
    receipts = [scene.submit(lot, scene.world.bidder(number + 1)) for number in range(bidders)]
    stamping.stamp_waiting()
    place_all(scene)
    return file_of(scene, lot, receipts[0]["says"]["number"])


def flipped(text: str, bit: int) -> str:
    """A base64 text with one bit of its bytes flipped."""
    data = bytearray(base64.b64decode(text))
    data[bit // 8 % len(data)] ^= 1 << bit % 8
    return base64.b64encode(data).decode()


def of_proof(change: Callable[[dict[str, Any]], object]) -> Callable[[Receipt], Receipt]:
    return lambda file: {**file, "proof": change(file["proof"])}


PROOFS = {
    "index": of_proof(lambda proof: {**proof, "index": proof["index"] ^ 1}),
    "endless index": of_proof(lambda proof: {**proof, "index": float("inf")}),
    "short path": of_proof(lambda proof: {**proof, "path": proof["path"][:-1]}),
    "other path": of_proof(lambda proof: {**proof, "path": ["00" * 32 for _node in proof["path"]]}),
    "no path": of_proof(lambda proof: {**proof, "path": 7}),
    "size": of_proof(lambda proof: {**proof, "size": proof["size"] + 1}),
    "checkpoint": of_proof(lambda proof: {**proof, "checkpoint": proof["checkpoint"].replace("\n", "\n1", 1)}),
    "no checkpoint": of_proof(lambda proof: {name: proof[name] for name in ("index", "size", "path")}),
    "empty": of_proof(lambda _proof: {}),
    "list": of_proof(lambda proof: [proof]),
    "word": of_proof(lambda _proof: "none"),
    "null": of_proof(lambda _proof: None),
}
TIMESTAMPS: dict[str, Callable[[str], object]] = {
    "bit in its signature": lambda token: flipped(token, -9),
    "bit in its head": lambda token: flipped(token, 3),
    "bit in its middle": lambda token: flipped(token, len(token) * 3),
    "cut": lambda token: token[: len(token) // 8 * 4],
    "no base64": lambda _token: "?",
    "number": lambda _token: 7,
    "list": lambda token: [token],
    "null": lambda _token: None,
}


def test_each_damage_of_the_proof_is_told_and_the_sites_own_proof_is_used(scene: Scene) -> None:
    whole = complete(scene)
    status, good = asked(whole)
    assert (status, good["holds"], good["damaged"]) == (200, True, [])
    for name, damage in PROOFS.items():
        status, found = asked(damage(whole))
        steps = [dict(step) for step in good["steps"]]
        steps[3]["words"] = f"{PROOF} {steps[3]['words']}"
        assert (name, status, found) == (name, 200, {"holds": True, "damaged": ["proof"], "steps": steps})


def test_each_damage_of_the_timestamp_is_told_and_the_sites_own_is_used(scene: Scene) -> None:
    whole = complete(scene)
    _status, good = asked(whole)
    for name, damage in TIMESTAMPS.items():
        status, found = asked({**whole, "timestamp": damage(whole["timestamp"])})
        steps = [dict(step) for step in good["steps"]]
        steps[2]["words"] = f"{TIMESTAMP} {steps[2]['words']}"
        assert (name, status, found) == (name, 200, {"holds": True, "damaged": ["timestamp"], "steps": steps})


def test_both_at_once_and_a_timestamp_of_another_receipt(scene: Scene) -> None:
    whole = complete(scene)
    other = Timestamp.objects.exclude(number=whole["says"]["number"]).first()
    assert other is not None
    status, found = asked({**whole, "proof": [], "timestamp": base64.b64encode(bytes(other.token)).decode()})
    assert (status, found["holds"], found["damaged"]) == (200, True, ["timestamp", "proof"])
    assert [step["result"] for step in found["steps"]] == [GOOD, GOOD, GOOD, GOOD, WAIT]


def test_where_the_site_has_none_yet_it_is_waited_for(scene: Scene) -> None:
    fresh = scene.submit(scene.lot(), scene.world.bidder(1))
    status, found = asked({**fresh, "proof": None, "timestamp": None})
    assert (status, found["holds"], found["damaged"]) == (200, True, ["timestamp", "proof"])
    assert [(step["result"], step["words"]) for step in found["steps"][2:4]] == [
        (WAIT, f"{TIMESTAMP} 尚未取得。时间戳在回执出具后一分钟内取得。"),
        (WAIT, f"{PROOF} 它正随一轮密封条目进入日志。请一分钟后再查。"),
    ]


def test_damage_hides_no_breach(scene: Scene) -> None:
    """What follows from the signature alone accuses as before, whatever else in the file is damaged."""
    from bidding.submission.receipt import Receipt as Signed
    from bidding.submission.receipt import parts_of, receipt_file, signed_record
    from bidding.submission.receipts import receipt_certificate, receipt_key
    from ledger import cms
    from ledger.canon import decode

    receipt = scene.submit(scene.lot(), scene.world.bidder(1))
    record = signed_record(decode(Signed, parts_of(receipt)[0]).entry, bytes(32))
    signature = cms.sign(record, receipt_certificate(scene.world.clock.now()), receipt_key())
    form = {"receipt": json.dumps({**receipt_file(record, signature), "proof": None, "timestamp": None})}
    answer = Client().post("/bidding/verify", form, headers={"accept": "application/json"})
    found = answer.json()
    assert (answer.status_code, found["holds"], found["damaged"]) == (422, False, ["timestamp"])
    assert [step["result"] for step in found["steps"]] == [GOOD, GOOD, WAIT, BAD, WAIT]
    assert ACCUSES in Client().post("/bidding/verify", form).content.decode()


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_file_with_a_byte_order_mark_is_the_receipt(scene: Scene, mark: bytes) -> None:
    receipt = scene.submit(scene.lot(), scene.world.bidder(1))
    data = mark + json.dumps(receipt).encode()
    file = io.BytesIO(data)
    file.name = "receipt.json"
    for form in ({"file": file, "receipt": ""}, {"receipt": data.decode()}):
        answer = Client().post("/bidding/verify", form, headers={"accept": "application/json"})
        assert (answer.status_code, answer.json()["holds"], answer.json()["damaged"]) == (200, True, [])
