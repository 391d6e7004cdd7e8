"""Custody: keys, sheets, signatures, and what is refused of them."""

from __future__ import annotations

import pytest

from bidding.custody import keys
from bidding.custody import sheets as custody
from bidding.custody.key_statement import key_record
from bidding.custody.signed_sheet import check_signed_sheet
from bidding.envelope.sheet import read_sheet
from bidding.envelope.x25519 import new_identity
from bidding.models import Sheet, SheetSignature
from ledger.errors import Refused
from ledger.events import read_entry
from ledger.models import EntryRow
from tests.bidding.scenes import CUSTODIANS, Scene
from trading import authority
from trading.models import Account, Lot
from trading.stages import Stage


def draft(scene: Scene) -> Lot:
    return scene.world.lot(Stage.DRAFT)


def register(scene: Scene, lot: Lot, account: Account, key: bytes, *, signer: Account | None = None) -> None:
    label = keys.letter_of(account.actor)
    assert account.party is not None
    data = key_record(lot.tender.code, 1, label, account.party.credit_code, key)
    keys.register_key(lot.tender, key, scene.pen(signer or account).sign(data), actor=account.actor)


def test_three_keys_make_a_sheet_and_three_signatures_put_it_in_force(scene: Scene) -> None:
    lots = scene.lots(2)
    for lot in lots:
        entry = EntryRow.objects.get(tag="bidding:sheet:sealed", scope=lot.code)
        values = read_entry(bytes(entry.leaf)).values
        signatures = {one.label: one.signature for one in values["signatures"]}
        sheet = check_signed_sheet(values["sheet"], signatures, authority.roots(), scene.world.clock.now())
        assert (sheet.lot, sheet.policy, [leaf.label for leaf in sheet.leaves]) == (
            lot.code,
            "2(a,c,r)",
            ["a", "c", "r"],
        )
        keys = {leaf.label: leaf.key for leaf in sheet.leaves}
        assert keys == {name[0]: scene.identities[name].recipient.key for name in CUSTODIANS}


def test_nothing_is_in_force_before_the_last_signature(scene: Scene) -> None:
    lot = draft(scene)
    scene.register_keys(lot.tender)
    sheet = Sheet.objects.get(lot=lot, superseded=False)
    for name in CUSTODIANS[:2]:
        account = getattr(scene.world, name)
        signed = {lot.code: scene.pen(account).sign(bytes(sheet.data))}
        assert custody.sign_sheets(lot.tender, signed, actor=account.actor) == []
    with pytest.raises(Refused) as caught:
        custody.sheet_in_force(lot)
    assert caught.value.codes == ["bidding.no_sheet_in_force"]


def test_a_sheet_is_signed_once_by_each(scene: Scene) -> None:
    lot = draft(scene)
    scene.register_keys(lot.tender)
    scene.sign_sheets(lot.tender)
    account = getattr(scene.world, CUSTODIANS[-1])
    again = {lot.code: scene.pen(account).sign(bytes(Sheet.objects.get(lot=lot, superseded=False).data))}
    with pytest.raises(Refused) as caught:
        custody.sign_sheets(lot.tender, again, actor=account.actor)
    assert caught.value.codes == ["bidding.sheets_signed"]
    assert EntryRow.objects.filter(tag="bidding:sheet:signed", scope=lot.code).count() == len(CUSTODIANS)
    assert EntryRow.objects.filter(tag="bidding:sheet:sealed", scope=lot.code).count() == 1


def test_a_repeated_signature_does_not_stop_the_one_that_is_new(scene: Scene) -> None:
    lot = draft(scene)
    scene.register_keys(lot.tender)
    account, code = getattr(scene.world, CUSTODIANS[0]), lot.tender.code
    data = {lot.code: Sheet.objects.get(lot=lot, superseded=False).data}
    rehearsal = Sheet.objects.get(tender=lot.tender, superseded=False).data
    signed = {lot.code: scene.pen(account).sign(bytes(data[lot.code]))}
    custody.sign_sheets(lot.tender, signed, actor=account.actor)
    first = bytes(SheetSignature.objects.get(sheet__lot=lot).signature)
    signed = {lot.code: scene.pen(account).sign(bytes(data[lot.code])), code: scene.pen(account).sign(bytes(rehearsal))}
    assert custody.sign_sheets(lot.tender, signed, actor=account.actor) == []
    assert bytes(SheetSignature.objects.get(sheet__lot=lot).signature) == first
    assert EntryRow.objects.filter(tag="bidding:sheet:signed", scope=lot.code).count() == 1
    assert EntryRow.objects.filter(tag="bidding:sheet:signed", scope=code).count() == 1


def test_a_new_key_supersedes_the_sheet_and_its_signatures(scene: Scene) -> None:
    lot = draft(scene)
    scene.register_keys(lot.tender)
    scene.sign_sheets(lot.tender)
    first = custody.sheet_in_force(lot)
    register(scene, lot, scene.world.centre, new_identity().recipient.key)
    with pytest.raises(Refused):
        custody.sheet_in_force(lot)
    scene.sign_sheets(lot.tender)
    assert custody.sheet_in_force(lot) != first
    assert EntryRow.objects.filter(tag="bidding:sheet:sealed", scope=lot.code).count() == 2


def test_two_custodians_cannot_hold_one_key(scene: Scene) -> None:
    lot = draft(scene)
    scene.register_keys(lot.tender)
    with pytest.raises(Refused) as caught:
        register(scene, lot, scene.world.centre, scene.identities["agent"].recipient.key)
    assert caught.value.codes == ["bidding.sheet_keys"]
    stands = read_sheet(bytes(Sheet.objects.get(lot=lot, superseded=False).data))
    assert stands.leaves[1].key == scene.identities["centre"].recipient.key


@pytest.mark.parametrize(
    ("key", "code"),
    [(bytes(32), "bidding.low_order"), (b"\xff" * 32, "bidding.point"), (bytes(31), "bidding.point")],
)
def test_a_bad_point_is_no_key(scene: Scene, key: bytes, code: str) -> None:
    lot = draft(scene)
    with pytest.raises(Refused) as caught:
        keys.register_key(lot.tender, key, b"", actor=scene.world.agent.actor)
    assert caught.value.codes == [code]


def test_a_key_is_signed_by_its_own_custodian(scene: Scene) -> None:
    lot = draft(scene)
    with pytest.raises(Refused) as caught:
        register(scene, lot, scene.world.agent, new_identity().recipient.key, signer=scene.world.centre)
    assert caught.value.codes == ["signature.not_yours"]


def test_a_key_for_another_tender_is_not_taken(scene: Scene) -> None:
    lot, agent, key = draft(scene), scene.world.agent, new_identity().recipient.key
    assert agent.party is not None
    data = key_record("sl-2026-999", 1, "a", agent.party.credit_code, key)
    with pytest.raises(Refused) as caught:
        keys.register_key(lot.tender, key, scene.pen(agent).sign(data), actor=agent.actor)
    assert caught.value.codes == ["signature.other_data"]


def test_a_sheet_is_signed_with_the_certificate_that_stands_in_it(scene: Scene) -> None:
    lot = draft(scene)
    scene.register_keys(lot.tender)
    agent, data = scene.world.agent, bytes(Sheet.objects.get(lot=lot, superseded=False).data)
    scene.pens.clear()
    with pytest.raises(Refused) as caught:
        custody.sign_sheets(lot.tender, {lot.code: scene.pen(agent).sign(data)}, actor=agent.actor)
    assert caught.value.codes == ["bidding.other_certificate"]


@pytest.mark.parametrize("who", ["stranger", "purchaser", "operator", "guarantor"])
def test_nobody_else_registers_a_key(scene: Scene, who: str) -> None:
    lot = draft(scene)
    before = scene.world.recorded()
    response = scene.client(getattr(scene.world, who)).post(
        f"/bidding/tenders/{lot.tender.code}/key", {"key": "", "signature": ""}, content_type="application/json"
    )
    assert response.status_code in {403, 404}
    assert scene.world.recorded() == before


def test_after_the_deadline_no_key_changes(scene: Scene) -> None:
    lot = scene.lot()
    scene.world.lot(Stage.CLOSED)
    before = scene.world.recorded()
    with pytest.raises(Refused) as caught:
        register(scene, lot, scene.world.centre, new_identity().recipient.key)
    assert caught.value.codes == ["bidding.opening_waits"]
    assert scene.world.recorded() == before
