"""Policies: the agent chooses one for a draft, each leaf has its own person, and every grammar error is refused."""

from __future__ import annotations

import json

import pytest

from bidding.custody import keys
from bidding.custody import sheets as custody
from bidding.custody.choosing import choose_policy
from bidding.custody.facts import custody_facts
from bidding.custody.key_statement import key_record
from bidding.envelope.x25519 import new_identity
from bidding.models import CustodyKey
from ledger.errors import Refused
from ledger.events import read_entry
from ledger.models import EntryRow
from tests.bidding.custody.officers import Officers
from tests.bidding.scenes import Scene
from trading.models import Account
from trading.stages import Stage

NESTED = "2(1(a1,a2),1(c1,c2),r)"


def codes_of(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return refused.value.codes


@pytest.mark.parametrize(
    ("policy", "code"),
    [
        ("2(a,c,r", "bidding.policy_grammar"),
        ("2(a, c,r)", "bidding.policy_grammar"),
        ("9(a,c,r)", "bidding.policy_grammar"),
        ("2(b1,a,c)", "bidding.policy_grammar"),
        ("2(a)", "bidding.policy_grammar"),
        ("4(a,c,r)", "bidding.policy_quorum"),
        ("2(a,a,c)", "bidding.policy_twice"),
        ("2(1(1(1(a,c),r),c1),r1)", "bidding.policy_depth"),
        ("2(1(a1,a2,a3,a4,a5,a6,a7,a8),1(a9,c1,c2,c3,c4,c5,c6,c7),1(c8,c9,r))", "bidding.policy_leaves"),
        ("1(a,c)", "bidding.policy_one_body"),
        ("2(a1,a2,c)", "bidding.policy_one_body"),
        ("2(b,1(a,c))", "bidding.policy_one_body"),
        ("2(a,c,x)", "bidding.policy_body"),
    ],
)
def test_a_policy_that_breaks_a_rule_is_refused_with_its_code(scene: Scene, policy: str, code: str) -> None:
    tender = scene.world.lot(Stage.DRAFT).tender
    before = scene.world.recorded()
    answer = scene.client(scene.world.agent).post(
        f"/bidding/tenders/{tender.code}/policy", json.dumps({"policy": policy}), content_type="application/json"
    )
    assert (answer.status_code, [one["code"] for one in answer.json()["reasons"]]) == (422, [code])
    assert scene.world.recorded() == before


def test_without_a_choice_the_default_holds_and_a_choice_is_an_entry(scene: Scene) -> None:
    tender = scene.world.lot(Stage.DRAFT).tender
    agent = scene.world.agent
    assert custody_facts(tender, agent.actor)["policy"] == "2(a,c,r)"
    answer = scene.client(agent).post(
        f"/bidding/tenders/{tender.code}/policy", json.dumps({"policy": NESTED}), content_type="application/json"
    )
    assert answer.json()["policy"] == NESTED
    entry = EntryRow.objects.get(tag="bidding:policy:chosen")
    assert (entry.scope, dict(read_entry(bytes(entry.leaf)).values)) == (
        tender.code, {"tender": tender.code, "round": 1, "policy": NESTED},
    )  # fmt: skip
    facts = custody_facts(tender, agent.actor)
    assert (facts["policy"], facts["labels"], facts["label"], facts["missing"], facts["may_choose"]) == (
        NESTED, ["a1", "a2"], "", ["a1", "a2", "c1", "c2", "r"], True,
    )  # fmt: skip


@pytest.mark.parametrize("who", ["centre", "regulator", "purchaser", "stranger", "operator"])
def test_nobody_but_the_agent_chooses(scene: Scene, who: str) -> None:
    tender = scene.world.lot(Stage.DRAFT).tender
    with pytest.raises(Refused) as refused:
        choose_policy(tender, NESTED, actor=getattr(scene.world, who).actor)
    assert codes_of(refused) == ["rights.role"]


def test_another_agent_and_a_published_tender_are_refused(scene: Scene) -> None:
    tender = scene.world.lot(Stage.DRAFT).tender
    other = scene.world.account("other agent", role=scene.world.agent.actor.role)
    with pytest.raises(Refused) as refused:
        choose_policy(tender, NESTED, actor=other.actor)
    assert codes_of(refused) == ["rights.relation"]
    scene.world.lot(Stage.BIDDING)
    with pytest.raises(Refused) as refused:
        choose_policy(tender, NESTED, actor=scene.world.agent.actor)
    assert codes_of(refused) == ["rights.stage"]


@pytest.mark.parametrize("policy", [NESTED, "2(a,c)", "3(a,c,r)", "2(b,2(a,c,r))", "2(1(a1,a2),1(c,r))"])
def test_every_leaf_is_a_person_with_a_key_and_all_sign_the_whole(scene: Scene, policy: str) -> None:
    officers = Officers(scene, policy)
    lot = officers.prepare()[0]
    sheet = custody.sheet_in_force(lot)
    assert (sheet.policy, [leaf.label for leaf in sheet.leaves]) == (policy, officers.labels)
    assert {leaf.label: leaf.key for leaf in sheet.leaves} == {
        label: key.recipient.key for label, key in officers.keys.items()
    }
    assert len({leaf.certificate for leaf in sheet.leaves}) == len(sheet.leaves)
    entry = EntryRow.objects.get(tag="bidding:sheet:sealed", scope=lot.code)
    signed = [one.label for one in read_entry(bytes(entry.leaf)).values["signatures"]]
    assert signed == sorted(officers.labels)


def test_a_leaf_of_another_body_or_of_nobody_is_refused(scene: Scene) -> None:
    officers = Officers(scene, NESTED)
    scene.world.lot(Stage.DRAFT)
    officers.choose()
    agent = officers.account("a1")
    for label in ("c1", "a", "a3", "r", ""):
        with pytest.raises(Refused) as refused:
            _register(officers, agent, label)
        assert codes_of(refused) == ["bidding.wrong_leaf"], label


def _register(officers: Officers, account: Account, label: str, key: bytes | None = None) -> None:
    tender, point = officers.tender, key or new_identity().recipient.key
    assert account.party is not None
    data = key_record(tender.code, 1, label or "a1", account.party.credit_code, point)
    keys.register_key(tender, point, officers.scene.pen(account).sign(data), actor=account.actor, label=label)


def test_one_person_holds_one_leaf_and_one_key_stands_once(scene: Scene) -> None:
    officers = Officers(scene, NESTED)
    scene.world.lot(Stage.DRAFT)
    officers.choose()
    officers.register("a1")
    with pytest.raises(Refused) as refused:
        _register(officers, officers.account("a1"), "a2")
    assert codes_of(refused) == ["bidding.one_leaf"]
    with pytest.raises(Refused) as refused:
        _register(officers, officers.account("a2"), "a2", officers.keys["a1"].recipient.key)
    assert codes_of(refused) == ["bidding.sheet_keys"]
    assert list(CustodyKey.objects.values_list("label", flat=True)) == ["a1"]


def test_the_signature_is_bound_to_the_label(scene: Scene) -> None:
    officers = Officers(scene, NESTED)
    scene.world.lot(Stage.DRAFT)
    officers.choose()
    agent, point = officers.account("a2"), new_identity().recipient.key
    assert agent.party is not None
    data = key_record(officers.tender.code, 1, "a1", agent.party.credit_code, point)
    with pytest.raises(Refused) as refused:
        keys.register_key(officers.tender, point, scene.pen(agent).sign(data), actor=agent.actor, label="a2")
    assert codes_of(refused) == ["signature.other_data"]


def test_another_choice_drops_keys_of_lost_leaves_and_every_signature(scene: Scene) -> None:
    officers = Officers(scene, NESTED)
    lot = officers.prepare()[0]
    officers.policy = "2(a1,c1,r)"
    officers.choose()
    assert sorted(CustodyKey.objects.values_list("label", flat=True)) == ["a1", "c1", "r"]
    with pytest.raises(Refused) as refused:
        custody.sheet_in_force(lot)
    assert codes_of(refused) == ["bidding.no_sheet_in_force"]
    assert officers.sign() == [lot.code, officers.tender.code]
    assert custody.sheet_in_force(lot).policy == "2(a1,c1,r)"


def test_a_lot_drafted_after_the_keys_has_its_sheet_too(scene: Scene) -> None:
    officers = Officers(scene)
    officers.prepare()
    second = scene.world.lot(Stage.DRAFT, 2)
    facts = custody_facts(officers.tender, scene.world.agent.actor)
    assert [(one["lot"], one["sealed"], one["signed_by_me"]) for one in facts["sheets"]] == [
        ("sl-2026-001-1", True, True), (second.code, False, False), ("sl-2026-001", True, True),
    ]  # fmt: skip
    assert officers.sign() == [second.code]
    assert custody.sheet_in_force(second).lot == second.code
