"""From the last decided envelope to the signed record: prices together, objections, confirmations, two signatures."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache

from bidding import followers
from bidding.hall import entering as hall
from bidding.hall import objections, reading, record
from bidding.hall.opening_record import OpeningRecord
from bidding.models import Bid, HallObjection
from bidding.models.opening import OPENED
from bidding.opening import bids
from bidding.opening.due import read_if_due, send
from bidding.opening.opening import Outcome, decide, open_bid
from bidding.opening.quorum import given_for
from bidding.submission.refusing import door_blockers, refuse_at_door
from bidding.tasks import decrypt
from config.celery import app
from ledger import feed, objects
from ledger.canon import decode
from ledger.errors import Conflict, Refused
from ledger.events import read_entry
from ledger.models import EntryRow, Inner
from tests.bidding.full_hall import Hall, Offer
from tests.world import World
from trading.stages import Stage

PRICES = {1: Decimal("9123456.78"), 2: Decimal("8765432.10"), 3: Decimal("10000000.01")}


@pytest.fixture
def stage(world: World) -> Hall:
    made = Hall(world)
    for number, price in PRICES.items():
        made.submit(number, Offer(price))
    made.count()
    made.open()
    return made


def read_out(stage: Hall) -> None:
    """Two custodians come, everything is decrypted and read."""
    stage.release("a")
    stage.release("c")
    for bid in Bid.objects.order_by("number"):
        decrypt(bid.code)
    stage.world.sequence()
    read_if_due(stage.fresh())
    stage.world.sequence()
    stage.fresh()


def refusal_of(run: object, *arguments: object, **named: object) -> list[str]:
    """The codes with which a call is refused."""
    with pytest.raises(Refused) as refusal:
        run(*arguments, **named)  # type: ignore[operator]
    return refusal.value.codes


def signed(stage: Hall, username: str) -> bytes:
    """The signature of host or witness over the record as it stands."""
    return stage.signer(stage.world.accounts[username]).sign(record.record_bytes(stage.fresh()))


def test_prices_are_read_together_after_the_last_envelope(stage: Hall) -> None:
    stage.release("a")
    stage.release("c")
    codes = [bid.code for bid in Bid.objects.order_by("number")]
    for code in codes[:2]:
        decrypt(code)
    assert refusal_of(reading.read_prices, stage.fresh()) == ["bidding.undecided"]
    assert reading.readout_of(stage.lot) is None
    decrypt(codes[2])
    found = reading.readout_of(stage.fresh())
    assert found is not None
    assert {bid.number: bid.price for bid in found.bids} == PRICES
    assert [(bid.name, bid.days, bid.invalid) for bid in found.bids] == [
        ("bidder1", 120, ""), ("bidder2", 120, ""), ("bidder3", 120, "bidding.above_ceiling"),
    ]  # fmt: skip
    entry = read_entry(bytes(EntryRow.objects.get(tag="bidding:prices:read").leaf))
    assert entry.values["bids"] == found.bids
    assert stage.world.recorded().count("bidding:prices:read") == 1


def test_prices_are_read_once(stage: Hall) -> None:
    read_out(stage)
    assert refusal_of(reading.read_prices, stage.lot) == ["bidding.prices_read"]
    assert read_if_due(stage.lot) == 0


def test_reading_lifts_every_veil_of_the_lot(stage: Hall) -> None:
    hall.sign_in(stage.lot, actor=stage.world.bidder(1).actor)
    stage.release("a")
    stage.release("c")
    hall.sign_in(stage.lot, actor=stage.world.bidder(2).actor)
    for bid in Bid.objects.all():
        open_bid(bid.code)
    assert refusal_of(reading.read_prices, stage.lot) == ["ledger.veil_waiting"]
    stage.world.sequence()
    reading.read_prices(stage.lot)
    assert not Inner.objects.filter(scope=stage.lot.code, entry__lifted__isnull=True).exists()
    assert stage.world.recorded().count("ledger:veiled:lifted") == 5


def test_a_long_read_out_is_an_object_and_the_entry_names_it(stage: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "INLINE", 100)
    read_out(stage)
    entry = read_entry(bytes(EntryRow.objects.get(tag="bidding:prices:read").leaf))
    table = objects.read(f"readouts/{entry.values['table'].hex()}")
    assert (entry.values["bids"], hashlib.sha256(table).digest()) == ((), entry.values["table"])
    found = reading.readout_of(stage.lot)
    assert found is not None
    assert len(found.bids) == 3


def test_a_failed_envelope_is_named_with_its_side(world: World) -> None:
    stage = Hall(world)
    for number in (1, 2, 3):
        stage.submit(number, Offer(signature=b"none") if number == 2 else None)
    stage.count()
    stage.open()
    read_out(stage)
    found = reading.readout_of(stage.lot)
    assert found is not None
    assert [(bid.number, bid.name, bid.reason, bid.side) for bid in found.failed] == [
        (2, "bidder2", "signature.malformed", "bidder")
    ]
    assert [bid.number for bid in found.bids] == [1, 3]


def test_the_follower_sends_one_task_an_envelope_and_not_twice(stage: Hall) -> None:
    cache.clear()
    assert send(stage.lot) == 0
    stage.release("a")
    stage.release("r")
    with app.connection_for_write() as connection:
        queue = connection.SimpleQueue("celery")
        queue.clear()
        assert followers.decrypt_when_complete is feed.FOLLOWERS["bidding.opening"]
        feed.deliver("bidding.opening")
        sent = [queue.get_nowait().payload[0] for _ in range(queue.qsize())]
    assert sent == [[bid.code] for bid in Bid.objects.order_by("number")]
    assert send(stage.lot) == 0


def test_whoever_is_slower_changes_nothing(stage: Hall) -> None:
    stage.release("a")
    stage.release("c")
    bid = Bid.objects.select_related("lot__tender", "envelope").get(number=1)
    open_bid(bid.code)
    with pytest.raises(Conflict):
        decide(bid, Outcome("failed", "x", "other"), given_for(stage.lot, bid.envelope.number))
    assert Bid.objects.get(number=1).state == OPENED


def test_nothing_is_said_to_the_record_before_the_prices(stage: Hall) -> None:
    bidder = stage.world.bidder(1).actor
    assert refusal_of(objections.raise_objection, stage.lot, "x", actor=bidder) == ["bidding.prices_not_read"]
    assert refusal_of(record.confirm, stage.lot, actor=bidder) == ["bidding.prices_not_read"]
    assert refusal_of(record.sign_record, stage.lot, b"", actor=stage.world.agent.actor) == ["bidding.prices_not_read"]
    assert refusal_of(record.record_bytes, stage.lot) == ["bidding.prices_not_read"]


def test_objections_are_answered_before_the_host_signs(stage: Hall) -> None:
    read_out(stage)
    for number in PRICES:
        record.confirm(stage.lot, actor=stage.world.bidder(number).actor)
    made = objections.raise_objection(stage.lot, "唱标顺序有误", actor=stage.world.bidder(2).actor)
    assert refusal_of(record.sign_record, stage.lot, b"", actor=stage.world.agent.actor) == ["bidding.objection_open"]
    agent = stage.world.agent.actor
    assert refusal_of(objections.answer_objection, stage.lot, made.code, "", actor=agent) == ["bidding.text_length"]
    objections.answer_objection(stage.lot, made.code, "已核对", actor=agent)
    assert refusal_of(objections.answer_objection, stage.lot, made.code, "x", actor=agent) == ["bidding.answered"]
    record.sign_record(stage.lot, signed(stage, "agent"), actor=agent)
    assert refusal_of(objections.raise_objection, stage.lot, "y", actor=stage.world.bidder(2).actor) == [
        "bidding.record_signed"
    ]
    entry = read_entry(bytes(EntryRow.objects.get(tag="bidding:objection:raised").leaf))
    assert entry.values["text"] == hashlib.sha256("唱标顺序有误".encode()).digest()


def test_an_objection_after_its_window_is_refused(stage: Hall) -> None:
    read_out(stage)
    stage.world.clock.pass_(timedelta(minutes=10))
    assert refusal_of(objections.raise_objection, stage.lot, "late", actor=stage.world.bidder(1).actor) == [
        "bidding.objections_over"
    ]
    assert not HallObjection.objects.exists()


def test_silence_is_acceptance_after_the_window(stage: Hall) -> None:
    read_out(stage)
    record.confirm(stage.lot, actor=stage.world.bidder(1).actor)
    assert refusal_of(record.confirm, stage.lot, actor=stage.world.bidder(1).actor) == ["bidding.confirmed"]
    agent = stage.world.agent.actor
    assert refusal_of(record.sign_record, stage.lot, b"", actor=agent) == ["bidding.confirmations_open"]
    stage.world.clock.pass_(timedelta(minutes=15))
    record.sign_record(stage.lot, signed(stage, "agent"), actor=agent)
    found = decode(OpeningRecord, record.record_bytes(stage.fresh()))
    assert [bid.confirmation for bid in found.bids] == ["confirmed", "silent", "silent"]


def test_host_and_witness_sign_the_same_bytes_and_the_lot_is_opened(stage: Hall) -> None:
    hall.sign_in(stage.lot, actor=stage.world.bidder(3).actor)
    read_out(stage)
    stage.world.clock.pass_(timedelta(minutes=15))
    centre, agent = stage.world.centre.actor, stage.world.agent.actor
    assert refusal_of(record.sign_record, stage.lot, b"", actor=centre) == ["bidding.host_first"]
    assert refusal_of(record.sign_record, stage.lot, b"junk", actor=agent) == ["signature.malformed"]
    assert refusal_of(record.sign_record, stage.lot, signed(stage, "centre"), actor=agent) == ["signature.not_yours"]
    first = record.sign_record(stage.lot, signed(stage, "agent"), actor=agent)
    assert stage.fresh().stage == Stage.OPENING
    assert refusal_of(record.sign_record, stage.lot, signed(stage, "agent"), actor=agent) == ["bidding.signed_already"]
    last = record.sign_record(stage.lot, signed(stage, "centre"), actor=centre)
    assert stage.fresh().stage == Stage.OPENED
    found = decode(OpeningRecord, objects.read(first.hall.record))
    assert [(bid.name, bid.price, bid.signed_in, bid.confirmation) for bid in found.bids] == [
        ("bidder1", PRICES[1], False, "silent"),
        ("bidder2", PRICES[2], False, "silent"),
        ("bidder3", PRICES[3], True, "silent"),
    ]
    assert [one.leaf for one in found.custodians] == ["a", "c"]
    entry = read_entry(bytes(EntryRow.objects.filter(tag="bidding:record:signed").latest("pk").leaf))
    witness = stage.signer(stage.world.centre)
    assert entry.values["part"] == "witness"
    assert entry.values["certificate"].hex() == witness.fingerprint
    assert entry.values["signature"] == hashlib.sha256(bytes(last.signature)).digest()
    assert stage.world.recorded()[-1] == "bidding:lot:opened"
    assert found.bids[1].words == "捌佰柒拾陆万伍仟肆佰叁拾贰元壹角整"


def test_what_comes_veiled_after_the_read_out_is_lifted_at_the_end(stage: Hall) -> None:
    read_out(stage)
    stage.world.clock.pass_(timedelta(minutes=15))
    centre, agent = stage.world.centre.actor, stage.world.agent.actor
    record.sign_record(stage.lot, signed(stage, "agent"), actor=agent)
    refuse_at_door(stage.lot, "ab" * 32, "cd" * 16, Refused(*door_blockers(stage.lot)))
    assert refusal_of(record.sign_record, stage.lot, signed(stage, "centre"), actor=centre) == ["ledger.veil_waiting"]
    stage.world.sequence()
    record.sign_record(stage.lot, signed(stage, "centre"), actor=centre)
    assert not Inner.objects.filter(scope=stage.lot.code, entry__lifted__isnull=True).exists()


def test_the_regulator_and_strangers_do_not_sign_the_record(stage: Hall) -> None:
    read_out(stage)
    for account in (stage.world.regulator, stage.world.bidder(1), stage.world.purchaser):
        assert refusal_of(record.sign_record, stage.lot, b"", actor=account.actor) == ["rights.role"]


def test_opened_bids_by_stage_and_role(stage: Hall) -> None:
    read_out(stage)
    world = stage.world
    readers = [world.purchaser, world.agent, world.regulator]
    others = [world.bidder(1), world.stranger, world.operator, world.guarantor, world.centre]
    for account in readers:
        for early in (Stage.OPENING, Stage.OPENED):
            stage.move(early)
            assert refusal_of(bids.opened_bids, stage.lot, account.actor) == ["rights.stage"]
        stage.move(Stage.EVALUATING)
        assert {bid.number: bid.price for bid in bids.opened_bids(stage.lot, account.actor)} == PRICES
    for account in others:
        assert refusal_of(bids.opened_bids, stage.lot, account.actor) == ["rights.role"]
    # Until the room above says who sits on the panel, and for whoever does not, an expert is a stranger.
    assert refusal_of(bids.opened_bids, stage.lot, world.expert(1).actor) == ["rights.relation"]
    code = Bid.objects.get(number=1).code
    assert bids.read_file(stage.lot, code, "technical.pdf", world.purchaser.actor) == b"%PDF-1.7 how we build it"
    assert refusal_of(bids.read_file, stage.lot, code, "no.pdf", world.purchaser.actor) == ["objects.absent"]
    assert refusal_of(bids.read_file, stage.lot, "nosuchbid", "technical.pdf", world.purchaser.actor) == [
        "trading.absent"
    ]
