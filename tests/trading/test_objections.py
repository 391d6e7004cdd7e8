"""Objections: in time or refused, answered before anything goes on, and read by whom they concern."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from ledger.errors import Absent, Refused
from ledger.events import read_entry
from ledger.models import EntryRow, Inner
from tests.trading.results import in_publicity
from tests.trading.tenders import first_lot, published
from tests.world import World
from trading import objections
from trading.handles import handle_for
from trading.models import Objection
from trading.objections import PAPERS, RESULT
from trading.questions import digest_of

TEXT = "招标文件第 5 条排斥潜在投标人。"
ANSWER = "该条按国家标准设置，详见答复。"
TEN_DAYS = datetime.fromisoformat("2026-03-15T00:00:00+08:00")


def test_objection_to_papers_lies_under_a_handle(world: World) -> None:
    lot = first_lot(published(world))
    made = objections.object_to_papers(lot, TEXT, actor=world.bidder(1).actor)
    row: object = Objection.objects.values("about", "handle", "party", "text", "answer").get()
    assert row == {
        "about": "papers", "handle": handle_for(lot, world.bidder(1).actor), "party": None, "text": TEXT, "answer": "",
    }  # fmt: skip
    inner = read_entry(bytes(Inner.objects.get(scope=lot.code).inner))
    assert dict(inner.values) == {
        "lot": lot.code, "objection": made.code, "about": "papers", "text": digest_of(TEXT),
        "answer_until": objections.answer_due(made),
    }  # fmt: skip
    assert objections.answer_due(made).isoformat() == "2026-03-06T00:00:00+08:00"


def test_objection_to_papers_comes_ten_days_before_the_deadline(world: World) -> None:
    lot = first_lot(published(world))
    world.clock.set(TEN_DAYS - timedelta(milliseconds=1))
    objections.object_to_papers(lot, TEXT, actor=world.bidder(1).actor)
    world.clock.set(TEN_DAYS)
    with pytest.raises(Refused) as refusal:
        objections.object_to_papers(lot, TEXT, actor=world.bidder(2).actor)
    assert refusal.value.codes == ["trading.objection_late"]
    assert Objection.objects.count() == 1


def test_objection_to_the_result_is_open_and_blocks_until_answered(world: World) -> None:
    lot = in_publicity(world)
    made = objections.object_to_result(lot, TEXT, actor=world.bidder(4).actor)
    entry = read_entry(bytes(EntryRow.objects.latest("pk").leaf))
    assert (entry.tag, entry.values["about"]) == ("trading:objection:made", "result")
    assert [reason.code for reason in objections.unanswered_blockers(lot, RESULT)] == ["trading.objection_unanswered"]
    objections.answer(made, ANSWER, actor=world.purchaser.actor)
    assert objections.unanswered_blockers(lot, RESULT) == []
    assert Objection.objects.values_list("answer", "answered_at").get() == (ANSWER, world.clock.now())
    answered = read_entry(bytes(EntryRow.objects.latest("pk").leaf))
    assert dict(answered.values) == {
        "lot": lot.code, "objection": made.code, "about": "result", "text": digest_of(ANSWER),
    }  # fmt: skip


def test_the_answer_about_papers_is_veiled_too(world: World) -> None:
    lot = first_lot(published(world))
    made = objections.object_to_papers(lot, TEXT, actor=world.bidder(1).actor)
    objections.answer(made, ANSWER, actor=world.agent.actor)
    assert Inner.objects.filter(scope=lot.code).count() == 2
    with pytest.raises(Refused) as refusal:
        objections.answer(Objection.objects.get(), ANSWER, actor=world.agent.actor)
    assert refusal.value.codes == ["trading.answered"]


def test_only_who_took_part_objects_to_the_result_and_only_in_time(world: World) -> None:
    lot = in_publicity(world)
    with pytest.raises(Refused) as refusal:
        objections.object_to_result(lot, TEXT, actor=world.stranger.actor)
    assert refusal.value.codes == ["rights.relation"]
    assert lot.publicity_until is not None
    world.clock.set(lot.publicity_until)
    with pytest.raises(Refused) as refusal:
        objections.object_to_result(lot, TEXT, actor=world.bidder(1).actor)
    assert refusal.value.codes == ["trading.objection_late"]
    assert Objection.objects.count() == 0


def test_who_reads_objections(world: World) -> None:
    lot = first_lot(published(world))
    made = objections.object_to_papers(lot, TEXT, actor=world.bidder(1).actor)
    for account in (world.bidder(1), world.agent, world.purchaser, world.regulator):
        assert list(objections.readable(lot, account.actor)) == [made]
    for account in (world.stranger, world.operator, world.guarantor):
        assert list(objections.readable(lot, account.actor)) == []
    with pytest.raises(Absent):
        objections.access_objection(world.bidder(1).actor, made.code)
    assert objections.unanswered(lot, PAPERS).count() == 1
