"""The evaluation room by acts: the worked set X from the opened bids to the published candidates, and every refusal."""

from __future__ import annotations

import hashlib
import io
from decimal import Decimal

import docx
import openpyxl
import pytest
from django.utils import translation

from evaluation import candidates, drafts, reporting, room, signing
from evaluation.drafts import Cell
from evaluation.models import Draft, Room, SignedSheet
from evaluation.sheet import Part
from experts.identity import candidate_code
from experts.models import Seat
from ledger import objects
from ledger.errors import Refused
from ledger.events import read_entry
from ledger.models import EntryRow
from tests.evaluation.chamber import Chamber, opened
from tests.experts.drawing import accept_all, drawn, enter
from tests.world import World
from trading.method import LOWEST, WORKED
from trading.models import CandidateRow
from trading.stages import Stage

POINTS = {"plan": "10", "quality": "12.50", "schedule": "8"}
OBJECTIVE = {
    **WORKED,
    "criteria": [
        *WORKED["criteria"][:4],  # type: ignore[index]
        {"code": "plan", "title": "Plan", "kind": "range", "full": "35"},
        {"code": "award", "title": "Award", "kind": "fixed", "full": "5"},
    ],
}


def codes(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return refusal.value.codes


def values(tag: str) -> list[dict[str, object]]:
    return [dict(read_entry(bytes(row.leaf)).values) for row in EntryRow.objects.filter(tag=tag).order_by("pk")]


def test_worked_set_from_opened_bids_to_published_candidates(world: World) -> None:
    chamber = Chamber(world)
    chamber.judge()
    made = reporting.report_of(chamber.room)
    assert made.base == Decimal("9596000.00")
    assert {made.bid(line.bid).number: str(line.price_points) for line in made.lines} == {
        1: "57.35", 2: "58.71", 3: "59.12", 4: "59.96", 5: "59.76", 6: "59.14", 7: "57.52",
    }  # fmt: skip
    assert {str(line.technical) for line in made.lines} == {"32.50"}
    assert [made.bid(code).number for code in made.candidates] == [4, 5, 6]
    assert chamber.lot.stage == Stage.EVALUATING
    chamber.report()
    assert chamber.lot.stage == Stage.EVALUATED
    candidates.publish(chamber.fresh(), actor=world.agent.actor)
    assert chamber.fresh().stage == Stage.PUBLICITY
    rows = CandidateRow.objects.order_by("rank").values_list("rank", "price", "score", "days")
    assert list(rows) == [
        (1, Decimal("9600000.00"), Decimal("92.4600"), 120),
        (2, Decimal("9550000.00"), Decimal("92.2600"), 120),
        (3, Decimal("9430000.00"), Decimal("91.6400"), 120),
    ]


def test_what_the_evaluation_leaves_in_the_log(world: World) -> None:
    chamber = Chamber(world)
    before = len(world.recorded())
    chamber.judge()
    chamber.report()
    assert world.recorded()[before:] == [
        *["evaluation:seat:entered"] * 5, *["evaluation:leader:voted"] * 5, "evaluation:leader:elected",
        *["evaluation:sheet:signed"] * 5, *["ledger:field:disclosed"] * 5, "evaluation:admission:counted",
        *["evaluation:sheet:signed"] * 5, *["ledger:field:disclosed"] * 5, "evaluation:scores:counted",
        "evaluation:report:made", *["evaluation:report:signed"] * 5, "evaluation:lot:evaluated",
    ]  # fmt: skip
    by = {
        stamp.by
        for row in EntryRow.objects.filter(tag__in=["evaluation:sheet:signed", "evaluation:report:signed"])
        if (stamp := read_entry(bytes(row.leaf)).stamp)
    }
    assert by == {seat.code for seat in chamber.seats}


def test_scores_stay_hidden_until_the_last_sheet_is_signed(world: World) -> None:
    chamber = Chamber(world)
    chamber.admit()
    for at in range(4):
        chamber.score(at, {"plan": "13.37", "quality": "11.11", "schedule": "7.77"})
        chamber.sign(at, Part.SCORES)
    chamber.score(4, POINTS)
    told = b"".join(bytes(row.leaf) for row in EntryRow.objects.all())
    assert b"13.37" not in told
    assert hashlib.sha256(chamber.record(4, Part.SCORES)).digest() not in told
    chamber.sign(4, Part.SCORES)
    told = b"".join(bytes(row.leaf) for row in EntryRow.objects.all())
    assert b"13.37" in told
    assert set(SignedSheet.objects.filter(part="scores").values_list("entry__salts__disclosed", flat=True)) == {True}
    assert EntryRow.objects.filter(tag="ledger:field:disclosed").count() == 10


def test_another_members_sheet_is_nobody_elses(world: World) -> None:
    chamber = Chamber(world)
    chamber.admit()
    one, two, bid = chamber.seats[0], chamber.actor(1), chamber.code(1)
    with pytest.raises(Refused) as refusal:
        drafts.save(chamber.fresh(), one.code, Part.SCORES, [Cell(bid, "plan", "1")], actor=two)
    assert codes(refusal) == ["evaluation.not_your_sheet"]
    chamber.score(0, POINTS)
    record = chamber.record(0, Part.SCORES)
    digest = hashlib.sha256(record).hexdigest()
    with pytest.raises(Refused) as refusal:
        signing.sign_sheet(chamber.lot, one.code, Part.SCORES, digest, chamber.pen(1).sign(record), actor=two)
    assert codes(refusal) == ["evaluation.not_your_sheet"]
    with pytest.raises(Refused) as refusal:
        signing.sign_sheet(
            chamber.lot, one.code, Part.SCORES, digest, chamber.pen(1).sign(record), actor=chamber.actor(0)
        )
    assert codes(refusal) == ["signature.not_yours"]
    assert not SignedSheet.objects.filter(part="scores").exists()


@pytest.mark.parametrize("value", ["15.01", "-1", "1.234", "1e1", "NaN", "twelve"])
def test_score_outside_the_range_is_refused_and_nothing_kept(world: World, value: str) -> None:
    chamber = Chamber(world, ("9000000", "9100000", "9200000"))
    chamber.admit()
    with pytest.raises(Refused) as refusal:
        chamber.save(0, Part.SCORES, [Cell(chamber.code(1), "plan", value)])
    assert codes(refusal) == ["evaluation.score_out_of_range"]
    facts = {"item": "Construction organisation plan", "bid": "1 bidder1"}
    with translation.override("en"), pytest.raises(Refused) as refusal:
        chamber.save(0, Part.SCORES, [Cell(chamber.code(1), "plan", value)])
    assert refusal.value.reasons[0].facts == facts
    assert not Draft.objects.filter(part="scores").exists()


def test_sheet_with_gaps_or_changed_since_cannot_be_signed(world: World) -> None:
    chamber = Chamber(world, ("9000000", "9100000", "9200000"))
    chamber.admit()
    chamber.save(0, Part.SCORES, [Cell(chamber.code(1), "plan", "3")])
    with pytest.raises(Refused) as refusal:
        chamber.sign(0, Part.SCORES)
    assert codes(refusal) == ["evaluation.score_missing"] * 8
    chamber.score(0, POINTS)
    record = chamber.record(0, Part.SCORES)
    chamber.save(0, Part.SCORES, [Cell(chamber.code(1), "plan", "3")])
    digest = hashlib.sha256(record).hexdigest()
    signature = chamber.pen(0).sign(record)
    with pytest.raises(Refused) as refusal:
        signing.sign_sheet(chamber.lot, chamber.seats[0].code, Part.SCORES, digest, signature, actor=chamber.actor(0))
    assert codes(refusal) == ["evaluation.sheet_changed"]
    chamber.sign(0, Part.SCORES)
    with pytest.raises(Refused) as refusal:
        chamber.sign(0, Part.SCORES)
    assert codes(refusal) == ["evaluation.sheet_final"]
    with pytest.raises(Refused) as refusal:
        chamber.score(0, POINTS)
    assert codes(refusal) == ["evaluation.sheet_final"]


def test_strangers_and_experts_without_a_seat_stay_outside(world: World) -> None:
    chamber = Chamber(world, ("9000000", "9100000", "9200000"))
    outsider = world.expert(40)
    for actor, code in ((outsider.actor, "rights.relation"), (world.stranger.actor, "rights.relation")):
        with pytest.raises(Refused) as refusal:
            room.enter(chamber.lot, "", conflict=False, promise=True, actor=actor)
        assert codes(refusal) == [code]
    with pytest.raises(Refused) as refusal:
        drafts.save(chamber.lot, chamber.seats[0].code, Part.ADMISSION, [], actor=outsider.actor)
    assert codes(refusal) == ["rights.relation"]


def test_room_opens_only_for_a_complete_panel(world: World) -> None:
    lot = opened(world, ("9000000", "9100000", "9200000"))
    with pytest.raises(Refused) as refusal:
        room.open_room(lot, actor=world.agent.actor)
    assert codes(refusal) == ["evaluation.panel_incomplete"]
    for number in range(1, 9):
        enter(world, number)
    draw = drawn(world, lot)
    with pytest.raises(Refused) as refusal:
        room.open_room(lot, actor=world.agent.actor)
    assert codes(refusal) == ["evaluation.panel_incomplete"]
    accept_all(draw)
    assert room.open_room(lot, actor=world.agent.actor).stage == Room.GATHERING


def test_who_declares_a_conflict_leaves_and_the_next_is_asked(world: World) -> None:
    chamber = Chamber(world, ("9000000", "9100000", "9200000"))
    leaving = chamber.seats[1]
    with pytest.raises(Refused) as refusal:
        room.enter(chamber.lot, "", conflict=True, promise=True, actor=chamber.actor(1))
    assert codes(refusal) == ["evaluation.conflict_reason"]
    with pytest.raises(Refused) as refusal:
        room.enter(chamber.lot, "", conflict=False, promise=False, actor=chamber.actor(1))
    assert codes(refusal) == ["evaluation.promise_missing"]
    room.enter(chamber.lot, "my brother works for bidder2", conflict=True, promise=False, actor=chamber.actor(1))
    told = b"".join(bytes(row.leaf) for row in EntryRow.objects.all())
    assert b"brother" not in told
    with pytest.raises(Refused) as refusal:
        room.enter(chamber.lot, "", conflict=False, promise=True, actor=leaving.expert.account.actor)
    assert codes(refusal) == ["rights.relation"]
    chamber.seats = accept_all(chamber.seats[0].candidate.draw)
    assert [seat.number for seat in chamber.seats] == [1, 2, 3, 4, 5]
    chamber.judge()
    assert chamber.room.stage == Room.REPORTING


def test_leader_is_who_gets_most_votes_and_steps_keep_their_order(world: World) -> None:
    chamber = Chamber(world, ("9000000", "9100000", "9200000"))
    with pytest.raises(Refused) as refusal:
        room.vote_leader(chamber.lot, chamber.seats[2].code, actor=chamber.actor(0))
    assert codes(refusal) == ["evaluation.not_entered"]
    with pytest.raises(Refused) as refusal:
        chamber.save(0, Part.ADMISSION, [])
    assert codes(refusal) == ["evaluation.room_stage"]
    for at in range(5):
        room.enter(chamber.lot, "", conflict=False, promise=True, actor=chamber.actor(at))
    for at, choice in enumerate((2, 2, 1, 1, 4)):
        room.vote_leader(chamber.lot, chamber.seats[choice].code, actor=chamber.actor(at))
    assert chamber.room.leader == chamber.seats[1]
    with pytest.raises(Refused) as refusal:
        room.vote_leader(chamber.lot, chamber.seats[1].code, actor=chamber.actor(0))
    assert codes(refusal) == ["evaluation.room_stage"]


def test_majority_rejects_with_reasons_and_the_rest_is_ranked(world: World) -> None:
    chamber = Chamber(world)
    chamber.gather()
    for at in range(5):
        chamber.vote(at, {(1, "safety"): "page 12: the permit ended in 2025", (2, "signed"): "page 1"} if at < 3 else
                         {(3, "licence"): "page 2"})  # fmt: skip
    for at in range(5):
        chamber.score(at, POINTS)
        chamber.sign(at, Part.SCORES)
    made = reporting.report_of(chamber.room)
    assert {made.bid(line.bid).number for line in made.lines} == {3, 4, 5, 6, 7}
    assert [(made.bid(r.bid).number, r.item, r.against, r.in_favour, r.reasons) for r in made.rejections] == [
        (1, "safety", 3, 2, ("page 12: the permit ended in 2025",) * 3), (2, "signed", 3, 2, ("page 1",) * 3),
    ]  # fmt: skip
    # five left: 9,680,000 and 9,120,000 dropped
    assert made.base == Decimal("9526666.67")


def test_vote_against_without_a_reason_cannot_be_signed(world: World) -> None:
    chamber = Chamber(world, ("9000000", "9100000", "9200000"))
    chamber.gather()
    with pytest.raises(Refused) as refusal:
        chamber.vote(0, {(1, "safety"): " "})
    assert codes(refusal) == ["evaluation.reason_missing"]


def test_price_above_the_ceiling_is_rejected_whatever_the_vote(world: World) -> None:
    chamber = Chamber(world, ("9000000", "9100000", "9200000", "10000000.01"))
    chamber.admit()
    assert [row["rejected"] for row in values("evaluation:admission:counted")] == [(chamber.code(4),)]


def test_all_rejected_fails_the_lot(world: World) -> None:
    chamber = Chamber(world, ("9000000", "9100000", "9200000"))
    chamber.gather()
    for at in range(5):
        chamber.vote(at, {(number, "safety"): "page 1" for number in (1, 2, 3)})
    assert (chamber.fresh().stage, chamber.room.stage) == (Stage.FAILED, Room.FAILED)
    made = reporting.report_of(chamber.room)
    assert (made.lines, made.candidates, len(made.rejections)) == ((), (), 3)
    assert world.recorded()[-3:] == [
        "evaluation:admission:counted", "evaluation:report:made", "evaluation:lot:failed",
    ]  # fmt: skip


def test_lowest_price_needs_no_points(world: World) -> None:
    chamber = Chamber(world, ("9000000", "8900000", "9200000"), LOWEST)
    chamber.admit()
    made = reporting.report_of(chamber.room)
    assert [made.bid(code).number for code in made.candidates] == [2, 1, 3]
    assert {line.total for line in made.lines} == {None}
    chamber.report()
    assert chamber.lot.stage == Stage.EVALUATED
    candidates.publish(chamber.lot, actor=world.purchaser.actor)
    assert CandidateRow.objects.get(rank=1).score is None


def test_tie_waits_for_the_leader_and_his_reason(world: World) -> None:
    chamber = Chamber(world, ("9000000", "9000000", "9200000"), LOWEST)
    chamber.admit()
    assert chamber.room.stage == Room.TIED
    one, two = chamber.code(1), chamber.code(2)
    with pytest.raises(Refused) as refusal:
        reporting.decide_tie(chamber.lot, [two, one], "rule 7", actor=chamber.actor(3))
    assert codes(refusal) == ["rights.relation"]
    for order, reason in (([two], "rule 7"), ([two, one, chamber.code(3)], "rule 7"), ([two, one], " ")):
        with pytest.raises(Refused) as refusal:
            reporting.decide_tie(chamber.lot, order, reason, actor=chamber.actor(0))
        assert codes(refusal) == ["evaluation.tie_order"]
    reporting.decide_tie(chamber.lot, [two, one], "rule 7: lot by hand", actor=chamber.actor(0))
    made = reporting.report_of(chamber.room)
    assert ([made.bid(code).number for code in made.candidates], made.decision) == ([2, 1, 3], "rule 7: lot by hand")


def test_members_who_differ_on_a_fact_sign_again_and_may_change_nothing_else(world: World) -> None:
    chamber = Chamber(world, ("9000000", "9100000", "9200000"), OBJECTIVE)
    chamber.admit()
    for at in range(5):
        chamber.score(at, {"plan": f"{20 + at}", "award": "5"}, **({"b2": {"award": "0"}} if at == 3 else {}))
        chamber.sign(at, Part.SCORES)
    assert values("evaluation:sheets:returned")[0]["disputed"] == (f"{chamber.code(2)}/award",)
    assert (chamber.room.stage, chamber.room.edition) == (Room.SCORING, 2)
    told = b"".join(bytes(row.leaf) for row in EntryRow.objects.all())
    assert b"23.00" not in told
    chamber.score(3, {"plan": "30", "award": "5"})
    with pytest.raises(Refused) as refusal:
        chamber.sign(3, Part.SCORES)
    assert codes(refusal) == ["evaluation.not_disputed"] * 3
    for at in range(5):
        chamber.score(at, {"plan": f"{20 + at}", "award": "5"})
        chamber.sign(at, Part.SCORES)
    assert chamber.room.stage == Room.REPORTING
    assert EntryRow.objects.filter(tag="ledger:field:disclosed").count() == 15


def test_report_is_signed_once_by_each_and_only_as_it_stands(world: World) -> None:
    chamber = Chamber(world, ("9000000", "9100000", "9200000"), LOWEST)
    chamber.admit()
    data = reporting.report_bytes(chamber.room)
    digest, signature = hashlib.sha256(data).hexdigest(), chamber.pen(0).sign(data)
    with pytest.raises(Refused) as refusal:
        reporting.sign_report(chamber.lot, "00" * 32, signature, actor=chamber.actor(0))
    assert codes(refusal) == ["evaluation.report_other"]
    with pytest.raises(Refused) as refusal:
        reporting.sign_report(chamber.lot, digest, chamber.pen(1).sign(data), actor=chamber.actor(0))
    assert codes(refusal) == ["signature.not_yours"]
    reporting.sign_report(chamber.lot, digest, signature, actor=chamber.actor(0))
    with pytest.raises(Refused) as refusal:
        reporting.sign_report(chamber.lot, digest, signature, actor=chamber.actor(0))
    assert codes(refusal) == ["evaluation.report_signed"]
    with pytest.raises(Refused) as refusal:
        candidates.publish(chamber.fresh(), actor=world.agent.actor)
    assert codes(refusal) == ["rights.stage"]


def test_papers_name_the_members_and_hold_the_figures(world: World) -> None:
    chamber = Chamber(world)
    chamber.judge()
    chamber.report()
    document = docx.Document(io.BytesIO(objects.read(chamber.room.paper)))
    text = "\n".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)
    for seat in chamber.seats:
        assert seat.expert.account.display in text
        assert candidate_code(bytes.fromhex(seat.candidate.salt), seat.expert.code) in text
    for figure in ("9,596,000.00", "59.96", "92.46", "玖佰陆拾万元整"):
        assert figure in text
    book = openpyxl.load_workbook(io.BytesIO(objects.read(chamber.room.table)))
    ranking = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows(min_row=2, max_row=3)]
    assert [(row[0], row[1], row[5], row[7]) for row in ranking] == [(1, 4, 59.96, 92.46), (2, 5, 59.76, 92.26)]
    assert len(list(book.worksheets[1].iter_rows())) == 1 + 7 * 5


def test_paused_lot_stands_still(world: World) -> None:
    chamber = Chamber(world, ("9000000", "9100000", "9200000"))
    type(chamber.lot).objects.filter(pk=chamber.lot.pk).update(paused=True)
    with pytest.raises(Refused) as refusal:
        room.enter(chamber.fresh(), "", conflict=False, promise=True, actor=chamber.actor(0))
    assert codes(refusal) == ["trading.paused"]
    assert Seat.objects.filter(attendance__isnull=False).count() == 0
