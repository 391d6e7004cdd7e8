"""The public check of a receipt: five steps, each with its result, for whoever holds the file."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from bidding import ticks
from bidding.checking.verifying import _still_counted
from bidding.submission import stamping
from bidding.submission.receipt import receipt_file, signed_record
from tests.bidding.scenes import Scene, Sealed
from trading.models import Lot
from trading.stages import Stage

GOOD, BAD, WAIT, NOT_DONE = "good", "halt", "busy", "still"


def check(file: object) -> list[str]:
    """The results of the five steps, asked by nobody in particular."""
    answer = Client().post("/bidding/verify", {"receipt": json.dumps(file)}, headers={"accept": "application/json"})
    found = answer.json()
    assert (answer.status_code == 200) == found["holds"]
    assert all(step["words"] for step in found["steps"])
    return [step["result"] for step in found["steps"]]


def file_of(scene: Scene, lot: Lot, number: str, bidder: int = 1) -> dict[str, Any]:
    found: dict[str, Any] = (
        scene.client(scene.world.bidder(bidder)).get(f"/bidding/lots/{lot.code}/receipts/{number}").json()
    )
    return found


def close(scene: Scene, lot: Lot) -> None:
    assert lot.deadline is not None
    scene.world.clock.set(lot.deadline)
    scene.world.lot(Stage.CLOSING)
    ticks.tick(scene.world.clock.now())


def place_all(scene: Scene) -> None:
    """Every entry gets its place, the veiled ones in their rounds."""
    for _round in range(50):
        scene.world.sequence()


@pytest.fixture(autouse=True)
def nobody_was_called() -> None:
    cache.clear()


def test_a_fresh_receipt_waits_for_what_comes_later(scene: Scene) -> None:
    receipt = scene.submit(scene.lot(), scene.world.bidder(1))
    assert check(receipt) == [GOOD, GOOD, WAIT, WAIT, WAIT]


def test_in_the_end_every_step_holds(scene: Scene) -> None:
    lot = scene.lot()
    receipts = [scene.submit(lot, scene.world.bidder(number)) for number in (1, 2, 3)]
    stamping.stamp_waiting()
    place_all(scene)
    assert check(receipts[0]) == [GOOD, GOOD, GOOD, GOOD, WAIT]
    close(scene, lot)
    whole = file_of(scene, lot, receipts[0]["says"]["number"])
    assert {"timestamp", "proof"} <= whole.keys()
    assert check(whole) == check(receipts[0]) == [GOOD] * 5


def test_a_replaced_a_withdrawn_and_a_refused_one_are_honoured_by_not_being_counted(scene: Scene) -> None:
    lot, me, other = scene.lot(), scene.world.bidder(1), scene.world.bidder(2)
    first = scene.submit(lot, me)
    scene.world.clock.pass_(timedelta(seconds=1))
    scene.submit(lot, me)
    gone = scene.submit(lot, other)
    scene.world.clock.pass_(timedelta(seconds=1))
    url = f"/bidding/lots/{lot.code}/withdraw"
    withdrawal = scene.client(other).post(
        url, {"number": gone["says"]["number"]}, headers={"accept": "application/json"}
    )
    refusal = scene.send(lot, other, Sealed(b"PK" + bytes(600), "01" * 16)).json()["receipt"]
    again = scene.client(other).post(url, {"number": gone["says"]["number"]}, headers={"accept": "application/json"})
    close(scene, lot)
    for file in (first, gone, withdrawal.json()["receipt"], refusal, again.json()["receipt"]):
        assert check(file)[-1] == GOOD


def test_a_bid_whose_withdrawal_came_too_late_must_be_counted(scene: Scene) -> None:
    lot = scene.lot()
    _other, _third, mine = (scene.submit(lot, scene.world.bidder(one)) for one in (3, 2, 1))
    number = mine["says"]["number"]
    close(scene, lot)
    url = f"/bidding/lots/{lot.code}/withdraw"
    late = scene.client(scene.world.bidder(1)).post(url, {"number": number}, headers={"accept": "application/json"})
    assert check(late.json()["receipt"])[-1] == GOOD
    assert _still_counted(number, {}, number)[0] == BAD


def test_changed_words_stop_at_the_first_step(scene: Scene) -> None:
    receipt = scene.submit(scene.lot(), scene.world.bidder(1))
    changed = {**receipt, "says": {**receipt["says"], "size": 1}}
    assert check(changed) == [BAD, NOT_DONE, NOT_DONE, NOT_DONE, NOT_DONE]
    assert check("nonsense") == [BAD, NOT_DONE, NOT_DONE, NOT_DONE, NOT_DONE]


def test_a_bidders_own_signature_stops_at_the_second(scene: Scene) -> None:
    from bidding.submission.receipt import parts_of

    receipt = scene.submit(scene.lot(), scene.world.bidder(1))
    record, _signature = parts_of(receipt)
    forged = receipt_file(record, scene.pen(scene.world.bidder(1)).sign(record))
    assert check(forged) == [GOOD, BAD, NOT_DONE, NOT_DONE, NOT_DONE]


def test_a_signed_receipt_that_the_platform_does_not_hold_is_evidence_against_it(scene: Scene) -> None:
    """What the key signed and the ledger does not know: the page says so and does not call the receipt wrong."""
    from bidding.submission.receipt import Receipt, parts_of
    from bidding.submission.receipts import receipt_certificate, receipt_key
    from ledger import cms
    from ledger.canon import decode

    receipt = scene.submit(scene.lot(), scene.world.bidder(1))
    inner = decode(Receipt, parts_of(receipt)[0]).entry
    record = signed_record(inner, bytes(32))
    signature = cms.sign(record, receipt_certificate(scene.world.clock.now()), receipt_key())
    assert check(receipt_file(record, signature)) == [GOOD, GOOD, WAIT, BAD, WAIT]


def test_the_page_takes_a_file_and_lists_the_steps(scene: Scene) -> None:
    receipt = scene.submit(scene.lot(), scene.world.bidder(1))
    file = io.BytesIO(json.dumps(receipt).encode())
    file.name = "receipt.json"
    answer = Client().post("/bidding/verify", {"file": file, "receipt": ""})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert page.count('class="found-head"') == 5
    assert receipt["says"]["number"] in page


def test_a_receipt_on_paper(scene: Scene) -> None:
    import docx

    lot, me = scene.lot(), scene.world.bidder(1)
    says = scene.submit(lot, me)["says"]
    answer = scene.client(me).get(f"/bidding/lots/{lot.code}/receipts/{says['number']}/files/paper")
    document = docx.Document(io.BytesIO(answer.content))
    words = "\n".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)
    assert says["number"] in words
    assert says["digest"] in words
    assert "2026-03-02 09:00:00.000000 +0800" in words
    assert document.paragraphs[0].text == "加密投标文件回执"
    assert me.party is not None
    assert me.party.name not in words


def test_a_refusal_on_paper_says_why(scene: Scene) -> None:
    import docx

    lot, me = scene.lot(), scene.world.bidder(1)
    says = scene.send(lot, me, Sealed(b"PK" + bytes(600), "01" * 16)).json()["receipt"]["says"]
    answer = scene.client(me).get(f"/bidding/lots/{lot.code}/receipts/{says['number']}/files/paper")
    words = [cell.text for row in docx.Document(io.BytesIO(answer.content)).tables[0].rows for cell in row.cells]
    assert "这不是加密的投标文件。" in words
