"""Drafting: by purchaser or agent, unseen by others, silent in the log."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ledger.errors import Absent, Refused
from ledger.events import read_entry
from ledger.models import EntryRow
from tests.trading.tenders import drafted, first_lot, lot_draft, tender_draft
from tests.world import World
from trading import drafting
from trading.access import access_lot, access_tender
from trading.method import LOWEST, WORKED, parse, to_json
from trading.models import Lot, Tender


def test_draft_of_two_lots(world: World) -> None:
    tender = drafted(world, lots=2)
    facts = Tender.objects.values("code", "title", "summary", "procedure", "stage", "round").get()
    assert facts == {
        "code": "sl-2026-0001", "title": "滨海路改造工程", "summary": "道路长 3.2 公里。", "procedure": "construction",
        "stage": "draft", "round": 1,
    }  # fmt: skip
    lots = list(Lot.objects.values("code", "number", "ceiling", "bond", "days", "method", "stage", "deadline"))
    shared = {"ceiling": Decimal(10_000_000), "bond": Decimal(200_000), "days": 300, "stage": "draft", "deadline": None}
    assert lots == [
        {"code": f"{tender.code}-1", "number": 1, "method": to_json(parse(WORKED)), **shared},
        {"code": f"{tender.code}-2", "number": 2, "method": to_json(parse(LOWEST)), **shared},
    ]
    entries = [read_entry(bytes(row.leaf)) for row in EntryRow.objects.order_by("pk")]
    assert [(entry.tag, dict(entry.values)) for entry in entries] == [
        ("trading:tender:drafted", {"tender": tender.code}),
        ("trading:lot:drafted", {"lot": f"{tender.code}-1"}),
        ("trading:lot:drafted", {"lot": f"{tender.code}-2"}),
    ]


def test_codes_count_up_within_the_year(world: World) -> None:
    assert [drafted(world).code, drafted(world).code] == ["sl-2026-0001", "sl-2026-0002"]


def test_one_drafts_for_oneself_and_names_three_bodies(world: World) -> None:
    draft = tender_draft(world, purchaser=world.party("elsewhere").credit_code, agent=world.centre.party.credit_code)  # type: ignore[union-attr]
    with pytest.raises(Refused) as refusal:
        drafting.draft_tender(draft, actor=world.agent.actor)
    assert refusal.value.codes == ["trading.not_your_tender", "trading.parties_same"]
    assert Tender.objects.count() == 0


def test_unknown_party_kind_and_empty_title_are_refused(world: World) -> None:
    for facts, code in [
        ({"centre": "91460100MA99999999"}, "party.unknown"),
        ({"procedure": "barter"}, "trading.procedure_unknown"),
        ({"title": "x"}, "trading.title"),
    ]:
        with pytest.raises(Refused) as refusal:
            drafting.draft_tender(tender_draft(world, **facts), actor=world.agent.actor)
        assert refusal.value.codes == [code]


def test_a_lot_that_makes_no_sense_is_refused_with_every_reason(world: World) -> None:
    tender = drafted(world, lots=0)
    bad = lot_draft(title="", ceiling=Decimal("0.001"), bond=Decimal(-1), days=0)
    with pytest.raises(Refused) as refusal:
        drafting.draft_lot(tender, bad, actor=world.agent.actor)
    assert refusal.value.codes == ["trading.title", "trading.ceiling", "trading.bond", "trading.days"]
    with pytest.raises(Refused) as refusal:
        drafting.draft_lot(tender, lot_draft(method={"kind": "dice"}), actor=world.agent.actor)
    assert refusal.value.codes[0].startswith("trading.method")
    assert Lot.objects.count() == 0


def test_amending_changes_draft_and_lot(world: World) -> None:
    tender = drafted(world)
    drafting.amend_tender(tender, "滨海路", "短", actor=world.purchaser.actor)
    drafting.amend_lot(first_lot(tender), lot_draft(ceiling=None, bond=Decimal(0)), actor=world.agent.actor)
    assert Tender.objects.values_list("title", "summary").get() == ("滨海路", "短")
    assert Lot.objects.values_list("title", "ceiling", "bond").get() == ("一标段", None, Decimal(0))
    assert world.recorded()[-2:] == ["trading:tender:amended", "trading:lot:amended"]


def test_a_draft_is_seen_by_those_around_it_and_absent_for_others(world: World) -> None:
    tender = drafted(world)
    for account in (world.purchaser, world.agent, world.centre, world.regulator):
        assert access_tender("trading:tender:view", account.actor, tender.code) == tender
    for actor in (world.stranger.actor, world.operator.actor):
        with pytest.raises(Absent):
            access_tender("trading:tender:view", actor, tender.code)
        with pytest.raises(Absent):
            access_lot("trading:lot:view", actor, f"{tender.code}-1")


def test_only_its_own_side_amends_a_draft(world: World) -> None:
    tender = drafted(world)
    other = world.account("other-agent", world.agent.actor.role)
    for actor, code in [(other.actor, "rights.relation"), (world.stranger.actor, "rights.role")]:
        with pytest.raises(Refused) as refusal:
            drafting.amend_tender(tender, "Mine now", "", actor=actor)
        assert refusal.value.codes == [code]
    assert Tender.objects.get().title == "滨海路改造工程"
