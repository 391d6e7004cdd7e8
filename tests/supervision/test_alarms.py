"""Alarm rules: each at its threshold; raised once; settled by the tender's regulator; the log accuses nobody."""

from __future__ import annotations

from decimal import Decimal

import pytest

from evaluation.sheet import Part
from ledger.errors import Refused
from ledger.events import read_entry
from ledger.feed import News
from ledger.models import EntryRow, Salt
from supervision import alarms
from supervision.alarming import raise_alarm, settle
from supervision.alarms import RULES, Hint
from supervision.followers import count_after_milestones, look
from supervision.models import Alarm
from supervision.words import LEVELS
from tests.bidding.scenes import Scene
from tests.evaluation.chamber import Chamber, opened
from tests.supervision.flow import Flow
from tests.world import World
from trading.models import Lot
from trading.stages import Stage

CEILING = Decimal("10000000.00")


def quotes(*found: str) -> dict[int, Decimal]:
    return {number: Decimal(price) for number, price in enumerate(found, start=1)}


def rules(*found: str, ceiling: Decimal | None = CEILING) -> list[tuple[str, str]]:
    return [(hint.rule, hint.subject) for hint in alarms.prices(quotes(*found), ceiling)]


def test_equal_prices_are_those_equal_to_the_cent() -> None:
    assert rules("9000000.00", "8000000.00", "9000000.00") == [("equal_prices", "1, 3")]
    assert rules("9000000.00", "8000000.00", "9000000.01") == []


def test_close_prices_are_all_within_one_percent_of_the_lowest() -> None:
    assert rules("9000000.00", "9090000.00", "9050000.00") == [("close_prices", "")]
    assert rules("9000000.00", "9090000.01", "9050000.00") == []
    assert rules("9000000.00", "9000001.00") == []


def test_near_the_ceiling_is_within_a_thousandth_below_it() -> None:
    assert rules("9990000.00", "10000000.00", "9000000.00") == [("near_ceiling", "1"), ("near_ceiling", "2")]
    assert rules("9989999.99", "10000000.01", "9000000.00") == []
    assert rules("9990000.00", "8000000.00", "9000000.00", ceiling=None) == []


def test_an_envelope_counts_only_when_its_bidder_is_not_to_blame() -> None:
    assert list(alarms.decided(3, "failed", "bidding.stored_differs", "platform")) == [
        Hint("not_opened", "3", {"number": "3", "reason": "bidding.stored_differs"})
    ]
    assert list(alarms.decided(3, "failed", "bidding.too_few", "other")) != []
    assert list(alarms.decided(3, "failed", "bidding.mac_wrong", "bidder")) == []
    assert list(alarms.decided(3, "opened", "", "")) == []


def test_a_member_far_from_the_others_is_named_by_seat_and_bid() -> None:
    totals = {1: {"a": Decimal(30), "b": Decimal(31), "c": Decimal(45)}, 2: {"a": Decimal(30), "b": Decimal(31)}}
    assert [(hint.subject, hint.facts["ratio"]) for hint in alarms.scores(totals)] == [("c/1", "47.54")]


def test_every_rule_has_a_level_with_words_and_a_sentence_for_its_facts() -> None:
    made = [
        *alarms.decided(3, "failed", "r", "other"), *alarms.failed(2, 3), *alarms.voided("d", "why"),
        *alarms.prices(quotes("9990000.00", "9990000.00", "9991000.00"), CEILING),
        *alarms.scores({1: {"a": Decimal(1), "b": Decimal(9)}}),
    ]  # fmt: skip
    assert {hint.rule for hint in made} == set(RULES)
    for hint in made:
        assert RULES[hint.rule].says % hint.facts
        assert RULES[hint.rule].level in LEVELS


def told(tag: str, scope: str) -> None:
    """Tell the follower, twice."""
    row = EntryRow.objects.filter(tag=tag, scope=scope).select_related("place").latest("pk")
    news = News(row.place.index, row.scope, read_entry(bytes(row.leaf)), row.pk)
    look(news)
    look(news)


def test_prices_read_raise_their_alarms_once(world: World) -> None:
    lot = opened(world, ("9000000", "9000000", "9050000"))
    world.sequence()
    told("bidding:prices:read", lot.code)
    found = [(alarm.rule, alarm.subject, alarm.kind.says % alarm.facts) for alarm in Alarm.objects.order_by("rule")]
    assert found == [
        ("close_prices", "", "3 prices lie within 0.56 percent of the lowest."),
        ("equal_prices", "1, 2", "Bids 1, 2 have the same price, 9000000.00 yuan."),
    ]
    assert world.recorded().count("supervision:alarm:raised") == 2


def test_scores_counted_raise_an_outlier(world: World) -> None:
    chamber = Chamber(world, ("9000000", "9100000", "9200000"))
    chamber.admit()
    for at in range(5):
        chamber.score(at, {"plan": "2" if at == 4 else "14", "quality": "3" if at == 4 else "14", "schedule": "8"})
        chamber.sign(at, Part.SCORES)
    world.sequence()
    told("evaluation:scores:counted", chamber.lot.code)
    assert {alarm.rule for alarm in Alarm.objects.all()} == {"score_outlier"}
    assert {alarm.facts["seat"] for alarm in Alarm.objects.all()} == {chamber.seats[4].code}
    assert Alarm.objects.count() == 3


def test_too_few_bids_raise_an_alarm(scene: Scene) -> None:
    flow = Flow(scene)
    flow.enrol()
    flow.notice()
    flow.bid()
    flow.late()
    assert [(alarm.lot.number, alarm.rule, alarm.facts) for alarm in Alarm.objects.all()] == [
        (2, "few_bids", {"count": "2", "least": "3"})
    ]


def alarm_of(world: World) -> Alarm:
    return raise_alarm(world.lot(Stage.EVALUATING), Hint("few_bids", "", {"count": "2", "least": "3"}))


def test_an_alarm_is_raised_once_and_the_log_accuses_nobody(world: World) -> None:
    made = alarm_of(world)
    with pytest.raises(Refused) as refusal:
        alarm_of(world)
    assert refusal.value.codes == ["supervision.alarm_raised"]
    entry = EntryRow.objects.get(tag="supervision:alarm:raised")
    assert b"few_bids" not in bytes(entry.leaf)
    assert read_entry(bytes(entry.leaf)).values["alarm"] == made.code
    assert set(Salt.objects.filter(entry=entry).values_list("field", flat=True)) == {"rule", "facts"}


def test_the_tenders_regulator_settles_an_alarm_once(world: World) -> None:
    made = alarm_of(world)
    for outcome, remark, code in (
        ("perhaps", "no", "supervision.alarm_outcome"),
        ("found", "", "supervision.alarm_remark"),
        ("found", "x" * 501, "supervision.alarm_remark"),
    ):
        with pytest.raises(Refused) as refusal:
            settle(made, outcome, remark, actor=world.regulator.actor)
        assert refusal.value.codes == [code]
    settle(made, "unfounded", "Only two firms hold the licence.", actor=world.regulator.actor)
    with pytest.raises(Refused) as refusal:
        settle(made, "found", "once more", actor=world.regulator.actor)
    assert refusal.value.codes == ["rights.stage"]
    fresh = Alarm.objects.get()
    assert (fresh.outcome, fresh.remark, fresh.settled_by) == (
        "unfounded", "Only two firms hold the licence.", world.regulator,
    )  # fmt: skip
    assert b"unfounded" not in bytes(EntryRow.objects.get(tag="supervision:alarm:settled").leaf)


def test_a_trail_is_counted_once_after_a_milestone(scene: Scene) -> None:
    flow = Flow(scene)
    flow.enrol()
    flow.notice()
    trails = EntryRow.objects.filter(tag="supervision:trail:counted")
    assert trails.count() == 1
    row = EntryRow.objects.filter(tag="trading:notice:published").select_related("place").get()
    count_after_milestones(News(row.place.index, row.scope, read_entry(bytes(row.leaf)), row.pk))
    assert trails.count() == 1  # the answered question is no milestone, and nothing else is new
    assert Lot.objects.count() == 3
