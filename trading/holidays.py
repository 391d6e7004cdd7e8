"""Pure. The State Council's holiday table: which days are worked, swapped weekends (调休) included.

Enters: the lines of one year's table, `date,kind,name` with kind `rest` or `work`. Leaves: a `HolidayTable` that
answers for the years it was given and refuses for any other (domain.md 0.4.2). A weekday not in the table is worked, a
weekend day not in it is not.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import NoReturn

from ledger.errors import _, refused

COLUMNS = ["date", "kind", "name"]
SATURDAY = 5
DAY = timedelta(days=1)


class Kind(StrEnum):
    """What the table makes of a day."""

    REST = "rest"
    WORK = "work"


@dataclass(frozen=True)
class Holiday:
    """One line: the day, whether it is rested or worked, and the holiday it belongs to."""

    day: date
    kind: Kind
    name: str


@dataclass(frozen=True)
class HolidayTable:
    """The arrangements of some years: by year, by day."""

    years: Mapping[int, Mapping[date, Holiday]]

    def named(self, day: date) -> Holiday | None:
        """The line of `day`, if it has one. Refused `trading.holidays_missing` for a year without a table."""
        if day.year not in self.years:
            refused(
                "trading.holidays_missing", _("The holiday table of %(year)s has not been loaded."), year=str(day.year)
            )
        return self.years[day.year].get(day)

    def is_working(self, day: date) -> bool:
        """Whether `day` is a working day. Refused as `named`."""
        line = self.named(day)
        return line.kind is Kind.WORK if line else day.weekday() < SATURDAY

    def working_day_from(self, day: date) -> date:
        """`day`, or the first working day after it. Refused as `named`."""
        while not self.is_working(day):
            day += DAY
        return day

    def add_working_days(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`; `day` itself is not counted. Refused as `named`."""
        for _nth in range(count):
            day = self.working_day_from(day + DAY)
        return day


def read_year(year: int, lines: Iterable[str]) -> HolidayTable:
    """The table of `year` from its lines, the header first. Refused `trading.holidays_malformed`, naming the line."""
    reader = csv.reader(lines, strict=True)
    try:
        rows = list(reader)
    except csv.Error:
        _malformed(year, reader.line_num)
    if not rows or rows[0] != COLUMNS:
        _malformed(year, 1)
    days: dict[date, Holiday] = {}
    for number, row in enumerate(rows[1:], start=2):
        line = _read_row(row)
        swapped_weekday = line is not None and line.kind is Kind.WORK and line.day.weekday() < SATURDAY
        if line is None or line.day.year != year or line.day in days or swapped_weekday:
            _malformed(year, number)
        days[line.day] = line
    if not days:
        _malformed(year, 2)
    return HolidayTable(MappingProxyType({year: MappingProxyType(days)}))


def joined(*tables: HolidayTable) -> HolidayTable:
    """One table of all the years; a later one replaces an earlier one of the same year, as an amended notice does."""
    return HolidayTable(MappingProxyType({year: days for table in tables for year, days in table.years.items()}))


def _read_row(row: list[str]) -> Holiday | None:
    try:
        text, kind, name = row
        day = date.fromisoformat(text)
        return Holiday(day, Kind(kind), name) if name and text == day.isoformat() else None
    except ValueError:
        return None


def _malformed(year: int, number: int) -> NoReturn:
    text = _("Line %(line)s of the holiday table of %(year)s cannot be read.")
    refused("trading.holidays_malformed", text, line=str(number), year=str(year))
