"""Addenda: what matters keeps fifteen days to the deadline, or moves it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from ledger.errors import Refused
from ledger.events import read_entry
from ledger.models import EntryRow
from tests.trading.tenders import DEADLINE, published
from tests.world import World
from trading import addenda, noticing, papers
from trading.addenda import AddendumDraft, lawful_deadline
from trading.models import Lot, Notice, Tender
from trading.records import Addendum, PaperLine

LATE = datetime.fromisoformat("2026-03-12T10:00:00+08:00")
WORDS = ("一号补遗", "清单第 3 项数量改为 320。")


def test_addendum_in_time_keeps_the_deadline(world: World) -> None:
    tender = published(world)
    paper = papers.add_paper(tender, "addendum", "清单.xlsx", b"new", actor=world.agent.actor)
    draft = AddendumDraft(*WORDS, material=True, papers=(paper.code,))
    notice = addenda.issue(tender, draft, actor=world.agent.actor)

    line = PaperLine("addendum", "清单.xlsx", bytes.fromhex(paper.digest), 3)
    assert noticing.record_of(notice) == Addendum(
        tender.code, 1, *WORDS, material=True, issued=world.clock.now(), deadline=DEADLINE, papers=(line,)
    )
    assert [found.code for found in papers.published(tender)][-1] == paper.code
    entry = read_entry(bytes(EntryRow.objects.latest("pk").leaf))
    assert (entry.tag, dict(entry.values)) == (
        "trading:addendum:issued",
        {"tender": tender.code, "number": 1, "digest": bytes.fromhex(notice.digest), "material": True,
         "deadline": DEADLINE},
    )  # fmt: skip


def test_a_late_change_is_refused_without_and_taken_with_a_lawful_deadline(world: World) -> None:
    tender = published(world, lots=2)
    world.clock.set(LATE)
    lawful = lawful_deadline(tender, LATE)
    assert lawful == datetime.fromisoformat("2026-03-27T09:30:00+08:00")
    for deadline in (None, lawful - timedelta(days=1)):
        with pytest.raises(Refused) as refusal:
            addenda.issue(tender, AddendumDraft(*WORDS, material=True, deadline=deadline), actor=world.agent.actor)
        assert refusal.value.codes == ["trading.addendum_late"]
    assert Notice.objects.filter(kind="addendum").count() == 0

    addenda.issue(tender, AddendumDraft(*WORDS, material=True, deadline=lawful), actor=world.agent.actor)

    assert Tender.objects.get().deadline == lawful
    assert list(Lot.objects.values_list("deadline", "next_at")) == [(lawful, lawful)] * 2
    moved = EntryRow.objects.filter(tag="trading:deadline:moved")
    assert [dict(read_entry(bytes(row.leaf)).values) for row in moved] == [
        {"lot": f"{tender.code}-{n}", "old": DEADLINE, "new": lawful} for n in (1, 2)
    ]


def test_a_late_word_that_changes_nothing_is_taken(world: World) -> None:
    tender = published(world)
    world.clock.set(LATE)
    assert addenda.issue(tender, AddendumDraft(*WORDS), actor=world.agent.actor).number == 1
    assert addenda.issue(tender, AddendumDraft(*WORDS), actor=world.agent.actor).number == 2
    assert Tender.objects.get().deadline == DEADLINE


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        ({"deadline": DEADLINE - timedelta(hours=1)}, ["trading.deadline_earlier"]),
        ({"deadline": DEADLINE + timedelta(days=4)}, ["trading.deadline_on_holiday"]),
        ({"papers": ("nothing",)}, ["trading.paper_unknown"]),
    ],
)
def test_what_makes_no_sense_is_refused(world: World, facts: dict[str, object], codes: list[str]) -> None:
    with pytest.raises(Refused) as refusal:
        addenda.issue(published(world), AddendumDraft(*WORDS, **facts), actor=world.agent.actor)  # type: ignore[arg-type]
    assert refusal.value.codes == codes


def test_after_the_deadline_and_by_others_nothing_changes(world: World) -> None:
    tender = published(world)
    other = world.account("other-agent", world.agent.actor.role)
    with pytest.raises(Refused) as refusal:
        addenda.issue(tender, AddendumDraft(*WORDS), actor=other.actor)
    assert refusal.value.codes == ["rights.relation"]
    world.clock.set(DEADLINE)
    with pytest.raises(Refused) as refusal:
        addenda.issue(tender, AddendumDraft(*WORDS), actor=world.agent.actor)
    assert refusal.value.codes == ["trading.addendum_after_deadline"]
