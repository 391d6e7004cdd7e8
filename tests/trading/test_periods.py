"""Periods: the first day is not counted, holidays extend, "not less than N days" goes by dates."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import Refused
from trading.almanac import shipped
from trading.periods import (
    SHANGHAI,
    Period,
    Unit,
    at_least_days,
    days,
    earliest_end,
    end_of,
    extended,
    hours,
    latest_before,
    local_day,
    period_end,
    working_days,
)

TABLE = shipped()
INSTANTS = st.datetimes(
    min_value=datetime(2025, 1, 2),  # noqa: DTZ001  the strategy adds the zone
    max_value=datetime(2026, 9, 30),  # noqa: DTZ001  the same
    timezones=st.just(SHANGHAI),
)


def at(text: str) -> datetime:
    """An instant in China, written like 2026-03-02 09:00."""
    return datetime.fromisoformat(f"{text}+08:00")


@pytest.mark.parametrize(
    ("start", "period", "end"),
    [
        ("2026-03-02 09:00", days(3), "2026-03-06 00:00"),  # 3, 4, 5 March, until 24:00
        ("2026-03-02 00:00", days(3), "2026-03-06 00:00"),
        ("2026-03-04 09:00", days(3), "2026-03-10 00:00"),  # the 7th is a Saturday: Monday the 9th ends it
        ("2026-02-25 09:00", days(3), "2026-03-01 00:00"),  # Saturday the 28th is worked
        ("2026-02-12 09:00", days(5), "2026-02-25 00:00"),  # Spring Festival until the 23rd
        ("2026-02-12 09:00", working_days(3), "2026-02-25 00:00"),  # 13, 14 (a Saturday worked), 24
        ("2026-09-30 16:00", working_days(1), "2026-10-09 00:00"),
        ("2026-03-02 09:00", days(0), "2026-03-03 00:00"),
        ("2026-02-14 09:00", hours(24), "2026-02-15 09:00"),  # hours run through holidays
    ],
)
def test_period_end(start: str, period: Period, end: str) -> None:
    assert period_end(at(start), period, TABLE) == at(end)


def test_the_day_is_the_day_in_china() -> None:
    # 2 March 20:00 UTC is already the 3rd in Haikou.
    assert period_end(datetime(2026, 3, 2, 20, tzinfo=UTC), days(1), TABLE) == at("2026-03-05 00:00")


@pytest.mark.parametrize(
    ("earlier", "later", "count", "by_dates", "by_hours"),
    [
        ("2026-03-02 09:00", "2026-03-22 00:00", 20, True, False),
        ("2026-03-02 09:00", "2026-03-21 23:59", 20, False, False),
        ("2026-03-02 09:00", "2026-03-22 09:00", 20, True, True),
        ("2026-03-02 09:00", "2026-03-22 08:59", 20, True, False),
    ],
)
def test_at_least_days(earlier: str, later: str, count: int, *, by_dates: bool, by_hours: bool) -> None:
    assert at_least_days(at(earlier), at(later), count) is by_dates
    assert at_least_days(at(earlier), at(later), count, strict=True) is by_hours


def test_earliest_end_of_twenty_days() -> None:
    # 22 March 2026 is a Sunday, so the first lawful deadline is Monday.
    assert earliest_end(at("2026-03-02 09:00"), days(20), TABLE) == at("2026-03-23 00:00")


def test_latest_before_is_the_end_of_that_day() -> None:
    assert latest_before(at("2026-03-24 09:30"), 15) == at("2026-03-10 00:00")
    assert at_least_days(at("2026-03-09 23:59"), at("2026-03-24 09:30"), 15)
    assert not at_least_days(at("2026-03-10 00:00"), at("2026-03-24 09:30"), 15)


@pytest.mark.parametrize(
    ("end", "then"),
    [
        ("2026-03-06 17:30", "2026-03-06 17:30"),
        ("2026-03-07 00:00", "2026-03-07 00:00"),  # 24:00 of Friday
        ("2026-03-07 17:30", "2026-03-10 00:00"),
        ("2026-10-08 00:00", "2026-10-09 00:00"),  # 24:00 of the last day of the holiday
        ("2026-10-10 12:00", "2026-10-10 12:00"),  # a Saturday worked
    ],
)
def test_extended(end: str, then: str) -> None:
    assert extended(at(end), TABLE) == at(then)


def test_a_naive_instant_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        period_end(datetime(2026, 3, 2, 9), days(1), TABLE)  # noqa: DTZ001  the mistake


def test_a_negative_period_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="not negative"):
        days(-1)


def test_a_period_into_a_year_without_a_table_is_refused() -> None:
    with pytest.raises(Refused) as refusal:
        period_end(at("2026-12-30 09:00"), days(20), TABLE)
    assert refusal.value.codes == ["trading.holidays_missing"]


@given(INSTANTS, st.integers(0, 60))
def test_earliest_end_is_lawful_and_no_later_than_it_must_be(start: datetime, count: int) -> None:
    end = earliest_end(start, days(count), TABLE)
    assert at_least_days(start, end, count)
    day = local_day(end) - timedelta(days=1)
    while day >= local_day(start) + timedelta(days=count):
        assert not TABLE.is_working(day)  # every day left out was not worked
        day -= timedelta(days=1)


@given(INSTANTS, st.integers(1, 60))
def test_working_days_are_counted_one_by_one(start: datetime, count: int) -> None:
    last = local_day(period_end(start, working_days(count), TABLE)) - timedelta(days=1)
    span = (last - local_day(start)).days
    assert sum(TABLE.is_working(local_day(start) + timedelta(days=n)) for n in range(1, span + 1)) == count
    assert TABLE.is_working(last)


@given(INSTANTS, st.integers(0, 60), st.sampled_from(Unit), st.timedeltas(timedelta(0), timedelta(days=30)))
def test_a_later_start_never_ends_sooner(start: datetime, count: int, unit: Unit, delay: timedelta) -> None:
    period = Period(count, unit)
    assert period_end(start, period, TABLE) <= period_end(start + delay, period, TABLE)


@given(INSTANTS)
def test_extending_twice_changes_nothing(end: datetime) -> None:
    once = extended(end, TABLE)
    assert once >= end
    assert extended(once, TABLE) == once
    assert once == end or once == end_of(local_day(once - timedelta(seconds=1)))
