"""Pure. One arithmetic for every period the law sets (domain.md 0.4; Civil Code 201, 203).

Enters: aware instants, periods, the holiday table. Leaves: aware instants in Asia/Shanghai. The end of a day is its
24:00, which is the first instant of the next: something is in time iff it comes before that instant.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from enum import StrEnum

from trading.holidays import HolidayTable

# The zone has had one offset since 1991; a fixed one needs no zone files and no exceptions.
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")


class Unit(StrEnum):
    """What a period counts."""

    DAYS = "days"
    WORKING_DAYS = "working_days"
    HOURS = "hours"


@dataclass(frozen=True)
class Period:
    """A length of time as a law writes it: 20 days (日), 3 working days (工作日), 24 hours."""

    count: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.count < 0:
            raise ValueError("a period is not negative")


def days(count: int) -> Period:
    """`count` calendar days."""
    return Period(count, Unit.DAYS)


def working_days(count: int) -> Period:
    """`count` working days."""
    return Period(count, Unit.WORKING_DAYS)


def hours(count: int) -> Period:
    """`count` hours."""
    return Period(count, Unit.HOURS)


def local(instant: datetime) -> datetime:
    """`instant` as the clocks in China show it; a naive one is a ValueError."""
    if instant.tzinfo is None:
        raise ValueError("an instant without a zone")
    return instant.astimezone(SHANGHAI)


def local_day(instant: datetime) -> date:
    """The calendar day of `instant` in China."""
    return local(instant).date()


def start_of(day: date) -> datetime:
    """00:00 of `day`."""
    return datetime.combine(day, time(), SHANGHAI)


def end_of(day: date) -> datetime:
    """24:00 of `day`."""
    return start_of(day + timedelta(days=1))


def period_end(start: datetime, period: Period, table: HolidayTable) -> datetime:
    """When `period` from `start` is over.

    The first day is not counted; a last day that is not worked gives way to the next working day; the last day ends at
    24:00. Hours run from the moment and are not extended. Refused `trading.holidays_missing`.
    """
    if period.unit is Unit.HOURS:
        return local(start) + timedelta(hours=period.count)
    return end_of(_last_day(local_day(start), period, table))


def earliest_end(start: datetime, period: Period, table: HolidayTable) -> datetime:
    """The first instant that lies "not less than" `period` after `start` and on a working day (domain.md 0.4.3).

    A deadline may be set at this instant or later. For days it is 00:00 of the last day. Refused as `period_end`.
    """
    if period.unit is Unit.HOURS:
        return local(start) + timedelta(hours=period.count)
    return start_of(_last_day(local_day(start), period, table))


def at_least_days(earlier: datetime, later: datetime, count: int, *, strict: bool = False) -> bool:
    """Whether `later` is not less than `count` days after `earlier`: by dates, or `strict` by full 24 hours."""
    if strict:
        return later - earlier >= timedelta(days=count)
    return local_day(later) - local_day(earlier) >= timedelta(days=count)


def latest_before(deadline: datetime, count: int) -> datetime:
    """The end of the last day that is "`count` days before" `deadline`: what comes before this instant is in time."""
    return end_of(local_day(deadline) - timedelta(days=count))


def extended(end: datetime, table: HolidayTable) -> datetime:
    """`end`, or 24:00 of the next working day when it falls on a day not worked (domain.md 0.4.4).

    An `end` at 24:00 belongs to the day it ends. Refused `trading.holidays_missing`.
    """
    day = local_day(end - timedelta(microseconds=1))
    return local(end) if table.is_working(day) else end_of(table.working_day_from(day))


def _last_day(first: date, period: Period, table: HolidayTable) -> date:
    if period.unit is Unit.WORKING_DAYS:
        return table.add_working_days(first, period.count)
    return table.working_day_from(first + timedelta(days=period.count))
