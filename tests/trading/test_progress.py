"""The clock: it closes at the deadline, ends the publicity, reminds once, and mends a stale schedule."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from ledger.errors import Refused
from ledger.events import read_entry
from ledger.models import EntryRow
from tests.trading.tenders import DEADLINE, first_lot, published
from tests.world import MORNING, World
from trading import progress
from trading.models import Lot
from trading.stages import Stage
from trading.ticks import tick

MS = timedelta(milliseconds=1)


def last_entry() -> tuple[str, dict[str, object]]:
    entry = read_entry(bytes(EntryRow.objects.latest("pk").leaf))
    return entry.tag, dict(entry.values)


def test_the_lot_closes_at_the_deadline_and_not_before(world: World) -> None:
    lot = first_lot(published(world))
    world.clock.set(DEADLINE - MS)
    assert tick(world.clock.now()) == 0
    with pytest.raises(Refused) as refusal:
        progress.close(lot)
    assert refusal.value.codes == ["trading.too_early"]
    world.clock.set(DEADLINE)
    assert tick(DEADLINE) == 1
    assert Lot.objects.values_list("stage", "next_at").get() == ("closing", DEADLINE)
    assert last_entry() == ("trading:lot:closing", {"lot": lot.code, "deadline": DEADLINE})
    assert tick(DEADLINE) == 0


def test_publicity_ends_once(world: World) -> None:
    until = datetime.fromisoformat("2026-04-03T00:00:00+08:00")
    lot = world.lot(Stage.PUBLICITY, publicity_until=until, next_at=until)
    world.clock.set(until)
    assert (tick(until), tick(until)) == (1, 0)
    assert Lot.objects.values_list("stage", "next_at", "told_at").get() == ("publicity", None, until)
    assert last_entry() == ("trading:publicity:ended", {"lot": lot.code, "until": until, "objections": 0})


def test_an_overdue_contract_is_said_once(world: World) -> None:
    lot = world.lot(Stage.AWARDED, awarded_at=MORNING)
    due = progress.due(lot)
    assert due is not None
    Lot.objects.update(next_at=due[0])
    world.clock.set(due[0])
    assert (tick(due[0]), tick(due[0] + timedelta(days=9))) == (1, 0)
    assert last_entry() == ("trading:lot:overdue", {"lot": lot.code, "what": "contract_late", "due": due[0]})


def test_a_stale_schedule_is_mended_without_an_act(world: World) -> None:
    world.lot(Stage.OPENED, next_at=MORNING)
    assert tick(MORNING) == 0
    assert Lot.objects.get().next_at is None
    assert world.recorded() == []


def test_a_paused_lot_waits(world: World) -> None:
    world.lot(Stage.BIDDING, deadline=MORNING, next_at=MORNING, paused=True)
    assert tick(MORNING) == 0
    assert Lot.objects.get().stage == "bidding"
