"""A lot for which too few custodians come does not wait for ever; ending the wait is the regulator's act."""

from __future__ import annotations

from bidding.hall import waiting
from bidding.hall.reading import readout_of
from bidding.models import Bid
from bidding.opening.opening import open_bid
from bidding.opening.release import release
from ledger import feed
from ledger.events import read_entry
from ledger.models import EntryRow
from tests.bidding.hall.way import MINUTE, decrypt_all, refusal_of, sign, staged, tick
from tests.world import World
from trading import failing, noticing
from trading import followers as news_of_trading  # noqa: F401  registering is the import
from trading.models import Notice
from trading.records import FailureNotice
from trading.stages import Stage

WHY = "两家保管人两次催告仍未到场"


def test_the_custodians_have_their_time(world: World) -> None:
    stage = staged(world)
    regulator = world.regulator.actor
    assert refusal_of(waiting.end_waiting, stage.lot, WHY, actor=regulator) == ["rights.stage"]
    stage.open()
    stage.release("a")
    assert refusal_of(waiting.end_waiting, stage.lot, WHY, actor=regulator) == ["bidding.custodians_have_time"]
    world.clock.pass_(30 * MINUTE)
    assert refusal_of(waiting.end_waiting, stage.lot, "", actor=regulator) == ["bidding.reason_length"]
    for account in (world.agent, world.centre, world.purchaser, world.operator):
        assert refusal_of(waiting.end_waiting, stage.lot, WHY, actor=account.actor) == ["rights.role"]
    stage.release("r")  # who comes late still comes in time while nobody ended the wait
    assert refusal_of(waiting.end_waiting, stage.lot, WHY, actor=regulator) == ["bidding.nothing_waits"]


def test_shares_on_their_way_into_the_log_count(world: World) -> None:
    stage = staged(world)
    stage.open()
    world.clock.pass_(30 * MINUTE)
    release(stage.fresh(), stage.batch("a"), actor=world.agent.actor)  # no place in the log yet
    assert refusal_of(waiting.end_waiting, stage.lot, WHY, actor=world.regulator.actor) == ["bidding.share_on_its_way"]


def test_too_few_custodians_withdraw_every_bid_and_the_lot_fails(world: World) -> None:
    stage = staged(world)
    stage.open()
    stage.release("c")
    world.clock.pass_(30 * MINUTE)
    waiting.end_waiting(stage.fresh(), WHY, actor=world.regulator.actor)
    world.sequence()
    entry = read_entry(bytes(EntryRow.objects.get(tag="bidding:waiting:ended").leaf))
    assert (entry.values["came"], entry.values["reason"]) == (("c",), WHY)
    assert refusal_of(release, stage.fresh(), stage.batch("r"), actor=world.regulator.actor) == ["bidding.waiting_over"]
    assert refusal_of(waiting.end_waiting, stage.lot, WHY, actor=world.regulator.actor) == ["bidding.waiting_over"]
    assert tick(stage) == 1
    assert {(bid.state, bid.reason, bid.side, bid.consequence) for bid in Bid.objects.all()} == {
        ("failed", "bidding.too_few", "other", "withdrawn")
    }
    decrypt_all(stage)
    found = readout_of(stage.lot)
    assert found is not None
    assert [(one.number, one.name, one.side) for one in found.failed] == [
        (1, "bidder1", "other"), (2, "bidder2", "other"), (3, "bidder3", "other"),
    ]  # fmt: skip
    world.clock.pass_(15 * MINUTE)
    sign(stage, "agent")
    sign(stage, "centre")
    assert stage.fresh().stage == Stage.FAILED
    assert world.recorded()[-2:] == ["bidding:lot:opened", "bidding:opening:failed"]
    world.sequence()
    while feed.deliver("trading.failures"):
        pass
    record = noticing.record_of(Notice.objects.get(kind="failure"))
    assert isinstance(record, FailureNotice)
    assert (record.cause, record.bids) == ("none_opened", None)
    assert failing.WORDS[record.cause][0] == "No bid could be opened."


def test_an_envelope_that_needs_the_third_custodian_is_ended_alone(world: World) -> None:
    stage = staged(world)
    stage.open()
    disputed = Bid.objects.get(number=2).envelope.number
    stage.release("a")
    stage.release("c", {**stage.shares("c"), disputed: None})
    for bid in Bid.objects.order_by("number"):
        open_bid(bid.code)
    assert [bid.state for bid in Bid.objects.order_by("number")] == ["opened", "waiting", "opened"]
    world.clock.pass_(30 * MINUTE)
    waiting.end_waiting(stage.fresh(), WHY, actor=world.regulator.actor)
    tick(stage)
    decrypt_all(stage)
    assert [(bid.state, bid.side) for bid in Bid.objects.order_by("number")] == [
        ("opened", ""), ("failed", "other"), ("opened", ""),
    ]  # fmt: skip
    world.clock.pass_(15 * MINUTE)
    sign(stage, "agent")
    sign(stage, "centre")
    assert stage.fresh().stage == Stage.OPENED
    assert "bidding:opening:failed" not in world.recorded()


def test_the_wait_ends_before_the_prices_or_not_at_all(world: World) -> None:
    stage = staged(world)
    stage.open()
    stage.release("a")
    stage.release("r")
    decrypt_all(stage)
    world.clock.pass_(30 * MINUTE)
    assert refusal_of(waiting.end_waiting, stage.lot, WHY, actor=world.regulator.actor) == ["bidding.nothing_waits"]


def test_the_clock_fails_what_waits_once(world: World) -> None:
    stage = staged(world)
    stage.open()
    world.clock.pass_(30 * MINUTE)
    waiting.end_waiting(stage.fresh(), WHY, actor=world.regulator.actor)
    assert [tick(stage) for _look in range(2)] == [1, 0]
    assert world.recorded().count("bidding:envelope:decided") == 3
