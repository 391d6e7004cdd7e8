"""The timetable of a construction tender noticed on 2 March 2026 at 09:00, and what the clock does next."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trading.almanac import shipped
from trading.periods import SHANGHAI, at_least_days
from trading.procedures.construction import PROCEDURE
from trading.stages import Stage
from trading.timetable import (
    Event,
    Mark,
    State,
    addendum_blockers,
    after_award,
    answer_until,
    deadline_after_addendum,
    earliest_deadline,
    next_event,
    objection_to_papers_blockers,
    publicity_blockers,
    publicity_start_until,
    publicity_until,
    refund_until,
    timetable,
    timetable_blockers,
)

TABLE = shipped()


def at(text: str) -> datetime:
    """An instant in China, written like 2026-03-02 09:00."""
    return datetime.fromisoformat(f"{text}+08:00")


NOTICED, DEADLINE = at("2026-03-02 09:00"), at("2026-03-24 09:30")
NOTICES = st.datetimes(
    min_value=datetime(2025, 1, 2),  # noqa: DTZ001  the strategy adds the zone
    max_value=datetime(2026, 11, 1),  # noqa: DTZ001  the same
    timezones=st.just(SHANGHAI),
)


def test_timetable() -> None:
    assert timetable(PROCEDURE, NOTICED, DEADLINE, TABLE) == [
        Mark("noticed", NOTICED, ""),
        # The fifth day is Saturday the 7th, so Monday the 9th ends it.
        Mark("documents_at_least_until", at("2026-03-10 00:00"), "Bidding Regulation, article 16"),
        Mark("clarification_until", at("2026-03-10 00:00"), "Bidding Regulation, article 21"),
        Mark("objection_to_papers_until", at("2026-03-15 00:00"), "Bidding Regulation, article 22"),
        Mark("deadline", DEADLINE, "Bidding Law, article 24"),
        Mark("opening", DEADLINE, "Bidding Law, article 34"),
    ]


def test_earliest_deadline() -> None:
    assert earliest_deadline(PROCEDURE, NOTICED, TABLE) == at("2026-03-23 00:00")  # the 22nd is a Sunday


@pytest.mark.parametrize(
    ("deadline", "documents", "codes"),
    [
        ("2026-03-23 00:00", None, []),
        ("2026-03-24 09:30", "2026-03-10 00:00", []),
        ("2026-03-24 09:30", "2026-03-09 17:30", ["trading.documents_too_short"]),
        ("2026-03-22 09:30", None, ["trading.deadline_on_holiday", "trading.deadline_too_early"]),
        ("2026-03-28 09:30", None, ["trading.deadline_on_holiday"]),
        ("2026-03-24 09:30:00.000001", None, ["trading.deadline_not_whole_second"]),
        ("2026-03-05 09:30", None, ["trading.deadline_too_early", "trading.documents_too_short"]),
    ],
)
def test_timetable_blockers(deadline: str, documents: str | None, codes: list[str]) -> None:
    until = at(documents) if documents else None
    assert [reason.code for reason in timetable_blockers(PROCEDURE, NOTICED, at(deadline), TABLE, until)] == codes


def test_a_blocker_names_the_instant_and_the_article() -> None:
    (reason,) = timetable_blockers(PROCEDURE, NOTICED, at("2026-03-20 09:30"), TABLE)
    assert str(reason) == (
        "trading.deadline_too_early: The deadline is 2026-03-23 00:00 at the earliest (Bidding Law, article 24)."
    )


def test_an_addendum_fifteen_days_before_needs_nothing() -> None:
    assert addendum_blockers(PROCEDURE, at("2026-03-09 23:59"), DEADLINE) == []
    assert deadline_after_addendum(PROCEDURE, at("2026-03-09 23:59"), DEADLINE, TABLE) == DEADLINE


def test_a_later_addendum_moves_the_deadline_at_its_time_of_day() -> None:
    given_at = at("2026-03-20 10:00")  # fifteen days on is Saturday 4 April, Qingming until the 6th
    assert [reason.code for reason in addendum_blockers(PROCEDURE, given_at, DEADLINE)] == ["trading.addendum_late"]
    moved = deadline_after_addendum(PROCEDURE, given_at, DEADLINE, TABLE)
    assert moved == at("2026-04-07 09:30")
    assert addendum_blockers(PROCEDURE, given_at, moved) == []


def test_objections_to_papers_end_ten_days_before() -> None:
    assert objection_to_papers_blockers(PROCEDURE, at("2026-03-14 23:59"), DEADLINE) == []
    reasons = objection_to_papers_blockers(PROCEDURE, at("2026-03-15 00:00"), DEADLINE)
    assert [reason.code for reason in reasons] == ["trading.objection_late"]


def test_after_the_report() -> None:
    assert publicity_start_until(PROCEDURE, at("2026-03-25 16:00"), TABLE).at == at(
        "2026-03-31 00:00"
    )  # the 28th rests
    assert publicity_until(PROCEDURE, at("2026-03-26 09:00"), TABLE) == Mark(
        "publicity_until", at("2026-03-31 00:00"), "Bidding Regulation, article 54"
    )
    assert answer_until(PROCEDURE, at("2026-03-27 09:00"), TABLE).at == at("2026-03-31 00:00")
    assert publicity_blockers(PROCEDURE, at("2026-03-26 09:00"), at("2026-03-31 00:00"), TABLE) == []
    short = publicity_blockers(PROCEDURE, at("2026-03-26 09:00"), at("2026-03-30 23:59"), TABLE)
    assert [(reason.code, reason.facts["earliest"]) for reason in short] == [
        ("trading.publicity_too_short", "2026-03-31 00:00")
    ]


def test_after_the_award() -> None:
    assert after_award(PROCEDURE, at("2026-03-31 10:00"), TABLE) == [
        Mark("report_to_supervisor_until", at("2026-04-16 00:00"), "Bidding Law, article 47"),
        Mark("contract_until", at("2026-05-01 00:00"), "Bidding Law, article 46"),
    ]
    # Five days after 28 April is 3 May: Labour Day until the 5th.
    assert refund_until(PROCEDURE, at("2026-04-28 10:00"), TABLE).at == at("2026-05-07 00:00")


EVERYTHING = State(
    Stage.DRAFT,
    deadline=DEADLINE,
    reported=at("2026-03-25 16:00"),
    publicity_until=at("2026-03-31 00:00"),
    awarded=at("2026-03-31 10:00"),
    contracted=at("2026-04-28 10:00"),
)


def test_next_event_in_every_stage() -> None:
    assert {stage: next_event(PROCEDURE, replace(EVERYTHING, stage=stage), TABLE) for stage in Stage} == {
        Stage.DRAFT: None,
        Stage.BIDDING: (DEADLINE, Event.CLOSE),
        Stage.CLOSING: (DEADLINE, Event.COUNT),
        Stage.CLOSED: None,
        Stage.OPENING: None,
        Stage.OPENED: None,
        Stage.EVALUATING: None,
        Stage.EVALUATED: (at("2026-03-31 00:00"), Event.PUBLICITY_LATE),
        Stage.PUBLICITY: (at("2026-03-31 00:00"), Event.PUBLICITY_OVER),
        Stage.AWARDED: (at("2026-05-01 00:00"), Event.CONTRACT_LATE),
        Stage.CONTRACTED: (at("2026-05-07 00:00"), Event.REFUND_LATE),
        Stage.FAILED: None,
        Stage.TERMINATED: None,
    }


def test_a_paused_lot_waits_for_nothing() -> None:
    paused = {next_event(PROCEDURE, replace(EVERYTHING, stage=stage, paused=True), TABLE) for stage in Stage}
    assert paused == {None}


def test_a_lot_without_instants_waits_for_nothing() -> None:
    assert {next_event(PROCEDURE, State(stage), TABLE) for stage in Stage} == {None}


def test_a_move_is_due_until_it_is_made_and_a_reminder_once() -> None:
    bidding, public = (replace(EVERYTHING, stage=stage) for stage in (Stage.BIDDING, Stage.PUBLICITY))
    later = DEADLINE + timedelta(days=30)
    assert next_event(PROCEDURE, bidding, TABLE, told=later) == (DEADLINE, Event.CLOSE)
    assert next_event(PROCEDURE, public, TABLE, told=at("2026-03-30 23:59")) == (
        at("2026-03-31 00:00"),
        Event.PUBLICITY_OVER,
    )
    assert next_event(PROCEDURE, public, TABLE, told=at("2026-03-31 00:00")) is None


@given(NOTICES)
def test_the_earliest_deadline_has_no_blockers(noticed: datetime) -> None:
    deadline = earliest_deadline(PROCEDURE, noticed, TABLE)
    assert timetable_blockers(PROCEDURE, noticed, deadline, TABLE) == []
    assert at_least_days(noticed, deadline, 20)
    early = [reason.code for reason in timetable_blockers(PROCEDURE, noticed, deadline - timedelta(seconds=1), TABLE)]
    assert "trading.deadline_too_early" in early


@given(NOTICES, st.timedeltas(timedelta(0), timedelta(days=20)))
def test_a_deadline_moved_by_an_addendum_is_lawful(noticed: datetime, after: timedelta) -> None:
    deadline = earliest_deadline(PROCEDURE, noticed, TABLE) + timedelta(hours=9)
    moved = deadline_after_addendum(PROCEDURE, noticed + after, deadline, TABLE)
    assert moved >= deadline
    assert addendum_blockers(PROCEDURE, noticed + after, moved) == []
    assert timetable_blockers(PROCEDURE, noticed, moved, TABLE) == []
