"""Withdrawal: the live envelope, its receipt, and the order of stamps."""

from __future__ import annotations

import io
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bidding.models import Refusal, Withdrawal
from bidding.submission import refusing, withdrawal
from bidding.submission import submitting as submission
from bidding.submission.receipt import check_receipt, parts_of
from bidding.submission.receipts import as_file
from bidding.submission.refusing import SignedRefusal
from bidding.submission.standings import live_envelope, live_envelopes
from bidding.uploads import uploading as uploads
from ledger.errors import Refused
from tests.bidding.scenes import Scene
from trading import authority
from trading.handles import handle_for
from trading.models import Account, Lot
from trading.stages import Stage


def withdraw(lot: Lot, bidder: Account, number: object) -> Withdrawal:
    return withdrawal.withdraw(lot, handle_for(lot, bidder.actor), str(number), actor=bidder.actor)


def test_a_withdrawn_bid_is_not_live_and_the_receipt_says_so(scene: Scene) -> None:
    lot, bidder = scene.lot(), scene.world.bidder(1)
    number = scene.submit(lot, bidder)["says"]["number"]
    scene.world.clock.pass_(timedelta(seconds=1))
    checked = check_receipt(as_file(withdraw(lot, bidder, number)), authority.roots())
    assert (checked.kind, checked.entry.values["withdraws"]) == ("withdrawn", number)
    assert live_envelopes(lot) == []


def test_withdrawing_the_replacement_does_not_wake_the_first(scene: Scene) -> None:
    lot, bidder = scene.lot(), scene.world.bidder(1)
    scene.submit(lot, bidder)
    scene.world.clock.pass_(timedelta(seconds=1))
    number = scene.submit(lot, bidder)["says"]["number"]
    scene.world.clock.pass_(timedelta(seconds=1))
    withdraw(lot, bidder, number)
    assert live_envelopes(lot) == []


def test_what_is_sealed_after_a_withdrawal_is_live(scene: Scene) -> None:
    lot, bidder = scene.lot(), scene.world.bidder(1)
    first = scene.submit(lot, bidder)["says"]["number"]
    withdraw(lot, bidder, first)
    scene.world.clock.pass_(timedelta(seconds=1))
    second = scene.submit(lot, bidder)["says"]["number"]
    assert [row.number for row in live_envelopes(lot)] == [second]


def test_a_bid_stamped_before_the_withdrawal_and_decided_after_it_is_withdrawn_too(scene: Scene) -> None:
    lot, bidder = scene.lot(), scene.world.bidder(1)
    number = scene.submit(lot, bidder)["says"]["number"]
    sealed = scene.seal(lot, bidder)
    upload = uploads.begin(lot, handle_for(lot, bidder.actor), sealed.id, len(sealed.data))
    uploads.append(upload, io.BytesIO(sealed.data), len(sealed.data))
    scene.world.clock.pass_(timedelta(seconds=1))
    withdraw(lot, bidder, number)
    submission.decide(upload)
    assert live_envelopes(lot) == []


def test_the_file_of_a_withdrawn_bid_is_not_taken_again(scene: Scene) -> None:
    lot, bidder = scene.lot(), scene.world.bidder(1)
    sealed = scene.seal(lot, bidder)
    scene.send(lot, bidder, sealed)
    envelope = live_envelope(lot, handle_for(lot, bidder.actor))
    assert envelope is not None
    scene.world.clock.pass_(timedelta(seconds=1))
    withdraw(lot, bidder, envelope.number)
    answer = scene.send(lot, bidder, sealed)
    assert [one["code"] for one in answer.json()["reasons"]] == ["bidding.used"]


@pytest.mark.parametrize("who", ["other", "stranger"])
def test_nobody_withdraws_anothers_bid(scene: Scene, who: str) -> None:
    lot, bidder = scene.lot(), scene.world.bidder(1)
    number = scene.submit(lot, bidder)["says"]["number"]
    other = scene.world.stranger if who == "stranger" else scene.world.bidder(2)
    with pytest.raises(Refused) as caught:
        withdraw(lot, other, number)
    assert caught.value.codes == ["bidding.not_live"]
    assert [row.number for row in live_envelopes(lot)] == [number]


def test_a_replaced_receipt_withdraws_nothing(scene: Scene) -> None:
    lot, bidder = scene.lot(), scene.world.bidder(1)
    first = scene.submit(lot, bidder)["says"]["number"]
    scene.world.clock.pass_(timedelta(seconds=1))
    second = scene.submit(lot, bidder)["says"]["number"]
    with pytest.raises(Refused) as caught:
        withdraw(lot, bidder, first)
    assert caught.value.codes == ["bidding.not_live"]
    assert [row.number for row in live_envelopes(lot)] == [second]


def through_the_door(scene: Scene, lot: Lot, bidder: Account, number: str) -> Any:
    """The answer to a machine that withdraws."""
    url = f"/bidding/lots/{lot.code}/withdraw"
    return scene.client(bidder).post(url, {"number": number}, content_type="application/json")


def after_the_deadline(scene: Scene) -> tuple[Lot, Account, str]:
    """A lot whose deadline is just over, a bidder and the receipt number of the live envelope."""
    lot, bidder = scene.lot(), scene.world.bidder(1)
    number = str(scene.submit(lot, bidder)["says"]["number"])
    assert lot.deadline is not None
    scene.world.clock.set(lot.deadline)
    return lot, bidder, number


def test_a_late_withdrawal_gets_a_signed_refusal_that_openssl_checks(scene: Scene, tmp_path: Path) -> None:
    lot, bidder, number = after_the_deadline(scene)
    before = scene.world.recorded()
    answer = through_the_door(scene, lot, bidder, number)
    assert (answer.status_code, [one["code"] for one in answer.json()["reasons"]]) == (422, ["bidding.late"])
    assert scene.world.recorded() == [*before, "ledger:veiled:added"]
    assert live_envelopes(lot) != []
    file = answer.json()["receipt"]
    checked = check_receipt(file, authority.roots())
    says = checked.entry.values
    assert (checked.kind, says["withdraws"], says["codes"], says["stamp"]) == (
        "not_withdrawn", number, ("bidding.late",), lot.deadline,
    )  # fmt: skip
    own = f"/bidding/lots/{lot.code}/receipts/{checked.number}"
    assert scene.client(bidder).get(own).json() == file
    assert scene.client(scene.world.bidder(2)).get(own, headers={"accept": "application/json"}).status_code == 404
    parts = {part: scene.client(bidder).get(f"{own}/files/{part}").content for part in ("record", "signature")}
    assert parts == dict(zip(("record", "signature"), parts_of(file), strict=True))
    assert check_with_openssl(tmp_path, parts, authority.roots_pem())
    assert not check_with_openssl(tmp_path, {**parts, "record": parts["record"] + b"\0"}, authority.roots_pem())


def check_with_openssl(folder: Path, parts: dict[str, bytes], roots: str) -> bool:
    """Whether openssl finds the signature of the refusal good."""
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl")
    for name, data in {**parts, "roots.pem": roots.encode()}.items():
        (folder / name).write_bytes(data)
    command = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", "signature", "-content", "record"]
    command += ["-CAfile", "roots.pem", "-purpose", "any", "-attime", "1772413200", "-out", "said"]
    return subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize(("language", "words", "state"), [
    ("zh-hans", "本次拒绝已记录并由平台签名", "撤回被拒绝"),
    ("en", "This refusal is on record and signed", "withdrawal refused"),
])  # fmt: skip
def test_the_bidder_sees_it_on_the_own_pages(scene: Scene, language: str, words: str, state: str) -> None:
    lot, bidder, number = after_the_deadline(scene)
    client = scene.client(bidder)
    client.cookies["sunlight_language"] = language
    page = client.post(f"/bidding/lots/{lot.code}/withdraw", {"number": number})
    given = Refusal.objects.get()
    assert page.status_code == 422
    assert words in page.content.decode()
    assert given.number in page.content.decode()
    assert f'href="/bidding/lots/{lot.code}/"' in page.content.decode()
    desk = client.get(f"/bidding/lots/{lot.code}/").content.decode()
    assert given.number in desk
    assert state in desk
    attempts = client.get(f"/bidding/lots/{lot.code}/attempts").json()["attempts"]
    assert [one["state"] for one in attempts] == ["sealed"]  # an attempt to withdraw is none to bid


@pytest.mark.parametrize("stage", [Stage.CLOSING, Stage.CLOSED, Stage.OPENING, Stage.EVALUATING, Stage.FAILED])
def test_at_every_stage_after_the_deadline_a_withdrawal_is_refused_with_a_signature(scene: Scene, stage: Stage) -> None:
    lot, bidder, number = after_the_deadline(scene)
    scene.world.lot(stage)
    answer = through_the_door(scene, lot, bidder, number)
    assert answer.status_code == 422
    assert check_receipt(answer.json()["receipt"], authority.roots()).entry.values["withdraws"] == number


def test_a_withdrawal_from_a_lot_called_off_and_of_a_number_that_is_none_are_refused_on_record(scene: Scene) -> None:
    lot, bidder = scene.lot(), scene.world.bidder(1)
    unknown = through_the_door(scene, lot, bidder, "no number").json()
    assert [one["code"] for one in unknown["reasons"]] == ["bidding.not_live"]
    says = check_receipt(unknown["receipt"], authority.roots()).entry.values
    assert (says["withdraws"], says["submission"]) == ("", "")
    number = scene.submit(lot, bidder)["says"]["number"]
    scene.world.lot(Stage.TERMINATED)
    over = through_the_door(scene, lot, bidder, number).json()
    assert [one["code"] for one in over["reasons"]] == ["bidding.not_open"]
    assert Refusal.objects.filter(is_withdrawal=True).count() == 2


def test_nobody_fills_the_log_with_refused_withdrawals(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusing, "MOST", 1)
    lot, bidder, number = after_the_deadline(scene)
    through_the_door(scene, lot, bidder, number)
    more = through_the_door(scene, lot, bidder, number)
    assert [one["code"] for one in more.json()["reasons"]] == ["bidding.late", "bidding.too_many_refusals"]
    assert ("receipt" in more.json(), Refusal.objects.count()) == (False, 1)


def test_a_late_withdrawal_of_a_replaced_bid_says_both(scene: Scene) -> None:
    lot, bidder = scene.lot(), scene.world.bidder(1)
    first = scene.submit(lot, bidder)["says"]["number"]
    scene.world.clock.pass_(timedelta(seconds=1))
    scene.submit(lot, bidder)
    assert lot.deadline is not None
    scene.world.clock.set(lot.deadline)
    with pytest.raises(SignedRefusal) as caught:
        withdraw(lot, bidder, first)
    assert caught.value.codes == ["bidding.late", "bidding.not_live"]


def test_at_the_deadline_nothing_is_withdrawn(scene: Scene) -> None:
    lot, bidder = scene.lot(), scene.world.bidder(1)
    number = scene.submit(lot, bidder)["says"]["number"]
    assert lot.deadline is not None
    scene.world.clock.set(lot.deadline)
    with pytest.raises(Refused) as caught:
        withdraw(lot, bidder, number)
    assert caught.value.codes == ["bidding.late"]
    scene.world.clock.set(lot.deadline - timedelta(microseconds=1))
    withdraw(lot, bidder, number)
    assert live_envelopes(lot) == []
