"""The award: after the publicity, with every objection answered, to the first candidate."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from decimal import Decimal

import docx
import pytest

from ledger import objects
from ledger.errors import Refused
from ledger.events import read_entry
from ledger.models import EntryRow
from tests.trading.results import awarded, credit_code_of, in_publicity
from tests.world import World
from trading import awarding, noticing, objections
from trading.awarding import award, award_blockers
from trading.models import Award, Lot
from trading.records import AwardNotice, Body


def test_award_to_the_first_candidate(world: World) -> None:
    lot = awarded(world)
    made = awarding.last_award(lot)
    assert made is not None
    assert (lot.stage, lot.awarded_at) == ("awarded", world.clock.now())
    assert (made.number, made.amount, made.candidate.party.name) == (
        f"{lot.code}-award-1", Decimal("9596000.00"), "bidder1",
    )  # fmt: skip
    record = noticing.record_of(made.notice)
    assert isinstance(record, AwardNotice)
    winner = Body(credit_code_of(world.bidder(1)), "bidder1")
    assert (record.winner, record.amount, record.days, record.contract_until) == (
        winner, Decimal("9596000.00"), 281, datetime.fromisoformat("2026-04-08T00:00:00+08:00"),
    )  # fmt: skip
    assert lot.next_at == record.contract_until
    entry = read_entry(bytes(EntryRow.objects.latest("pk").leaf))
    assert (entry.tag, dict(entry.values)) == (
        "trading:award:noticed",
        {"lot": lot.code, "number": made.number, "winner": made.candidate.party.code, "bid": "bid-1",
         "amount": Decimal("9596000.00"), "digest": bytes.fromhex(made.notice.digest),
         "paper": bytes.fromhex(made.paper.removeprefix("awards/")), "contract_until": record.contract_until},
    )  # fmt: skip


def test_the_award_document_says_the_amount_twice(world: World) -> None:
    made = awarding.last_award(awarded(world))
    assert made is not None
    document = docx.Document(io.BytesIO(objects.read(made.paper)))
    cells = [cell.text for row in document.tables[0].rows for cell in row.cells]
    assert "bidder1" in cells
    assert "玖佰伍拾玖万陆仟元整" in cells
    assert any("9,596,000.00" in cell for cell in cells)
    assert any(made.number in paragraph.text for paragraph in document.paragraphs)


def test_no_award_during_the_publicity_or_over_an_objection(world: World) -> None:
    lot = in_publicity(world)
    made = objections.object_to_result(lot, "报价有误。", actor=world.bidder(2).actor)
    with pytest.raises(Refused) as refusal:
        award(lot, actor=world.purchaser.actor)
    assert refusal.value.codes == ["trading.publicity_not_over", "trading.objection_unanswered"]
    assert lot.publicity_until is not None
    world.clock.set(lot.publicity_until - timedelta(milliseconds=1))
    assert [reason.code for reason in award_blockers(lot, world.clock.now())] == refusal.value.codes
    world.clock.set(lot.publicity_until)
    objections.answer(made, "经复核无误。", actor=world.agent.actor)
    assert award_blockers(lot, world.clock.now()) == []
    assert (Lot.objects.get().stage, Award.objects.count()) == ("publicity", 0)


def test_only_the_purchaser_awards(world: World) -> None:
    lot = in_publicity(world)
    assert lot.publicity_until is not None
    world.clock.set(lot.publicity_until)
    other = world.account("other-purchaser", world.purchaser.actor.role)
    for actor, code in [(world.agent.actor, "rights.role"), (other.actor, "rights.relation")]:
        with pytest.raises(Refused) as refusal:
            award(lot, actor=actor)
        assert refusal.value.codes == [code]
    assert Award.objects.count() == 0
