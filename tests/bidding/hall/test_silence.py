"""Silence is acceptance, by the clock: at the stored instant, once, for those alone who said nothing."""

from __future__ import annotations

from bidding.hall import record, silence
from bidding.hall.entering import require_hall
from bidding.hall.hours import CONFIRMATION, hours_of
from ledger.events import read_entry
from ledger.models import EntryRow
from tests.bidding.full_hall import Hall, Offer
from tests.bidding.hall.way import MINUTE, PRICES, decrypt_all, refusal_of, sign, staged, tick
from tests.world import World


def read(world: World, offers: dict[int, Offer] | None = None) -> Hall:
    """A hall whose prices were read this moment."""
    stage = staged(world, offers)
    stage.open()
    stage.release("a")
    stage.release("c")
    decrypt_all(stage)
    return stage


def said() -> dict[str, object]:
    return dict(read_entry(bytes(EntryRow.objects.get(tag="bidding:silence:accepted").leaf)).values)


def test_the_clock_accepts_silence_at_the_stored_instant(world: World) -> None:
    stage = read(world, {3: Offer(PRICES[3], signature=b"none")})
    hall = require_hall(stage.lot)
    assert hall.read_at is not None
    until = hall.read_at + CONFIRMATION
    assert (hours_of(hall).next_at, hall.confirm_until) == (until, until)
    record.confirm(stage.lot, actor=world.bidder(1).actor)
    world.clock.set(until - MINUTE / 1000)
    assert tick(stage) == 0
    assert refusal_of(silence.end_confirmations, stage.lot) == ["bidding.confirmations_open"]
    world.clock.set(until)
    assert refusal_of(record.confirm, stage.lot, actor=world.bidder(2).actor) == ["bidding.confirmations_over"]
    assert [tick(stage), tick(stage)] == [1, 0]
    assert said() == {"lot": stage.lot.code, "round": 1, "until": until, "numbers": (2,)}
    hours = hours_of(require_hall(stage.fresh()))
    assert (hours.next_at, hours.silent_at) == (None, until)
    assert refusal_of(silence.end_confirmations, stage.lot) == ["bidding.silence_said"]


def test_a_host_who_signs_before_the_clock_came_puts_it_on_record(world: World) -> None:
    stage = read(world)
    world.clock.pass_(CONFIRMATION)
    sign(stage, "agent")
    assert said()["numbers"] == (1, 2, 3)
    assert tick(stage) == 0


def test_when_everybody_spoke_there_is_no_silence(world: World) -> None:
    stage = read(world)
    for number in (1, 2, 3):
        record.confirm(stage.lot, actor=world.bidder(number).actor)
    world.clock.pass_(CONFIRMATION)
    assert tick(stage) == 1
    assert said()["numbers"] == ()
