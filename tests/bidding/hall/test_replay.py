"""A replay out of the ledger shows the boards that were seen live, in their sequence, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby

from django.test import Client

from bidding.hall import objections, pausing, reading, record, silence, waiting
from bidding.hall.entering import sign_in
from bidding.hall.replay import sentences, steps_of
from bidding.hall.scene import Scene, scene_facts
from bidding.models import Bid, HallObjection
from bidding.opening.opening import open_bid
from bidding.submission.closing import fail
from ledger.models import Place
from tests.bidding.full_hall import Hall, Offer
from tests.bidding.hall.way import MINUTE, PRICES, Watched, sign, staged, tick
from tests.world import World
from trading.stages import Stage


def replayed(stage: Hall) -> list[Scene]:
    """The boards of the replay, those that look alike taken together."""
    return [scene for scene, _same in groupby(step.scene for step in steps_of(stage.fresh()))]


def tag_at(index: int) -> str:
    """The tag of the entry that stands there in the log."""
    return Place.objects.get(index=index).entry.tag


def prices(stage: Hall) -> None:
    """The clock reads the prices once the log has everything."""
    stage.world.sequence()
    reading.read_prices(stage.fresh())


def test_a_whole_opening_with_a_pause_an_objection_and_silence(world: World) -> None:
    stage = staged(world, {2: Offer(PRICES[2], signature=b"none")})
    watched = Watched(stage)
    watched.look()
    watched.do(sign_in, stage.lot, actor=world.bidder(2).actor)
    watched.do(stage.open)
    watched.do(stage.release, "a")
    watched.do(pausing.pause, stage.fresh(), "请核对保管人身份", actor=world.regulator.actor)
    world.clock.pass_(7 * MINUTE)
    watched.do(pausing.resume, stage.fresh(), actor=world.regulator.actor)
    watched.do(sign_in, stage.lot, actor=world.bidder(1).actor)
    watched.do(stage.release, "r")
    for bid in Bid.objects.order_by("-number"):
        watched.do(open_bid, bid.code)
    watched.do(prices, stage)
    watched.do(objections.raise_objection, stage.lot, "二号文件为何未开", actor=world.bidder(2).actor)
    said = HallObjection.objects.get()
    watched.do(objections.answer_objection, stage.lot, said.code, "签名无效", actor=world.agent.actor)
    watched.do(record.confirm, stage.lot, actor=world.bidder(1).actor)
    watched.do(pausing.pause, stage.fresh(), "复核", actor=world.regulator.actor)
    world.clock.pass_(MINUTE)
    watched.do(pausing.resume, stage.fresh(), actor=world.regulator.actor)
    world.clock.pass_(15 * MINUTE)
    watched.do(tick, stage)
    watched.do(sign, stage, "agent")
    watched.do(sign, stage, "centre")
    assert stage.fresh().stage == Stage.OPENED
    assert len(watched.scenes) == 20
    assert replayed(stage) == watched.scenes
    told = [(tag_at(index), text) for index, text in sentences(steps_of(stage.lot)[-1])]
    assert [tag for tag, _text in told] == ["bidding:record:signed", "bidding:lot:opened"]  # each under its own number
    last = watched.scenes[-1]
    assert [(one.state, one.name, one.confirmed) for one in last.envelopes] == [
        ("open", "bidder1", True), ("failed", "bidder2", False), ("open", "bidder3", False),
    ]  # fmt: skip


def test_an_opening_that_nobody_came_to(world: World) -> None:
    stage = staged(world)
    watched = Watched(stage)
    watched.look()
    watched.do(stage.open)
    watched.do(stage.release, "c")
    world.clock.pass_(31 * MINUTE)
    watched.do(waiting.end_waiting, stage.fresh(), "代理机构与监管部门未到", actor=world.regulator.actor)
    for bid in waiting.waiting_bids(stage.fresh()):
        watched.do(open_bid, bid.code)  # a worker that comes too early leaves them alone
    waiting.fail_waiting(stage.fresh())
    watched.look()
    watched.do(prices, stage)
    world.clock.pass_(15 * MINUTE)
    watched.do(silence.end_confirmations, stage.fresh())
    watched.do(sign, stage, "agent")
    watched.do(sign, stage, "centre")
    assert stage.fresh().stage == Stage.FAILED
    found = replayed(stage)
    assert [scene for scene in found if scene in watched.scenes] == watched.scenes
    assert found[-1] == watched.scenes[-1]


def test_a_lot_with_too_few_bids(world: World) -> None:
    stage = Hall(world)
    stage.submit(1)
    watched = Watched(stage)
    stage.count()
    watched.look()
    watched.do(fail, stage.lot)
    assert replayed(stage) == watched.scenes
    assert (watched.scenes[-1].failed, watched.scenes[-1].envelopes) == (True, ())


def test_the_replay_before_the_prices_knows_no_name_and_no_sign_in(world: World) -> None:
    stage = staged(world)
    sign_in(stage.lot, actor=world.bidder(2).actor)
    stage.open()
    stage.release("a")
    states = {one.state for step in steps_of(stage.fresh()) for one in step.scene.envelopes}
    names = {one.name for step in steps_of(stage.fresh()) for one in step.scene.envelopes}
    assert (states, names) == ({"waiting"}, {""})


def test_the_page_goes_step_by_step_without_a_script(world: World) -> None:
    stage = staged(world)
    stage.open()
    world.clock.pass_(timedelta(seconds=1))
    stage.release("a")
    client, path = Client(), f"/bidding/lots/{stage.lot.code}/hall/replay"
    client.cookies["sunlight_language"] = "en"
    last = client.get(path).content.decode()
    assert "Step 3 of 3" in last
    assert 'rel="prev" href="?step=2"' in last
    assert 'rel="next"' not in last
    assert "The custodian of the agent gave the shares for all bids." in last
    first = client.get(f"{path}?step=1").content.decode()
    assert 'rel="next" href="?step=2"' in first
    assert 'rel="prev"' not in first
    assert "The host opened the hall." not in first
    for odd in ("0", "4", "x", "-1", "²"):
        assert "Step 3 of 3" in client.get(path, {"step": odd}).content.decode()
    facts = client.get(path, headers={"accept": "application/json"}).json()
    assert [step["tags"] for step in facts["steps"]] == [
        ["bidding:lot:closed"], ["bidding:hall:opened"], ["bidding:share:released"],
    ]  # fmt: skip
    assert facts["steps"][-1]["scene"] == scene_facts(steps_of(stage.fresh())[-1].scene)


def test_before_the_deadline_there_is_nothing_to_replay(world: World) -> None:
    stage = Hall(world)
    stage.submit(1)
    world.sequence()
    shown = Client().get(f"/bidding/lots/{stage.lot.code}/hall/replay")
    assert shown.status_code == 200
    assert b"Step" not in shown.content
    assert steps_of(stage.fresh()) == []
