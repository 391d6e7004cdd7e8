"""Every attempt has a trace that the bidder can keep and ask for again (promise P8)."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

import pytest

from bidding.followers import lift_what_came_late
from bidding.models import Envelope, Refusal, Upload
from bidding.submission import refusing
from bidding.submission.receipt import check_receipt
from ledger import feed
from ledger.models import Inner
from tests.bidding.scenes import Scene, Sealed
from trading import authority
from trading.models import Account, Lot
from trading.stages import Stage


def codes(answer: Any) -> list[str]:
    return [reason["code"] for reason in answer.json()["reasons"]]


def signed(answer: Any) -> dict[str, Any]:
    """The signed refusal in an answer, checked."""
    receipt: dict[str, Any] = answer.json()["receipt"]
    assert check_receipt(receipt, authority.roots()).kind == "refused"
    return receipt


def ask_again(scene: Scene, lot: Lot, account: Account) -> list[dict[str, Any]]:
    """What the bidder is told of all attempts; each that has a number gives its file again."""
    found: list[dict[str, Any]] = scene.client(account).get(f"/bidding/lots/{lot.code}/attempts").json()["attempts"]
    for one in found:
        if one["number"]:
            file = scene.client(account).get(f"/bidding/lots/{lot.code}/receipts/{one['number']}").json()
            assert check_receipt(file, authority.roots()).number == one["number"]
    return found


def test_as_many_answers_as_attempts(scene: Scene) -> None:
    """Good, bad header, wrong sheet, cut, given up, duplicate, wrong length, too large, late: each has its answer."""
    lot, other = scene.lots(2)
    me = scene.world.bidder(1)
    states: list[str] = []
    good = scene.seal(lot, me)
    assert scene.send(lot, me, good).status_code == 204
    states.append("sealed")
    assert scene.send(lot, me, good).status_code == 204  # the same again
    states.append("sealed")
    signed(scene.send(lot, me, Sealed(b"PK\x03\x04" + bytes(600), "01" * 16)))
    states.append("refused")
    signed(scene.send(lot, me, Sealed(scene.seal(other, me).data, "02" * 16)))
    states.append("refused")
    whole = scene.seal(lot, me)
    signed(scene.send(lot, me, Sealed(whole.data[:-1], whole.id)))
    states.append("refused")
    cut = scene.seal(lot, me)
    scene.patch(scene.begin(lot, me, cut)["Location"], me, cut.data[:300])
    states.append("open")
    given_up = scene.begin(lot, me, scene.seal(lot, me))["Location"]
    scene.client(me).delete(given_up, HTTP_TUS_RESUMABLE="1.0.0")
    states.append("ended")
    for length, status in (("x", 400), ("0", 422), (str(1 << 40), 413)):
        answer = scene.begin(lot, me, Sealed(b"x", "03" * 16), HTTP_UPLOAD_LENGTH=length)
        assert answer.status_code == status
        signed(answer)
        states.append("refused")
    assert signed(scene.begin(lot, me, Sealed(b"x", "no id")))["says"]["submission"] == ""
    states.append("refused")
    assert lot.deadline is not None
    scene.world.clock.set(lot.deadline)
    late = scene.seal(lot, me)
    for _twice in range(2):
        signed(scene.begin(lot, me, late))
        states.append("refused")
    found = ask_again(scene, lot, me)
    assert sorted(one["state"] for one in found) == sorted(states)
    assert len([one for one in found if one["number"]]) == len(states) - 2  # all but the cut one and the given up one
    assert ask_again(scene, lot, scene.world.bidder(2)) == []
    assert scene.arrived(lot, me, good.id).json()["state"] == "sealed"
    assert scene.arrived(lot, me, cut.id).json()["offset"] == 300
    assert scene.arrived(lot, me, late.id).json()["state"] == "refused"


AFTER = (Stage.CLOSING, Stage.CLOSED, Stage.OPENING, Stage.OPENED, Stage.EVALUATING, Stage.CONTRACTED, Stage.FAILED)


@pytest.mark.parametrize("stage", AFTER)
def test_a_bid_for_a_lot_past_its_deadline_gets_a_signed_refusal_at_every_stage(scene: Scene, stage: Stage) -> None:
    lot, me = scene.lot(), scene.world.bidder(1)
    sealed = scene.seal(lot, me)
    assert lot.deadline is not None
    scene.world.clock.set(lot.deadline + timedelta(days=1))
    scene.world.lot(stage)
    answer = scene.begin(lot, me, sealed)
    assert (answer.status_code, codes(answer)) == (422, ["bidding.late"])
    assert signed(answer)["says"]["submission"] == sealed.id


def test_a_lot_called_off_before_its_deadline_takes_nothing_and_says_so(scene: Scene) -> None:
    lot, me = scene.lot(), scene.world.bidder(1)
    sealed = scene.seal(lot, me)
    url = scene.begin(lot, me, sealed)["Location"]
    scene.world.lot(Stage.TERMINATED)
    for answer in (scene.begin(lot, me, sealed), scene.patch(url, me, sealed.data)):
        assert codes(answer) == ["bidding.not_open"]
        signed(answer)


def test_what_was_stamped_in_time_for_a_lot_called_off_is_refused_and_not_left_over(scene: Scene) -> None:
    from bidding.submission.submitting import decide

    lot, me = scene.lot(), scene.world.bidder(1)
    sealed = scene.seal(lot, me)
    scene.patch(scene.begin(lot, me, sealed)["Location"], me, sealed.data[:-1])
    Upload.objects.update(state=Upload.STAMPED, stamp=scene.world.clock.now(), offset=len(sealed.data))
    scene.world.lot(Stage.TERMINATED)
    given = decide(Upload.objects.get())
    assert isinstance(given, Refusal)
    assert given.codes == ["bidding.not_open"]


def words_of(**declared: str) -> str:
    return ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in declared.items())


@pytest.mark.parametrize(
    ("beside", "named"),
    [
        ({"filename": "某某建设有限公司.slb"}, True),
        ({"id": "甲"}, False),
        ({"id": ""}, False),
        ({"x": "1" * 300}, True),
    ],
)
def test_metadata_that_is_not_taken_is_refused_with_a_signature(
    scene: Scene, beside: dict[str, str], *, named: bool
) -> None:
    lot, me = scene.lot(), scene.world.bidder(1)
    sealed = scene.seal(lot, me)
    words = words_of(**{"lot": lot.code, "id": sealed.id, **beside})
    answer = scene.begin(lot, me, sealed, HTTP_UPLOAD_METADATA=words)
    assert (answer.status_code, codes(answer), answer["Tus-Resumable"]) == (400, ["upload.metadata"], "1.0.0")
    says = signed(answer)["says"]
    assert (says["lot"], says["submission"], says["codes"]) == (
        lot.code, sealed.id if named else "", ["upload.metadata"],
    )  # fmt: skip
    assert [one["number"] for one in ask_again(scene, lot, me)] == [says["number"]]
    assert Upload.objects.count() == 0


def test_metadata_without_a_lot_of_ours_is_refused_without_a_signature(scene: Scene) -> None:
    lot, me = scene.lot(), scene.world.bidder(1)
    sealed = scene.seal(lot, me)
    for words in (words_of(id=sealed.id), words_of(lot="sl-2026-999-1", id=sealed.id, filename="x"), "lot !"):
        answer = scene.begin(lot, me, sealed, HTTP_UPLOAD_METADATA=words)
        assert (answer.status_code, codes(answer), "receipt" in answer.json()) == (400, ["upload.metadata"], False)
    assert Refusal.objects.count() == 0


def test_what_is_veiled_after_the_opening_is_lifted(scene: Scene) -> None:
    lot, me = scene.lot(), scene.world.bidder(1)
    sealed = scene.seal(lot, me)
    assert lot.deadline is not None
    scene.world.clock.set(lot.deadline + timedelta(days=1))
    scene.world.lot(Stage.EVALUATING)
    scene.begin(lot, me, sealed)
    scene.world.sequence()
    assert feed.FOLLOWERS["bidding.late"] is lift_what_came_late
    feed.deliver("bidding.late")
    assert not Inner.objects.filter(scope=lot.code, entry__lifted__isnull=True).exists()
    assert scene.world.recorded()[-1] == "ledger:veiled:lifted"


def test_before_the_opening_the_veil_stays(scene: Scene) -> None:
    lot, me = scene.lot(), scene.world.bidder(1)
    scene.send(lot, me, Sealed(b"PK" + bytes(600), "01" * 16))
    scene.world.sequence()
    feed.deliver("bidding.late")
    assert Inner.objects.filter(scope=lot.code, entry__lifted__isnull=True).count() == 1


def test_nobody_fills_the_log_with_refusals(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusing, "MOST", 3)
    lot, me = scene.lot(), scene.world.bidder(1)
    sealed = scene.seal(lot, me)
    assert lot.deadline is not None
    scene.world.clock.set(lot.deadline)
    for _each in range(3):
        signed(scene.begin(lot, me, sealed))
    more = scene.begin(lot, me, sealed)
    assert (more.status_code, codes(more)) == (422, ["bidding.late", "bidding.too_many_refusals"])
    assert (Refusal.objects.count(), Envelope.objects.count()) == (3, 0)
    assert signed(scene.begin(lot, scene.world.bidder(2), scene.seal(lot, scene.world.bidder(2))))
