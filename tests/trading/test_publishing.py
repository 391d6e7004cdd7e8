"""Publishing: the notice is one record with a lawful timetable, or every reason against it."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from ledger import objects
from ledger.canon import encode
from ledger.errors import Refused
from ledger.events import read_entry
from ledger.models import EntryRow
from tests.trading.tenders import DEADLINE, drafted, entered, first_lot, lot_draft, published, ready
from tests.world import MORNING, World
from trading import drafting, noticing, papers
from trading.models import Lot, Notice, Tender
from trading.publishing import CUSTODY, REHEARSED, publication_blockers, publish, suggested_deadline, timetable_of
from trading.records import TenderNotice


def codes(tender: Tender, deadline: datetime | None = DEADLINE) -> list[str]:
    return [reason.code for reason in publication_blockers(tender, deadline, MORNING)]


def test_publish_two_lots(world: World) -> None:
    tender = ready(world, lots=2)
    notice = publish(tender, DEADLINE, actor=world.agent.actor)

    fresh = Tender.objects.get()
    assert (fresh.stage, fresh.published_at, fresh.deadline) == ("published", MORNING, DEADLINE)
    lots = list(Lot.objects.values_list("stage", "deadline", "next_at"))
    assert lots == [("bidding", DEADLINE, DEADLINE)] * 2
    record = noticing.record_of(notice)
    assert isinstance(record, TenderNotice)
    assert (record.tender, record.published, record.deadline) == (tender.code, MORNING, DEADLINE)
    assert [(lot.code, lot.ceiling, lot.bond, lot.days) for lot in record.lots] == [
        (f"{tender.code}-{n}", Decimal(10_000_000), Decimal(200_000), 300) for n in (1, 2)
    ]
    assert [(paper.kind, paper.name) for paper in record.papers] == [
        ("tender_document", "招标文件.pdf"), ("review_record", "公平竞争审查.pdf"),
    ]  # fmt: skip
    assert [(mark.name, mark.at.isoformat()) for mark in timetable_of(fresh)] == [
        ("noticed", "2026-03-02T09:00:00+08:00"),
        ("documents_at_least_until", "2026-03-10T00:00:00+08:00"),
        ("clarification_until", "2026-03-10T00:00:00+08:00"),
        ("objection_to_papers_until", "2026-03-15T00:00:00+08:00"),
        ("deadline", "2026-03-24T09:30:00+08:00"),
        ("opening", "2026-03-24T09:30:00+08:00"),
    ]
    assert [mark.name for mark in record.timetable] == [mark.name for mark in timetable_of(fresh)]
    assert objects.read(f"notices/{notice.digest}") == encode(record)
    assert hashlib.sha256(encode(record)).hexdigest() == notice.digest
    published_entry = read_entry(bytes(EntryRow.objects.get(tag="trading:notice:published").leaf))
    assert dict(published_entry.values) == {
        "tender": tender.code, "digest": bytes.fromhex(notice.digest), "published": MORNING, "deadline": DEADLINE,
        "timetable": record.timetable,
    }  # fmt: skip
    assert list(EntryRow.objects.filter(tag="trading:lot:noticed").values_list("scope", flat=True)) == [
        f"{tender.code}-1", f"{tender.code}-2",
    ]  # fmt: skip


def test_an_empty_draft_lacks_everything_at_once(world: World) -> None:
    tender = drafted(world, lots=0)
    assert codes(tender, None) == [
        "trading.no_lots", "trading.paper_missing", "trading.paper_missing", "trading.no_rehearsal",
        "trading.deadline_missing",
    ]  # fmt: skip


def test_no_notice_before_the_rehearsal(world: World) -> None:
    tender = drafted(world)
    for kind in ("tender_document", "review_record"):
        papers.add_paper(tender, kind, f"{kind}.pdf", kind.encode(), actor=world.agent.actor)
    entered(world, CUSTODY, first_lot(tender).code)
    assert codes(tender) == ["trading.no_rehearsal"]
    entered(world, REHEARSED, tender.code)
    assert codes(tender) == []


@pytest.mark.parametrize("undoing", ["bidding:key:registered", "bidding:policy:chosen"])
def test_a_later_key_or_policy_undoes_sheets_and_rehearsal(world: World, undoing: str) -> None:
    tender = ready(world)
    entered(world, undoing, tender.code)
    assert codes(tender) == ["trading.no_custody_sheet", "trading.no_rehearsal"]
    entered(world, CUSTODY, first_lot(tender).code)
    entered(world, REHEARSED, "sl-2026-9999")  # another tender's
    assert codes(tender) == ["trading.no_rehearsal"]


def test_no_notice_before_the_custody_sheet(world: World) -> None:
    tender = ready(world)
    drafting.draft_lot(tender, lot_draft(title="晚到的标段"), actor=world.agent.actor)
    with pytest.raises(Refused) as refusal:
        publish(tender, DEADLINE, actor=world.agent.actor)
    assert [(reason.code, reason.facts) for reason in refusal.value.reasons] == [
        ("trading.no_custody_sheet", {"lot": f"{tender.code}-2"})
    ]
    assert (Tender.objects.get().stage, Notice.objects.count()) == ("draft", 0)


@pytest.mark.parametrize(
    ("deadline", "code"),
    [
        (DEADLINE - timedelta(days=5), "trading.deadline_too_early"),
        (DEADLINE + timedelta(days=4), "trading.deadline_on_holiday"),  # a Saturday
        (DEADLINE.replace(microsecond=1), "trading.deadline_not_whole_second"),
        (datetime.fromisoformat("2031-03-24T09:30:00+08:00"), "trading.holidays_missing"),
    ],
)
def test_an_unlawful_deadline_is_refused(world: World, deadline: datetime, code: str) -> None:
    assert codes(ready(world), deadline) == [code]


def test_a_bond_over_two_percent_or_without_ceiling_is_refused(world: World) -> None:
    tender = ready(world)
    drafting.amend_lot(first_lot(tender), lot_draft(bond=Decimal("200000.01")), actor=world.agent.actor)
    assert codes(tender) == ["trading.bond_too_large"]
    drafting.amend_lot(first_lot(tender), lot_draft(ceiling=None), actor=world.agent.actor)
    assert codes(tender) == ["trading.bond_without_ceiling"]
    drafting.amend_lot(first_lot(tender), lot_draft(ceiling=None, bond=Decimal(0)), actor=world.agent.actor)
    assert codes(tender) == []


def test_publishing_twice_or_by_others_is_refused(world: World) -> None:
    tender = published(world)
    for actor, code in [(world.agent.actor, "rights.stage"), (world.centre.actor, "rights.role")]:
        with pytest.raises(Refused) as refusal:
            publish(tender, DEADLINE, actor=actor)
        assert refusal.value.codes == [code]
    assert Notice.objects.count() == 1


def test_the_suggested_deadline_is_lawful(world: World) -> None:
    tender = ready(world)
    suggested = suggested_deadline(tender, MORNING)
    assert suggested.isoformat() == "2026-03-23T09:30:00+08:00"
    assert codes(tender, suggested) == []
