"""The very same key registered again: a repeated request changes nothing, before the notice and after it."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import Any

import pytest

from bidding.custody import keys
from bidding.custody import sheets as custody
from bidding.custody.key_statement import key_record
from bidding.models import CustodyKey, CustodyPolicy, Rehearsal, RehearsalShare, Sheet, SheetSignature
from ledger.errors import Refused
from tests.bidding.custody.officers import Officers
from tests.bidding.scenes import Scene
from trading.models import Lot
from trading.stages import Stage

STORED = (CustodyPolicy, CustodyKey, Sheet, SheetSignature, Rehearsal, RehearsalShare)


def stands(scene: Scene) -> tuple[Any, ...]:
    """Every row of custody, and the entries."""
    return (*(list(model.objects.order_by("pk").values()) for model in STORED), scene.world.recorded())


def posted(officers: Officers, label: str) -> Any:
    """The registration of the leaf's present key as a client sends it, signed once more."""
    account, tender, point = officers.account(label), officers.tender, officers.keys[label].recipient.key
    assert account.party is not None
    data = key_record(tender.code, tender.round, label, account.party.credit_code, point)
    form = {"key": b64encode(point).decode(), "signature": b64encode(officers.scene.pen(account).sign(data)).decode()}
    url = f"/bidding/tenders/{tender.code}/key"
    return officers.scene.client(account).post(url, json.dumps(form), content_type="application/json")


@pytest.mark.parametrize("published", [False, True])
def test_the_same_key_again_changes_nothing_and_is_answered_like_the_first_time(scene: Scene, published: bool) -> None:
    officers = Officers(scene)
    lot = officers.notice()[0] if published else officers.prepare()[0]
    before, sheet = stands(scene), custody.sheet_in_force(lot)
    certificate = CustodyKey.objects.get(label="a").certificate
    answer = posted(officers, "a")
    assert (answer.status_code, answer.json()) == (
        200, {"tender": officers.tender.code, "label": "a", "certificate": certificate},
    )  # fmt: skip
    assert stands(scene) == before
    assert custody.sheet_in_force(Lot.objects.get(pk=lot.pk)) == sheet
    assert Rehearsal.objects.get().state == Rehearsal.OPENED


def test_a_new_key_that_waits_for_its_addendum_is_not_undone_by_its_own_repetition(scene: Scene) -> None:
    officers = Officers(scene)
    officers.notice()
    officers.register("c")
    officers.sign()
    officers.rehearse()
    before = stands(scene)
    assert posted(officers, "c").status_code == 200
    assert stands(scene) == before


@pytest.mark.parametrize("published", [False, True])
def test_the_same_key_under_a_renewed_certificate_is_a_change(scene: Scene, published: bool) -> None:
    officers = Officers(scene)
    if published:
        officers.notice()
    else:
        officers.prepare()
    recorded, old = scene.world.recorded(), CustodyKey.objects.get(label="a").certificate
    scene.pens.pop(officers.account("a").username)
    officers.register("a", officers.keys["a"])
    assert CustodyKey.objects.get(label="a").certificate != old
    assert scene.world.recorded() != recorded
    assert Rehearsal.objects.get().state == Rehearsal.VOID


def test_the_same_key_with_somebody_elses_signature_is_refused(scene: Scene) -> None:
    officers = Officers(scene)
    officers.prepare()
    before, agent, point = stands(scene), scene.world.agent, officers.keys["a"].recipient.key
    assert agent.party is not None
    data = key_record(officers.tender.code, 1, "a", agent.party.credit_code, point)
    with pytest.raises(Refused) as refused:
        keys.register_key(officers.tender, point, scene.pen(scene.world.centre).sign(data), actor=agent.actor)
    assert refused.value.codes == ["signature.not_yours"]
    assert stands(scene) == before


def test_the_same_policy_again_changes_nothing(scene: Scene) -> None:
    officers = Officers(scene)
    officers.prepare()
    before = stands(scene)
    url = f"/bidding/tenders/{officers.tender.code}/policy"
    form = json.dumps({"policy": "2(a,c,r)"})
    answer = scene.client(scene.world.agent).post(url, form, content_type="application/json")
    assert (answer.status_code, answer.json()["policy"]) == (200, "2(a,c,r)")
    assert stands(scene) == before


def test_after_the_deadline_the_same_key_is_refused_too(scene: Scene) -> None:
    officers = Officers(scene)
    officers.notice()
    scene.world.lot(Stage.CLOSED)
    before = stands(scene)
    with pytest.raises(Refused) as refused:
        officers.register("a", officers.keys["a"])
    assert refused.value.codes == ["bidding.opening_waits"]
    assert stands(scene) == before
