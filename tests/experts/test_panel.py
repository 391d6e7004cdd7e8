"""The draw: three seeds committed, a frozen pool, an order nobody chose, and the next of the same order."""

from __future__ import annotations

import json

import pytest

from experts import invitations, panel
from experts.drawing_record import differences, read
from experts.identity import candidate_code
from experts.lottery import Need, pool_root, recompute, seed_commitment
from experts.models import Candidate, Draw, Seat
from ledger import objects
from ledger.errors import Refused
from ledger.events import read_entry
from ledger.models import EntryRow, Salt
from tests.experts.drawing import accept_all, bodies, drawn, enter, frozen_draw, opened_lot, seated, seed, wanted
from tests.world import World, credit_code
from trading.stages import Stage


def entries(tag: str) -> list[dict[str, object]]:
    return [dict(read_entry(bytes(row.leaf)).values) for row in EntryRow.objects.filter(tag=tag).order_by("pk")]


def codes(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return refusal.value.codes


def test_whole_draw_leaves_its_trace_and_recomputes(world: World) -> None:
    lot = opened_lot(world)
    seats = seated(world, lot)
    draw = Draw.objects.get()
    assert (draw.stage, [seat.number for seat in seats]) == (Draw.COMPLETE, [1, 2, 3, 4, 5])
    assert world.recorded()[12:] == [
        "experts:draw:requested", *["experts:seed:committed"] * 3, "experts:pool:frozen",
        *["experts:seed:revealed"] * 3, "experts:draw:drawn", *["experts:invitation:made"] * 5,
        *["experts:invitation:answered"] * 5, "experts:panel:completed",
    ]  # fmt: skip
    data = objects.read(draw.record)
    record, _claimed = read(data)
    result = recompute(record)
    assert differences(data) == []
    assert {seat.code for seat in result.seats} == {seat.code for seat in seats}
    assert pool_root(record.pool) == entries("experts:pool:frozen")[0]["root"] == bytes.fromhex(draw.root)
    assert entries("experts:draw:drawn")[0]["order"] == result.order
    assert entries("experts:panel:completed")[0]["seats"] == tuple(seat.code for seat in seats)


def test_no_entry_and_no_record_says_who_an_expert_is(world: World) -> None:
    lot = opened_lot(world)
    seats = seated(world, lot)
    told = b"".join(bytes(row.leaf) for row in EntryRow.objects.filter(scope=lot.code))
    told += objects.read(Draw.objects.get().record)
    for seat in seats:
        account = seat.expert.account
        for secret in (account.username, account.code, seat.expert.code, seat.expert.employer):
            assert secret.encode() not in told
        opened = candidate_code(bytes.fromhex(seat.candidate.salt), seat.expert.code)
        assert opened == seat.code
    by = {read_entry(bytes(row.leaf)).stamp for row in EntryRow.objects.filter(tag="experts:invitation:answered")}
    assert {stamp.by for stamp in by if stamp} == {seat.code for seat in seats}


def test_wrong_seed_is_refused_and_changes_nothing(world: World) -> None:
    lot = opened_lot(world)
    for number in range(1, 9):
        enter(world, number)
    frozen_draw(world, lot)
    before = world.recorded()
    with pytest.raises(Refused) as refusal:
        panel.reveal_seed(lot, seed("another").hex(), actor=world.agent.actor)
    assert codes(refusal) == ["experts.seed_mismatch"]
    with pytest.raises(Refused) as refusal:
        panel.reveal_seed(lot, "zz" * 32, actor=world.agent.actor)
    assert codes(refusal) == ["experts.not_hex"]
    panel.reveal_seed(lot, seed("agent").hex(), actor=world.agent.actor)
    with pytest.raises(Refused) as refusal:
        panel.reveal_seed(lot, seed("agent").hex(), actor=world.agent.actor)
    assert codes(refusal) == ["experts.revealed"]
    assert world.recorded() == [*before, "experts:seed:revealed"]


def test_anothers_commitment_cannot_be_opened_as_ones_own(world: World) -> None:
    lot = opened_lot(world)
    for number in range(1, 9):
        enter(world, number)
    draw = panel.request(lot, wanted(world), (), actor=world.agent.actor)
    copied = seed_commitment(bytes.fromhex(draw.code), "agent", seed("agent")).hex()
    for actor in bodies(world).values():
        panel.commit_seed(lot, copied, actor=actor)
    panel.freeze_pool(lot, actor=world.centre.actor)
    panel.reveal_seed(lot, seed("agent").hex(), actor=world.agent.actor)
    with pytest.raises(Refused) as refusal:
        panel.reveal_seed(lot, seed("agent").hex(), actor=world.regulator.actor)
    assert codes(refusal) == ["experts.seed_mismatch"]


def test_steps_keep_their_order(world: World) -> None:
    lot, centre = opened_lot(world), world.centre.actor
    for number in range(1, 9):
        enter(world, number)
    with pytest.raises(Refused) as refusal:
        panel.commit_seed(lot, "00" * 32, actor=centre)
    assert codes(refusal) == ["experts.draw_missing"]
    panel.request(lot, wanted(world), (), actor=world.agent.actor)
    with pytest.raises(Refused) as refusal:
        panel.freeze_pool(lot, actor=centre)
    assert codes(refusal) == ["experts.commitments_missing"]
    panel.commit_seed(lot, "00" * 32, actor=centre)
    with pytest.raises(Refused) as refusal:
        panel.commit_seed(lot, "11" * 32, actor=centre)
    assert codes(refusal) == ["experts.committed"]
    with pytest.raises(Refused) as refusal:
        panel.reveal_seed(lot, "00" * 32, actor=centre)
    assert codes(refusal) == ["experts.draw_stage"]


def test_strangers_and_other_roles_stay_outside(world: World) -> None:
    lot = opened_lot(world)
    with pytest.raises(Refused) as refusal:
        panel.request(lot, wanted(world), (), actor=world.stranger.actor)
    assert codes(refusal) == ["rights.role"]
    other = world.account("other-agent", world.agent.actor.role)
    with pytest.raises(Refused) as refusal:
        panel.request(lot, wanted(world), (), actor=other.actor)
    assert codes(refusal) == ["rights.relation"]
    with pytest.raises(Refused) as refusal:
        panel.request(world.lot(Stage.BIDDING, 2), wanted(world), (), actor=world.agent.actor)
    assert codes(refusal) == ["rights.stage"]
    assert world.recorded() == []


def test_request_must_fit_the_method(world: World) -> None:
    lot = opened_lot(world)
    asked = panel.Wanted((Need("A08", 4), Need("x", 0)), world.clock.now(), " ", 0)
    with pytest.raises(Refused) as refusal:
        panel.request(lot, asked, (), actor=world.agent.actor)
    assert codes(refusal) == ["experts.need", "experts.specialities", "experts.meeting"]
    panel.request(lot, wanted(world), (), actor=world.agent.actor)
    with pytest.raises(Refused) as refusal:
        panel.request(lot, wanted(world), (), actor=world.agent.actor)
    assert codes(refusal) == ["experts.draw_twice"]


def test_firms_to_avoid_and_the_bodies_own_people_are_never_drawn(world: World) -> None:
    lot = opened_lot(world)
    bidder, agent = credit_code(900), lot.tender.agent.credit_code
    for number in range(1, 7):
        enter(world, number)
    for number in range(7, 27):
        enter(world, number, employer=bidder if number % 2 else agent)
    seats = accept_all(drawn(world, lot, (bidder,)))
    assert {seat.expert.employer for seat in seats} & {bidder, agent} == set()
    assert Draw.objects.get().size == 6
    record, _claimed = read(objects.read(Draw.objects.get().record))
    assert sorted(set(recompute(record).excluded.values())) == [("avoided",)]
    assert bidder.encode() not in objects.read(Draw.objects.get().record)


def test_one_employer_sends_one_member(world: World) -> None:
    lot, shared = opened_lot(world), credit_code(901)
    for number in range(1, 5):
        enter(world, number)
    for number in range(5, 30):
        enter(world, number, employer=shared)
    seats = accept_all(drawn(world, lot))
    assert len({seat.expert.employer for seat in seats}) == 5


def test_suspended_and_busy_experts_are_no_candidates(world: World) -> None:
    lot = opened_lot(world)
    for number in range(1, 8):
        enter(world, number)
    idle = enter(world, 8)
    type(idle).objects.filter(pk=idle.pk).update(status="paused")
    draw = frozen_draw(world, lot)
    assert draw.size == 7
    assert entries("experts:pool:frozen")[0]["candidates"] == 7
    assert entries("experts:pool:frozen")[0]["size"] == 8


def test_pool_too_small_is_refused_before_any_seed_is_shown(world: World) -> None:
    lot = opened_lot(world)
    for number in range(1, 5):
        enter(world, number)
    with pytest.raises(Refused) as refusal:
        frozen_draw(world, lot)
    assert codes(refusal) == ["experts.pool_small"]


def test_seeds_that_make_no_panel_void_the_draw(world: World) -> None:
    lot = opened_lot(world)
    for number in range(1, 9):
        enter(world, number, employer=credit_code(902))
    draw = drawn(world, lot)
    assert draw.stage == Draw.VOID
    assert entries("experts:draw:voided")[0]["reason"] == "experts.pool_too_small"
    assert panel.live_draw(lot) is None


def test_decline_brings_the_next_of_the_same_order(world: World) -> None:
    lot = opened_lot(world)
    for number in range(1, 13):
        enter(world, number)
    draw = drawn(world, lot)
    order = recompute(invitations.drawing(draw)).order
    first = draw.candidates.get(code=order[0])
    asked = {row.code for row in draw.candidates.filter(state=Candidate.INVITED)}
    assert asked == set(order[:5])
    with pytest.raises(Refused) as refusal:
        invitations.answer(first, " ", accepts=False, actor=first.expert.account.actor)
    assert codes(refusal) == ["experts.reason_missing"]
    invitations.answer(first, "ill", accepts=False, actor=first.expert.account.actor)
    assert {row.code for row in draw.candidates.filter(state=Candidate.INVITED)} == set(order[1:6])
    assert b"ill" in bytes(Salt.objects.get(field="reason", entry__tag="experts:invitation:answered").value)
    assert b"\x00ill" not in b"".join(bytes(row.leaf) for row in EntryRow.objects.all())
    with pytest.raises(Refused) as refusal:
        invitations.answer(first, "", accepts=True, actor=first.expert.account.actor)
    assert codes(refusal) == ["experts.not_asked"]


def test_nobody_answers_for_another(world: World) -> None:
    lot = opened_lot(world)
    for number in range(1, 13):
        enter(world, number)
    one, two = drawn(world, lot).candidates.filter(state=Candidate.INVITED)[:2]
    with pytest.raises(Refused) as refusal:
        invitations.answer(one, "", accepts=True, actor=two.expert.account.actor)
    assert codes(refusal) == ["rights.relation"]


def test_absent_member_is_followed_and_the_panel_is_complete_again(world: World) -> None:
    lot = opened_lot(world)
    seats = seated(world, lot)
    invitations.lapse(lot, seats[2].code, "did not come", actor=world.centre.actor)
    draw = Draw.objects.get()
    assert (draw.stage, Seat.objects.filter(sitting=True).count()) == (Draw.DRAWN, 4)
    after = accept_all(draw)
    assert (Draw.objects.get().stage, [seat.number for seat in after]) == (Draw.COMPLETE, [1, 2, 3, 4, 5])
    assert seats[2].code not in {seat.code for seat in after}
    assert len(entries("experts:panel:completed")) == 2


def test_exhausted_order_is_said_and_the_supervisor_may_void(world: World) -> None:
    lot = opened_lot(world)
    seats = seated(world, lot, experts=5)
    invitations.lapse(lot, seats[0].code, "did not come", actor=world.centre.actor)
    assert len(entries("experts:pool:exhausted")) == 1
    with pytest.raises(Refused) as refusal:
        panel.void(lot, "", actor=world.regulator.actor)
    assert codes(refusal) == ["experts.reason_missing"]
    panel.void(lot, "nobody left", actor=world.regulator.actor)
    assert not Seat.objects.filter(sitting=True).exists()
    assert panel.request(lot, wanted(world), (), actor=world.agent.actor).stage == Draw.REQUESTED


def test_experts_sitting_for_another_tender_that_day_are_busy(world: World) -> None:
    seated(world, opened_lot(world), experts=12)
    second = world.tender("sl-2026-002").lots.create(
        number=1, code="sl-2026-002-1", title="Bridge", stage=Stage.OPENED, method=opened_lot(world).method
    )
    draw = frozen_draw(world, second)
    assert draw.size == 7
    same = world.lot(Stage.OPENED, 2, method=second.method)
    assert frozen_draw(world, same).size == 12


def test_tampered_record_is_found(world: World) -> None:
    seated(world, opened_lot(world))
    found = json.loads(objects.read(Draw.objects.get().record))
    found["result"]["order"].reverse()
    assert differences(json.dumps(found).encode()) == ["order"]
    for data in (b"{}", b"[" * 100_000):
        with pytest.raises(Refused) as refusal:
            read(data)
        assert codes(refusal) == ["experts.drawing_malformed"]
    found["record"]["seeds"][0] = "00" * 32
    with pytest.raises(Refused) as refusal:
        differences(json.dumps(found).encode())
    assert codes(refusal) == ["experts.seed_not_committed"]
