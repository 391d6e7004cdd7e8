"""Replacing: after the notice a lost key means new sheets by an addendum, and bids under the old ones are stale."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest

from bidding.custody import sheets as custody
from bidding.custody.facts import custody_facts
from bidding.custody.replacing import replace_sheets
from bidding.custody.stale import STALE, stale_blockers
from bidding.desk import live_bids
from bidding.envelope.sheet import sheet_digest
from bidding.models import Envelope, StaleEnvelope
from bidding.submission.closing import close
from bidding.submission.facts import desk_facts
from bidding.submission.standings import live_envelopes
from ledger import veil
from ledger.errors import Refused
from ledger.events import read_entry
from ledger.models import EntryRow
from tests.bidding.custody.officers import Officers
from tests.bidding.scenes import Scene
from trading import progress
from trading.addenda import AddendumDraft, lawful_deadline
from trading.models import Lot, Notice
from trading.stages import Stage

DRAFT = AddendumDraft("补遗二：更换保管人密钥", "中心保管人的密钥遗失，启用新的保管单，投标文件须重新加密递交。")


def noticed(scene: Scene, policy: str = "2(a,c,r)", lots: int = 1) -> tuple[Officers, list[Lot]]:
    officers = Officers(scene, policy)
    return officers, officers.notice(lots)


def fresh(lot: Lot) -> Lot:
    return Lot.objects.select_related("tender").get(pk=lot.pk)


def renew(officers: Officers, label: str = "c") -> None:
    officers.register(label)
    officers.sign()
    officers.rehearse()


def replaced(officers: Officers, draft: AddendumDraft = DRAFT) -> Notice:
    return replace_sheets(officers.tender, draft, actor=officers.scene.world.agent.actor)


def stale_entries(lot: Lot) -> list[tuple[str, ...]]:
    read = [read_entry(bytes(row.inner)) for row in veil.inner_entries(lot.code)]
    return [entry.values["numbers"] for entry in read if entry.tag == "bidding:envelopes:stale"]


def test_a_new_key_changes_nothing_until_the_addendum(scene: Scene) -> None:
    officers, (lot,) = noticed(scene)
    before = custody.sheet_in_force(lot)
    renew(officers)
    assert custody.sheet_in_force(fresh(lot)) == before
    facts = custody_facts(officers.tender, scene.world.agent.actor)
    assert (facts["replacing"], [(one["lot"], one["sealed"]) for one in facts["sheets"]]) == (
        True, [(lot.code, False), (officers.tender.code, True)],
    )  # fmt: skip
    assert scene.submit(lot, scene.world.bidder(1))["says"]["lot"] == lot.code
    assert EntryRow.objects.filter(tag="bidding:sheet:sealed", scope=lot.code).count() == 1


def test_the_addendum_puts_them_in_force_moves_the_deadline_and_makes_bids_stale(scene: Scene) -> None:
    officers, (lot,) = noticed(scene)
    numbers = [scene.submit(lot, scene.world.bidder(n))["says"]["number"] for n in (1, 2)]
    before = custody.sheet_in_force(lot)
    renew(officers)
    scene.world.clock.pass_(timedelta(days=10))
    lawful = lawful_deadline(officers.tender, scene.world.clock.now())
    assert lawful is not None
    assert officers.tender.deadline is not None
    assert lawful > officers.tender.deadline
    notice = replaced(officers)

    after = custody.sheet_in_force(fresh(lot))
    assert {leaf.label for leaf in after.leaves if leaf not in before.leaves} == {"c"}
    assert (fresh(lot).deadline, officers.tender.deadline, notice.kind) == (lawful, lawful, "addendum")
    assert live_envelopes(fresh(lot)) == []
    assert set(StaleEnvelope.objects.values_list("envelope__number", flat=True)) == set(numbers)
    assert stale_entries(lot) == [tuple(sorted(numbers))]
    tags = [row.tag for row in EntryRow.objects.filter(scope__in=[lot.code, officers.tender.code]).order_by("pk")]
    assert tags[-3:] == ["trading:addendum:issued", "trading:deadline:moved", "bidding:sheet:sealed"]


def test_each_bidder_is_told_on_the_own_desk_and_seals_again(scene: Scene) -> None:
    officers, (lot,) = noticed(scene)
    one, two = scene.world.bidder(1), scene.world.bidder(2)
    old = scene.submit(lot, one)["says"]["number"]
    renew(officers)
    replaced(officers)
    told = desk_facts(fresh(lot), one.actor)
    assert told["stale"]["code"] == "bidding.stale"
    assert told["stale"]["receipts"] == [old]
    assert [(row["number"], row["live"], row["stale"]) for row in told["receipts"]] == [(old, False, True)]
    assert desk_facts(fresh(lot), two.actor)["stale"] is None
    assert [item.status.tone for item in live_bids(one.actor, scene.world.clock.now()) if item.status] == ["halt"]
    assert list(live_bids(two.actor, scene.world.clock.now())) == []
    page = scene.client(one).get(f"/bidding/lots/{lot.code}/").content.decode()
    assert old in page

    new = scene.submit(fresh(lot), one)["says"]["number"]
    assert desk_facts(fresh(lot), one.actor)["stale"] is None
    assert [row.number for row in live_envelopes(fresh(lot))] == [new]
    assert [item.status.tone for item in live_bids(one.actor, scene.world.clock.now()) if item.status] == ["good"]


def test_what_is_public_does_not_tell_whether_anybody_had_bid(scene: Scene) -> None:
    """Two lots, one with bids and one without: the log and the page of the lot show the same kinds of things."""
    officers, lots = noticed(scene, lots=2)
    scene.submit(lots[0], scene.world.bidder(1))
    renew(officers)
    since = EntryRow.objects.order_by("-pk").first()
    assert since is not None
    replaced(officers)
    rows = EntryRow.objects.filter(pk__gt=since.pk)
    shown = [[row.tag for row in rows.filter(scope=lot.code).order_by("pk")] for lot in lots]
    assert shown[0] == shown[1]
    assert rows.filter(tag="ledger:veiled:added").count() == 2  # one a lot
    assert {len(bytes(row.leaf)) for row in rows.filter(tag="ledger:veiled:added")} == {
        len(bytes(rows.filter(tag="ledger:veiled:added")[0].leaf))
    }
    assert [len(stale_entries(lot)) for lot in lots] == [1, 1]


def test_what_is_not_complete_is_not_put_in_force(scene: Scene) -> None:
    officers, (lot,) = noticed(scene)
    refusals = []
    for step in (lambda: officers.register("c"), lambda: officers.sign("a", "c"), lambda: officers.sign("r")):
        with pytest.raises(Refused) as refused:
            replaced(officers)
        refusals.append(refused.value.codes)
        step()
    with pytest.raises(Refused) as refused:
        replaced(officers)
    assert [*refusals, refused.value.codes] == [
        ["bidding.no_new_keys"],
        ["bidding.sheets_unsigned", "trading.no_rehearsal"],
        ["bidding.sheets_unsigned", "trading.no_rehearsal"],
        ["trading.no_rehearsal"],
    ]
    officers.rehearse()
    replaced(officers)
    assert sheet_digest(custody.sheet_in_force(fresh(lot))) != b""


def test_a_deadline_that_is_too_early_for_an_addendum_is_refused(scene: Scene) -> None:
    officers, _lots = noticed(scene)
    renew(officers)
    scene.world.clock.pass_(timedelta(days=10))
    with pytest.raises(Refused) as refused:
        replaced(officers, AddendumDraft(DRAFT.title, DRAFT.text, deadline=officers.tender.deadline))
    assert refused.value.codes == ["trading.addendum_late"]


def test_after_the_deadline_nobody_seals_again_and_the_opening_waits(scene: Scene) -> None:
    officers, (lot,) = noticed(scene)
    for number in (1, 2, 3):
        scene.submit(lot, scene.world.bidder(number))
    renew(officers)
    assert lot.deadline is not None
    scene.world.clock.set(lot.deadline)
    with pytest.raises(Refused) as refused:
        replaced(officers)
    assert refused.value.codes == ["bidding.opening_waits"]
    progress.close(fresh(lot))
    close(fresh(lot))
    with pytest.raises(Refused) as refused:
        officers.register("c")
    assert refused.value.codes == ["bidding.opening_waits"]
    assert (fresh(lot).stage, len(live_envelopes(fresh(lot)))) == (Stage.CLOSED, 3)
    facts = custody_facts(officers.tender, scene.world.agent.actor)
    assert next((one["lot"], one["sealed"], one["digest"]) for one in facts["sheets"]) == (
        lot.code, True, sheet_digest(custody.sheet_in_force(fresh(lot))).hex(),
    )  # fmt: skip
    assert facts["replacing"] is False


def test_only_live_fresh_bids_are_counted(scene: Scene) -> None:
    officers, (lot,) = noticed(scene)
    for number in (1, 2, 3, 4):
        scene.submit(lot, scene.world.bidder(number))
    renew(officers)
    replaced(officers)
    again = [scene.submit(fresh(lot), scene.world.bidder(number))["says"]["number"] for number in (1, 2, 3)]
    deadline = fresh(lot).deadline
    assert deadline is not None
    scene.world.clock.set(deadline)
    progress.close(fresh(lot))
    counted = close(fresh(lot))
    assert sorted(row.number for row in counted) == sorted(again)
    assert Envelope.objects.filter(lot=lot).count() == 7


def test_a_bid_on_its_way_while_the_sheet_changes_gets_a_signed_refusal(scene: Scene) -> None:
    officers, (lot,) = noticed(scene)
    bidder = scene.world.bidder(1)
    sealed = scene.seal(lot, bidder)
    begun = scene.begin(lot, bidder, sealed)
    renew(officers)
    replaced(officers)
    answer = scene.patch(begun["Location"], bidder, sealed.data)
    assert answer.status_code == 422
    said = scene.arrived(lot, bidder, sealed.id).json()
    assert (said["state"], said["receipt"]["says"]["codes"]) == ("refused", ["bidding.other_sheet"])


def test_a_withdrawal_of_a_stale_bid_has_nothing_to_withdraw(scene: Scene) -> None:
    officers, (lot,) = noticed(scene)
    bidder = scene.world.bidder(1)
    number = scene.submit(lot, bidder)["says"]["number"]
    renew(officers)
    replaced(officers)
    answer = scene.client(bidder).post(
        f"/bidding/lots/{lot.code}/withdraw", json.dumps({"number": number}), content_type="application/json"
    )
    assert answer.status_code == 422


def test_the_door_takes_it_from_the_agent_alone(scene: Scene) -> None:
    officers, (lot,) = noticed(scene)
    renew(officers)
    body = json.dumps({"title": DRAFT.title, "text": DRAFT.text})
    url = f"/bidding/tenders/{officers.tender.code}/sheets/replace"
    for who in ("centre", "regulator", "purchaser", "stranger"):
        answer = scene.client(getattr(scene.world, who)).post(url, body, content_type="application/json")
        assert answer.status_code in {403, 404}, who
    answer = scene.client(scene.world.agent).post(url, body, content_type="application/json")
    assert (answer.status_code, answer.json()["tender"]) == (200, officers.tender.code)
    assert isinstance(fresh(lot).deadline, datetime)


def test_what_was_looked_at_before_the_sheet_changed_is_not_received_after(scene: Scene) -> None:
    officers, (lot,) = noticed(scene)
    sheet = sheet_digest(custody.sheet_in_force(lot)).hex()
    on_its_way = Envelope(lot=lot, round=1, sheet=sheet)
    assert stale_blockers(on_its_way) == []
    renew(officers)
    replaced(officers)
    assert stale_blockers(on_its_way) == [STALE]
