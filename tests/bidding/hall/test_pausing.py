"""An opening that rests: nothing happens and no time runs; then it goes on with the time it had left."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client

from bidding.hall import objections, pausing, record
from bidding.hall.board import board_of
from bidding.hall.countdowns import countdowns
from bidding.hall.entering import hall_of
from bidding.hall.hours import hours_of
from bidding.models import Bid, HallPause
from bidding.models.opening import Hall as HallRow
from bidding.opening.due import opening_due, read_if_due
from bidding.opening.opening import Outcome, decide, open_bid
from bidding.opening.quorum import given_for
from bidding.opening.release import release
from ledger.errors import Conflict
from ledger.events import read_entry
from ledger.models import EntryRow
from tests.bidding.full_hall import Hall
from tests.bidding.hall.way import HOUR, MINUTE, decrypt_all, refusal_of, sign, staged, tick
from tests.world import World
from trading import noticing
from trading.models import Lot, Notice, Outage
from trading.records import RescheduleNotice
from trading.stages import Stage

REASON = "收到投诉，暂停核查"


def last(tag: str) -> dict[str, object]:
    return dict(read_entry(bytes(EntryRow.objects.filter(tag=tag).latest("pk").leaf)).values)


def row_of(stage: Hall) -> HallRow:
    found = hall_of(stage.fresh())
    assert found is not None
    return found


def pause(stage: Hall) -> HallPause:
    made = pausing.pause(stage.fresh(), REASON, actor=stage.world.regulator.actor)
    stage.world.sequence()
    stage.fresh()
    return made


def resume(stage: Hall) -> None:
    pausing.resume(stage.fresh(), actor=stage.world.regulator.actor)
    stage.world.sequence()
    stage.fresh()


def test_while_an_opening_rests_nothing_is_released_decrypted_or_read(world: World) -> None:
    stage = staged(world)
    stage.open()
    stage.release("a")
    pause(stage)
    assert refusal_of(release, stage.lot, stage.batch("c"), actor=world.centre.actor) == ["trading.paused"]
    resume(stage)
    stage.release("c")
    codes = list(Bid.objects.order_by("number").values_list("code", flat=True))
    open_bid(codes[0])
    pause(stage)
    open_bid(codes[1])
    bid = Bid.objects.select_related("lot__tender", "envelope").get(code=codes[1])
    assert bid.state == "waiting"
    with pytest.raises(Conflict):  # a worker that began before the pause
        decide(bid, Outcome("failed", "x", "other"), given_for(stage.lot, bid.envelope.number))
    assert opening_due() == 0
    resume(stage)
    for code in codes[1:]:
        open_bid(code)
    world.sequence()
    pause(stage)
    assert read_if_due(stage.lot) == 0
    assert row_of(stage).read_at is None
    resume(stage)
    assert read_if_due(stage.fresh()) == 1
    assert stage.fresh().stage == Stage.OPENING


def test_while_an_opening_rests_nobody_speaks_and_every_window_gets_its_time_back(world: World) -> None:
    stage = staged(world)
    stage.open()
    stage.release("a")
    stage.release("c")
    decrypt_all(stage)
    before = row_of(stage)
    assert before.object_until is not None
    assert before.confirm_until is not None
    world.clock.pass_(4 * MINUTE)
    pause(stage)
    assert hours_of(row_of(stage)).next_at is None
    for run, more in (
        (objections.raise_objection, ["x"]), (record.confirm, []), (record.sign_record, [b""]),
    ):  # fmt: skip
        actor = world.agent.actor if run is record.sign_record else world.bidder(1).actor
        assert refusal_of(run, stage.lot, *more, actor=actor) == ["trading.paused"]
    world.clock.pass_(3 * HOUR)
    assert tick(stage) == 0
    assert countdowns(board_of(stage.lot), world.clock.now()) == []
    resume(stage)
    after = row_of(stage)
    assert (after.object_until, after.confirm_until) == (
        before.object_until + 3 * HOUR, before.confirm_until + 3 * HOUR
    )  # fmt: skip
    assert hours_of(after).next_at == after.confirm_until
    windows = last("bidding:opening:resumed")["windows"]
    assert (windows.objections, windows.confirmations) == (after.object_until, after.confirm_until)  # type: ignore[attr-defined]
    objections.raise_objection(stage.lot, "报价有误", actor=world.bidder(1).actor)
    assert after.object_until is not None
    world.clock.set(after.object_until)
    assert refusal_of(objections.raise_objection, stage.lot, "x", actor=world.bidder(2).actor) == [
        "bidding.objections_over"
    ]


def test_a_window_that_was_over_stays_over(world: World) -> None:
    stage = staged(world)
    stage.open()
    stage.release("a")
    stage.release("c")
    decrypt_all(stage)
    world.clock.pass_(11 * MINUTE)
    until = row_of(stage).object_until
    pause(stage)
    world.clock.pass_(HOUR)
    resume(stage)
    assert row_of(stage).object_until == until


def test_a_pause_before_the_hall_is_open(world: World) -> None:
    stage = staged(world)
    pause(stage)
    assert (stage.lot.stage, stage.lot.paused) == (Stage.CLOSED, True)
    with pytest.raises(Exception, match=r"trading\.paused"):
        stage.open()
    world.clock.pass_(HOUR)
    resume(stage)
    stage.open()
    assert stage.lot.stage == Stage.OPENING


def test_pause_and_resume_leave_entries_and_are_refused_in_vain(world: World) -> None:
    stage = staged(world)
    regulator = world.regulator.actor
    assert refusal_of(pausing.resume, stage.lot, actor=regulator) == ["bidding.not_paused"]
    assert refusal_of(pausing.pause, stage.lot, "", actor=regulator) == ["bidding.reason_length"]
    assert refusal_of(pausing.pause, stage.lot, "x", actor=regulator, clause="x" * 101) == ["bidding.clause_length"]
    for account in (world.agent, world.centre, world.operator, world.purchaser):
        assert refusal_of(pausing.pause, stage.lot, "x", actor=account.actor) == ["rights.role"]
    other = world.account("other-regulator", world.regulator.actor.role)
    assert refusal_of(pausing.pause, stage.lot, "x", actor=other.actor) == ["rights.relation"]
    made = pause(stage)
    assert refusal_of(pausing.pause, stage.lot, "x", actor=regulator) == ["trading.paused"]
    assert last("bidding:opening:paused") == {
        "lot": stage.lot.code, "round": 1, "pause": made.code, "reason": REASON, "clause": pausing.ARTICLE,
    }  # fmt: skip
    resume(stage)
    assert world.recorded()[-2:] == ["bidding:opening:paused", "bidding:opening:resumed"]


def test_after_more_than_a_day_the_opening_goes_on_at_a_noticed_time(world: World) -> None:
    stage = staged(world)
    stage.open()
    made = pause(stage)
    world.clock.pass_(25 * HOUR)
    resume(stage)
    assert stage.lot.paused
    notice = Notice.objects.get(kind="reschedule")
    said = noticing.record_of(notice)
    assert isinstance(said, RescheduleNotice)
    assert (said.since, said.cause, said.reason) == (made.at, "regulator", REASON)
    assert said.at - world.clock.now() >= 24 * HOUR
    assert refusal_of(pausing.resume, stage.lot, actor=world.regulator.actor) == ["bidding.goes_on_later"]
    shown = Client().get(f"/notices/{notice.code}")
    assert REASON in shown.content.decode()
    assert tick(stage) == 0
    world.clock.set(said.at)
    assert tick(stage) == 1
    assert stage.fresh().paused is False
    assert hours_of(row_of(stage)).custodians_until - said.at == 30 * MINUTE


def test_the_board_says_that_and_why_it_rests(world: World) -> None:
    stage = staged(world)
    stage.open()
    pause(stage)
    path = f"/bidding/lots/{stage.lot.code}/hall/"
    for account in (None, world.bidder(1), world.agent, world.regulator):
        client = Client()
        if account:
            client.force_login(account)
        text = client.get(path).content.decode()
        assert REASON in text
        assert ("/hall/oversight" in text) is (account == world.regulator)
    facts = Client().get(path, headers={"accept": "application/json"}).json()
    assert (facts["paused"]["reason"], facts["scene"]["paused"]) == (REASON, True)


def test_the_regulators_page_and_its_doors(world: World) -> None:
    stage = staged(world)
    stage.open()
    client, base = Client(), f"/bidding/lots/{stage.lot.code}/hall"
    client.force_login(world.regulator)
    page = client.get(f"{base}/oversight").content.decode()
    assert f'action="{base}/pause"' in page
    assert "bidding.custodians_have_time" in page
    assert client.post(f"{base}/pause", {"reason": REASON, "clause": "第六十二条"}).status_code == 302
    page = client.get(f"{base}/oversight").content.decode()
    assert f'action="{base}/resume"' in page
    assert REASON in page
    done = client.post(f"{base}/resume", json.dumps({}), content_type="application/json").json()
    assert (done["ended"], done["goes_on_at"]) == (True, None)
    assert f"{base}/oversight" not in client.get("/desk").content.decode()
    world.clock.pass_(31 * MINUTE)
    page = client.get(f"{base}/oversight").content.decode()
    assert f'action="{base}/waiting"' in page
    assert f"{base}/oversight" in client.get("/desk").content.decode()
    assert client.post(f"{base}/waiting", {"reason": "保管人未到"}).status_code == 302
    for account in (world.agent, world.bidder(1)):
        stranger = Client()
        stranger.force_login(account)
        assert stranger.get(f"{base}/oversight").status_code == 403
        assert stranger.post(f"{base}/pause", {"reason": "x"}).status_code == 403


def outage(begin: timedelta, end: timedelta, world: World) -> Outage:
    """An outage that the platform found, by its distance from now."""
    now = world.clock.now()
    return Outage.objects.create(begin=now + begin, end=now + end, declared=False, settled=True)


def test_an_outage_gives_the_time_back_once(world: World) -> None:
    stage = staged(world)
    stage.open()
    stage.release("a")
    stage.release("c")
    decrypt_all(stage)
    before = row_of(stage)
    world.clock.pass_(2 * HOUR)
    row = outage(-110 * MINUTE, -4 * MINUTE, world)  # from ten minutes after the reading on
    assert tick(stage) == 1  # and not a second one that would accept silence
    after = row_of(stage)
    assert before.confirm_until is not None
    assert after.confirm_until == before.confirm_until + 106 * MINUTE
    said = last("bidding:opening:interrupted")
    assert (said["outage"], said["begin"], said["end"]) == (row.code, row.begin, row.end)
    assert tick(stage) == 0
    assert Lot.objects.get().stage == Stage.OPENING


def test_time_in_a_pause_is_not_given_back_twice(world: World) -> None:
    stage = staged(world)
    stage.open()
    until = hours_of(row_of(stage)).custodians_until
    world.clock.pass_(10 * MINUTE)
    pause(stage)
    world.clock.pass_(HOUR)
    outage(-HOUR + 10 * MINUTE, -20 * MINUTE, world)
    assert tick(stage) == 1
    assert hours_of(row_of(stage)).custodians_until == until
    resume(stage)
    assert hours_of(row_of(stage)).custodians_until == until + HOUR


def test_an_outage_before_the_hall_was_open_does_not_concern_it(world: World) -> None:
    stage = staged(world)
    outage(-HOUR, -MINUTE, world)
    stage.open()
    assert tick(stage) == 0
    assert not HallPause.objects.exists()


def test_a_record_signed_by_the_host_waits_for_nothing_more(world: World) -> None:
    stage = staged(world)
    stage.open()
    stage.release("a")
    stage.release("c")
    decrypt_all(stage)
    for number in (1, 2, 3):
        record.confirm(stage.lot, actor=world.bidder(number).actor)
    sign(stage, "agent")
    assert hours_of(row_of(stage)).next_at is None
    world.clock.pass_(HOUR)
    assert tick(stage) == 0
    assert "bidding:silence:accepted" not in world.recorded()
