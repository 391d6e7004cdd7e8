"""The outage rule at work: found by the heartbeat or declared, applied once, noticed, cascading, never re-opening."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from ledger.errors import Conflict, Refused
from ledger.events import read_entry
from ledger.models import EntryRow
from tests.trading.pages import read
from tests.trading.tenders import DEADLINE, first_lot, published
from tests.world import MORNING, World
from trading import addenda, extending, noticing, outages, progress
from trading.models import Beat, Extension, Lot, Notice, Outage, Tender
from trading.publishing import timetable_of
from trading.reading.story import dates
from trading.records import ExtensionNotice
from trading.stages import Stage
from trading.ticks import tick

HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)


def last(tag: str) -> dict[str, object]:
    return dict(read_entry(bytes(EntryRow.objects.filter(tag=tag).latest("pk").leaf)).values)


def silent_for(span: timedelta) -> None:
    """The heartbeat was last heard `span` of real time ago."""
    Beat.objects.update_or_create(pk=1, defaults={"real_at": datetime.now(UTC) - span})


def refusal_of(run: object, *arguments: object, **named: object) -> list[str]:
    with pytest.raises(Refused) as refusal:
        run(*arguments, **named)  # type: ignore[operator]
    return refusal.value.codes


def near(one: object, other: datetime) -> bool:
    """Real time passes while a test runs."""
    assert isinstance(one, datetime)
    return abs(one - other) < 5 * SECOND


def test_the_first_beat_is_no_outage(world: World) -> None:
    assert tick(MORNING) == 0
    assert Beat.objects.count() == 1
    assert not Outage.objects.exists()
    assert world.recorded() == []


def test_a_heartbeat_missing_for_less_than_the_gap_is_no_outage(world: World) -> None:
    silent_for(55 * SECOND)
    tick(MORNING)
    assert not Outage.objects.exists()
    assert near(Beat.objects.get().real_at, timezone.now())


def test_a_jump_of_the_demo_clock_is_no_outage(world: World) -> None:
    published(world)
    tick(MORNING)
    world.clock.set(DEADLINE + 90 * timedelta(days=1))
    tick(world.clock.now())
    assert not Outage.objects.exists()
    assert Lot.objects.get().stage == Stage.CLOSING


def test_an_outage_over_the_deadline_moves_it_before_anything_closes(world: World) -> None:
    lot = first_lot(published(world))
    world.clock.set(DEADLINE + 30 * MINUTE)
    silent_for(50 * MINUTE)
    tick(world.clock.now())
    row, fresh = Outage.objects.get(), Lot.objects.get()
    assert (fresh.stage, row.declared, row.settled) == (Stage.BIDDING, False, True)
    assert near(row.begin, DEADLINE - 20 * MINUTE)
    assert row.end == DEADLINE + 30 * MINUTE
    assert fresh.deadline == row.end + 2 * HOUR
    assert fresh.next_at == fresh.deadline
    assert outages.opening_at(fresh) == row.end + 3 * HOUR
    assert Tender.objects.get().deadline == fresh.deadline
    said = last("trading:deadline:extended")
    assert (said["lot"], said["begin"], said["end"], said["old"], said["new"], said["opening"]) == (
        lot.code, row.begin, row.end, DEADLINE, fresh.deadline, row.end + 3 * HOUR
    )  # fmt: skip
    assert said["rule"].closing == 120  # type: ignore[attr-defined]
    assert last("trading:outage:found")["gap"] == 60
    assert (tick(world.clock.now()), Extension.objects.count()) == (0, 1)
    world.clock.set(fresh.deadline)
    assert tick(world.clock.now()) == 1
    assert Lot.objects.get().stage == Stage.CLOSING


def test_the_extension_is_noticed_and_shown(world: World, client: Client) -> None:
    lot = first_lot(published(world))
    world.clock.set(DEADLINE + MINUTE)
    silent_for(2 * MINUTE)
    tick(world.clock.now())
    notice = Notice.objects.get(kind="extension")
    record = noticing.record_of(notice)
    assert isinstance(record, ExtensionNotice)
    new = DEADLINE + MINUTE + 2 * HOUR
    assert (record.old, record.new, record.declared) == (DEADLINE, new, False)
    assert last("trading:deadline:extended")["digest"] == bytes.fromhex(notice.digest)
    assert "2026-03-24 11:31:00" in read(client, f"/notices/{notice.code}")
    assert "2026-03-24 11:31:00" in read(client, f"/lots/{lot.code}")
    assert "2026-03-24 09:30:00" in read(client, f"/lots/{lot.code}")
    assert "2026-03-24 12:31</time>" in read(client, f"/lots/{lot.code}"), "the way of the lot has the later opening"
    assert notice.title in read(client, "/notices")
    lot.tender.refresh_from_db()
    assert new in {one.at for one in dates(lot.tender, "http://site")}


def test_question_dates_follow_the_new_deadline(world: World) -> None:
    tender = published(world)
    world.clock.set(DEADLINE + MINUTE)
    silent_for(3 * HOUR)
    tick(world.clock.now())
    tender.refresh_from_db()
    new = Lot.objects.get().deadline
    assert new == DEADLINE + MINUTE + 24 * HOUR
    marks = {mark.name: mark.at for mark in timetable_of(tender)}
    assert marks["deadline"] == new
    assert marks["clarification_until"] > DEADLINE - timedelta(days=15)


def test_a_lot_whose_bids_are_counted_or_opened_stays_closed(world: World) -> None:
    for number, stage in enumerate((Stage.CLOSING, Stage.CLOSED, Stage.OPENING, Stage.OPENED, Stage.FAILED), 1):
        world.lot(stage, number, deadline=MORNING)
    silent_for(HOUR)
    tick(MORNING + MINUTE)
    assert Outage.objects.get().settled
    assert not Extension.objects.exists()
    assert set(Lot.objects.values_list("deadline", flat=True)) == {MORNING}


def test_nothing_closes_while_an_outage_is_undecided(world: World) -> None:
    lot = first_lot(published(world))
    world.clock.set(DEADLINE)
    silent_for(90 * SECOND)
    assert outages.is_undecided(lot, DEADLINE)
    with pytest.raises(Conflict):
        progress.close(lot)
    Beat.objects.update(real_at=datetime.now(UTC))
    assert not outages.is_undecided(lot, DEADLINE)
    progress.close(lot)
    assert Lot.objects.get().stage == Stage.CLOSING


def test_a_declared_outage_holds_the_closing_until_its_end(world: World) -> None:
    first_lot(published(world))
    world.clock.set(DEADLINE - 10 * MINUTE)
    row = extending.declare(DEADLINE - 20 * MINUTE, None, "上传通道中断", actor=world.operator.actor)
    world.clock.set(DEADLINE + 5 * MINUTE)
    tick(world.clock.now())
    assert Lot.objects.get().stage == Stage.BIDDING
    extending.end(row, actor=world.regulator.actor)
    tick(world.clock.now())
    fresh = Lot.objects.get()
    assert (fresh.stage, fresh.deadline) == (Stage.BIDDING, DEADLINE + 5 * MINUTE + 2 * HOUR)
    assert last("trading:outage:declared") == {
        "outage": row.code, "begin": DEADLINE - 20 * MINUTE, "end": None, "reason": "上传通道中断",
    }  # fmt: skip
    assert refusal_of(extending.end, row, actor=world.operator.actor) == ["trading.outage_over"]


def test_a_declared_outage_before_the_deadline_gives_two_hours(world: World) -> None:
    first_lot(published(world))
    world.clock.set(DEADLINE - HOUR)
    extending.declare(DEADLINE - 2 * HOUR, DEADLINE - 90 * MINUTE, "机房断电", actor=world.regulator.actor)
    tick(world.clock.now())
    assert Lot.objects.get().deadline == DEADLINE + 2 * HOUR


@pytest.mark.parametrize(
    ("begin", "end", "reason", "code"),
    [
        (-MINUTE, MINUTE, "x", "trading.outage_ahead"),
        (MINUTE, None, "x", "trading.outage_ahead"),
        (-MINUTE, -HOUR, "x", "trading.outage_backwards"),
        (-30 * HOUR, -25 * HOUR, "x", "trading.outage_old"),
        (-HOUR, -MINUTE, "", "trading.reason_length"),
        (-HOUR, -MINUTE, "x" * 201, "trading.reason_length"),
    ],
)
def test_refused_declarations(world: World, begin: timedelta, end: timedelta | None, reason: str, code: str) -> None:
    until = MORNING + end if end is not None else None
    declared = (MORNING + begin, until, reason)
    assert refusal_of(extending.declare, *declared, actor=world.operator.actor) == [code]
    assert world.recorded() == []


def test_only_operator_and_regulator_declare(world: World) -> None:
    for account in (world.agent, world.purchaser, world.bidder(1), world.centre):
        codes = refusal_of(extending.declare, MORNING, MORNING, "x", actor=account.actor)
        assert codes == ["rights.role"]


def test_a_slower_ticker_finds_nothing_more(world: World) -> None:
    silent_for(HOUR)
    beat = Beat.objects.get()
    extending.find(beat, datetime.now(UTC))
    stale = Beat(pk=1, real_at=datetime.now(UTC) - HOUR)
    with pytest.raises(Conflict):
        extending.find(stale, datetime.now(UTC))
    assert Outage.objects.count() == 1


def test_an_extension_is_given_once_even_after_a_crash_between_two_lots(world: World) -> None:
    published(world, lots=2)
    one, two = Lot.objects.order_by("number")
    world.clock.set(DEADLINE + MINUTE)
    silent_for(2 * MINUTE)
    row = extending.find(Beat.objects.get(), datetime.now(UTC))
    extending.extend(one, row)  # and here the ticker dies
    with pytest.raises(Conflict):
        extending.extend(one, row)
    with pytest.raises(Conflict):
        progress.close(Lot.objects.get(pk=two.pk))
    tick(world.clock.now())
    assert {lot.deadline for lot in Lot.objects.all()} == {DEADLINE + MINUTE + 2 * HOUR}
    assert world.recorded().count("trading:deadline:extended") == 2


def test_a_later_addendum_moves_the_opening_along(world: World) -> None:
    lot = first_lot(published(world))
    world.clock.set(DEADLINE - HOUR)
    extending.declare(DEADLINE - 2 * HOUR, DEADLINE - HOUR, "x", actor=world.operator.actor)
    tick(world.clock.now())
    later = datetime.fromisoformat("2026-04-10T09:30:00+08:00")
    addenda.issue(lot.tender, addenda.AddendumDraft("延期", "截止时间顺延。", deadline=later), actor=world.agent.actor)
    fresh = Lot.objects.get()
    assert (fresh.deadline, outages.opening_at(fresh)) == (later, later)
    assert outages.noticed_deadline(fresh) == later


def test_the_deadline_before_the_outage_is_what_covers_are_measured_by(world: World) -> None:
    lot = first_lot(published(world))
    world.clock.set(DEADLINE + MINUTE)
    silent_for(2 * MINUTE)
    tick(world.clock.now())
    fresh = Lot.objects.get(pk=lot.pk)
    assert (fresh.deadline, outages.noticed_deadline(fresh)) == (DEADLINE + MINUTE + 2 * HOUR, DEADLINE)


def test_the_page_of_outages_and_its_doors(world: World, client: Client) -> None:
    lot = first_lot(published(world))
    assert "declare" not in read(client, "/outages")
    world.clock.set(DEADLINE - HOUR)
    client.force_login(world.operator)
    form = {"begin": "2026-03-24T08:00:00", "end": "", "reason": "上传通道中断"}
    assert client.post("/outages/declare", form)["Location"] == "/outages"
    row = Outage.objects.get()
    assert (row.begin, row.end, row.by) == (DEADLINE - 90 * MINUTE, None, world.operator.code)
    assert f"/outages/{row.code}/end" in read(client, "/outages")
    assert client.post(f"/outages/{row.code}/end").status_code == 302
    tick(world.clock.now())
    shown = read(client, "/outages")
    assert "上传通道中断" in shown
    assert "2026-03-24 11:30:00" in shown
    facts = client.get("/outages", headers={"accept": "application/json"}).json()
    assert facts["rule"]["long_opening"] == 1500
    assert [one["lot"] for one in facts["outages"][0]["extensions"]] == [lot.code]
    client.force_login(world.bidder(1))
    assert client.post("/outages/declare", form).status_code == 403
