"""Rounds: two veiled entries each while something is secret, a power of two in a rush, lifted when nothing is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from ledger import lifting, sequencer, ticks
from ledger.act import act, veiled
from ledger.actor import THE_CLOCK, Role
from ledger.events import event, read_entry
from ledger.keeping import all_kept
from ledger.models import EntryRow, Inner, Lease, Lifted, Place, Round, Waiting
from ledger.rights import ACTS, Act, roles
from ledger.round_size import round_size
from tests.world import World
from trading.models import Lot
from trading.stages import Stage

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
TEN = timedelta(seconds=10)


@event("tests:secret:done")
class SecretDone:
    """A bidder did something."""

    number: int


@pytest.fixture
def seconds(world: World, settings: Settings) -> None:
    """Rounds of ten seconds."""
    settings.SUNLIGHT_VEIL_SECONDS = 10
    ACTS["tests:secret:do"] = Act("tests:secret:do", roles(Role.CLOCK))


def done(lot: Lot, number: int, since: datetime = NOON) -> EntryRow:
    """A veiled entry that waits since `since`."""
    with act("tests:secret:do", THE_CLOCK, on=lot) as this:
        row = this.record(veiled(SecretDone(number)))
    Waiting.objects.filter(entry=row).update(since=since)
    return row


def hidden() -> list[str]:
    """What stands under the veiled leaves, in index order."""
    rows = Inner.objects.filter(entry__place__isnull=False).order_by("entry__place__index")
    return [read_entry(bytes(row.inner)).tag.split(":")[1] for row in rows]


@given(st.lists(st.integers(0, 100)))
def test_a_round_takes_all_that_waited_two_intervals_and_is_a_power_of_two(ages: list[int]) -> None:
    size = round_size([NOON - timedelta(seconds=age) for age in ages], NOON, TEN)
    overdue = sum(age >= 20 for age in ages)
    assert size & (size - 1) == 0
    assert size >= max(2, overdue)
    assert size == 2 or size < 2 * overdue


@pytest.mark.usefixtures("seconds")
def test_while_a_lot_is_sealed_every_round_has_two_entries(world: World) -> None:
    lot = world.lot()
    done(lot, 1)
    placed = [sequencer.run_once(NOON + second * timedelta(seconds=1)) for second in range(31)]
    assert [second for second, count in enumerate(placed) if count] == [0, 10, 20, 30]
    assert set(placed) == {0, 2}
    assert sorted(hidden()[:2]) == ["secret", "veiled"]
    assert hidden()[2:] == ["veiled"] * 6


@pytest.mark.usefixtures("seconds")
def test_nothing_sealed_and_nothing_waiting_makes_no_round(world: World) -> None:
    world.lot(Stage.OPENED)
    assert sequencer.run_once(NOON) == 0
    assert not Place.objects.exists()


@pytest.mark.usefixtures("seconds")
def test_a_rush_doubles_and_nothing_waits_for_more_than_three_rounds(world: World) -> None:
    lot = world.lot()
    for number in range(13):
        done(lot, number)
    assert [sequencer.run_once(NOON + turn * TEN) for turn in range(4)] == [2, 2, 16, 2]
    assert not Waiting.objects.exists()
    assert (hidden().count("secret"), hidden().count("veiled")) == (13, 9)


@pytest.mark.usefixtures("seconds")
def test_open_entries_do_not_wait_for_the_round(world: World) -> None:
    lot = world.lot()
    sequencer.run_once(NOON)
    with act("tests:secret:do", THE_CLOCK, on=lot) as this:
        this.record(SecretDone(1))
    assert sequencer.run_once(NOON + timedelta(seconds=1)) == 1


@pytest.mark.usefixtures("seconds")
def test_a_filler_looks_like_any_veiled_entry(world: World) -> None:
    done(world.lot(), 1)
    sequencer.run_once(NOON)
    one, other = EntryRow.objects.order_by("place__index")
    assert (one.tag, one.scope, one.at, len(one.leaf)) == (other.tag, other.scope, other.at, len(other.leaf))
    assert {len(row.salt) for row in Inner.objects.all()} == {32}
    kept = {hidden.inner for kept in all_kept() for hidden in kept.hidden}
    assert {bytes(row.inner) for row in Inner.objects.all()} <= kept


@pytest.mark.usefixtures("seconds")
def test_order_within_a_round_is_random(world: World) -> None:
    lot = world.lot()
    for number in range(64):
        done(lot, number, NOON - 2 * TEN)
    assert sequencer.run_once(NOON) == 64
    rows = Inner.objects.order_by("entry__place__index")
    assert [row.entry_id for row in rows] != sorted(row.entry_id for row in rows)


@pytest.mark.usefixtures("seconds")
def test_a_round_is_lifted_whole_when_no_lot_in_it_is_sealed(world: World) -> None:
    first, second = world.lot(number=1), world.lot(number=2)
    done(first, 1)
    sequencer.run_once(NOON)
    assert lifting.lift_due() == 0
    Lot.objects.filter(pk=first.pk).update(stage=Stage.OPENED)
    assert lifting.lift_due() == 1  # the entry of the lot, not the filler
    assert Lifted.objects.get().entry.inner.scope == first.code
    Lot.objects.filter(pk=second.pk).update(stage=Stage.FAILED)
    assert lifting.lift_due() == 1
    assert Lifted.objects.count() == 2
    assert Round.objects.get().lifted
    sequencer.run_once(NOON + TEN)
    said = [read_entry(bytes(row.by.leaf)).values for row in Lifted.objects.select_related("by")]
    assert {read_entry(one["inner"]).tag for one in said} == {"tests:secret:done", "ledger:veiled:filler"}
    assert not Inner.objects.filter(entry__lifted__isnull=True).exists()


@pytest.mark.usefixtures("seconds")
def test_what_comes_late_for_an_opened_lot_is_lifted_too(world: World) -> None:
    lot = world.lot(Stage.OPENED)
    done(lot, 1)
    assert sequencer.run_once(NOON) == 2
    ticks._Seen.sealed = None
    assert ticks.tick(NOON) == 2  # the lot, then its round
    while ticks.tick(NOON):
        pass
    assert Lifted.objects.count() == 2
    assert ticks.tick(NOON) == 0


@pytest.mark.usefixtures("seconds")
def test_two_processes_do_not_double_the_rounds(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.lot()
    assert sequencer.run_once(NOON) == 2
    monkeypatch.setattr("ledger.lease.holder", lambda: "another process")
    assert sequencer.run_once(NOON + timedelta(seconds=1)) == 0
    assert sequencer.run_once(NOON + TEN) == 2
    assert Lease.objects.get().token == 2
    assert [round_.count for round_ in Round.objects.all()] == [2, 2]
