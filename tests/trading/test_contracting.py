"""The contract: what was awarded, signed by both sides over one record."""

from __future__ import annotations

import hashlib
from decimal import Decimal

import pytest

from ledger.errors import Refused
from ledger.events import read_entry
from ledger.models import EntryRow
from tests.trading.keys import pen_of
from tests.trading.results import awarded, credit_code_of
from tests.world import World
from trading import contracting, noticing, papers
from trading.awarding import last_award
from trading.models import Contract, Lot, Notice
from trading.records import Body, ContractNotice

AMOUNT = Decimal("9596000.00")


def test_both_sides_sign_and_the_contract_stands(world: World) -> None:
    lot = awarded(world)
    text = papers.add_paper(lot.tender, "contract", "合同.pdf", b"contract", actor=world.agent.actor)
    contract = contracting.draw(lot, AMOUNT, actor=world.agent.actor, paper=text.code)
    record, made = contracting.record_of(contract), last_award(lot)
    assert made is not None
    assert (record.number, record.amount, record.days, record.late) == (contract.number, AMOUNT, 281, "")
    assert record.winner == Body(credit_code_of(world.bidder(1)), "bidder1")
    assert (record.award.hex(), record.text) == (made.notice.digest, hashlib.sha256(b"contract").digest())
    data = bytes(contract.record)

    contracting.sign(lot, pen_of(world.bidder(1)).sign(data), actor=world.bidder(1).actor)
    assert Lot.objects.get().stage == "awarded"
    contracting.sign(lot, pen_of(world.purchaser).sign(data), actor=world.purchaser.actor)

    fresh = Lot.objects.get()
    assert (fresh.stage, fresh.contracted_at) == ("contracted", world.clock.now())
    entry = read_entry(bytes(EntryRow.objects.latest("pk").leaf))
    assert (entry.tag, dict(entry.values)) == (
        "trading:contract:signed",
        {"lot": lot.code, "number": contract.number, "winner": world.bidder(1).actor.organisation, "amount": AMOUNT,
         "digest": hashlib.sha256(data).digest()},
    )  # fmt: skip
    notice = noticing.record_of(Notice.objects.get(kind="contract"))
    assert isinstance(notice, ContractNotice)
    assert (notice.contract, notice.amount, notice.signed) == (
        hashlib.sha256(data).digest(), AMOUNT, world.clock.now(),
    )  # fmt: skip


def test_another_amount_a_second_draft_or_a_lost_text_is_refused(world: World) -> None:
    lot = awarded(world)
    with pytest.raises(Refused) as refusal:
        contracting.draw(lot, AMOUNT + 1, actor=world.agent.actor, paper="nothing")
    assert refusal.value.codes == ["trading.contract_amount", "trading.paper_unknown"]
    contracting.draw(lot, AMOUNT, actor=world.agent.actor)
    with pytest.raises(Refused) as refusal:
        contracting.draw(lot, AMOUNT, actor=world.agent.actor)
    assert refusal.value.codes == ["trading.contract_drawn"]


def test_after_thirty_days_a_reason_is_asked_for(world: World) -> None:
    lot = awarded(world)
    assert lot.next_at is not None
    world.clock.set(lot.next_at)
    with pytest.raises(Refused) as refusal:
        contracting.draw(lot, AMOUNT, actor=world.agent.actor)
    assert refusal.value.codes == ["trading.contract_late"]
    contract = contracting.draw(lot, AMOUNT, actor=world.agent.actor, late="台风")
    assert contracting.record_of(contract).late == "台风"


def test_wrong_signatures_leave_no_trace(world: World) -> None:
    lot = awarded(world)
    with pytest.raises(Refused) as refusal:
        contracting.sign(lot, b"x", actor=world.purchaser.actor)
    assert refusal.value.codes == ["trading.contract_not_drawn"]
    contract = contracting.draw(lot, AMOUNT, actor=world.agent.actor)
    pen, data = pen_of(world.purchaser), bytes(contract.record)
    for signature, actor, code in [
        (pen.sign(data + b"x"), world.purchaser.actor, "signature.other_data"),
        (pen.sign(data), world.bidder(1).actor, "signature.not_yours"),
        (b"not a signature", world.purchaser.actor, "signature.malformed"),
        (pen.sign(data), world.bidder(2).actor, "rights.relation"),
        (pen.sign(data), world.agent.actor, "rights.role"),
    ]:
        with pytest.raises(Refused) as refusal:
            contracting.sign(lot, signature, actor=actor)
        assert refusal.value.codes == [code]
    assert Contract.objects.values_list("purchaser_signature", "winner_signature").get() == (b"", b"")
    contracting.sign(lot, pen.sign(data), actor=world.purchaser.actor)
    with pytest.raises(Refused) as refusal:
        contracting.sign(lot, pen.sign(data), actor=world.purchaser.actor)
    assert refusal.value.codes == ["trading.contract_endorsed"]
