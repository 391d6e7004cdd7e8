"""The holiday table: the published arrangements of 2025 and 2026, and refusals."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ledger.errors import Refused
from trading.almanac import shipped
from trading.holidays import Holiday, Kind, joined, read_year

HEADER = "date,kind,name"
SMALL = read_year(2026, [HEADER, "2026-01-01,rest,元旦", "2026-01-04,work,元旦"])


def weekdays_off(year: int) -> list[str]:
    table, days = shipped(), [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
    return [day.isoformat() for day in days if day.weekday() < 5 and not table.is_working(day)]


def weekends_worked(year: int) -> list[str]:
    table, days = shipped(), [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
    return [day.isoformat() for day in days if day.weekday() >= 5 and table.is_working(day)]


def test_weekdays_off_in_2026() -> None:
    assert weekdays_off(2026) == [
        "2026-01-01", "2026-01-02", "2026-02-16", "2026-02-17", "2026-02-18", "2026-02-19", "2026-02-20", "2026-02-23",
        "2026-04-06", "2026-05-01", "2026-05-04", "2026-05-05", "2026-06-19", "2026-09-25", "2026-10-01", "2026-10-02",
        "2026-10-05", "2026-10-06", "2026-10-07",
    ]  # fmt: skip


def test_weekends_worked_in_2026() -> None:
    assert weekends_worked(2026) == [
        "2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10",
    ]  # fmt: skip


def test_working_days_of_the_shipped_years() -> None:
    # 2025: 365 days less 104 weekend days less 18 weekdays off plus 5 weekends worked; 2026 likewise.
    table = shipped()
    count = {
        year: sum(table.is_working(date(year, 1, 1) + timedelta(days=n)) for n in range(365)) for year in table.years
    }
    assert count == {2025: 248, 2026: 248}


def test_weekends_worked_in_2025() -> None:
    assert weekends_worked(2025) == ["2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11"]


def test_a_line_keeps_its_name() -> None:
    assert SMALL.named(date(2026, 1, 4)) == Holiday(date(2026, 1, 4), Kind.WORK, "元旦")
    assert SMALL.named(date(2026, 1, 5)) is None


@pytest.mark.parametrize("day", [date(2024, 12, 31), date(2027, 1, 1)])
def test_a_year_without_a_table_is_refused(day: date) -> None:
    with pytest.raises(Refused) as refusal:
        shipped().is_working(day)
    assert [(reason.code, reason.facts) for reason in refusal.value.reasons] == [
        ("trading.holidays_missing", {"year": str(day.year)})
    ]


def test_counting_into_a_missing_year_is_refused() -> None:
    with pytest.raises(Refused) as refusal:
        shipped().add_working_days(date(2026, 12, 30), 3)
    assert refusal.value.codes == ["trading.holidays_missing"]


def test_an_amended_table_replaces_its_year() -> None:
    amended = read_year(2026, [HEADER, "2026-01-02,rest,元旦"])
    both = joined(SMALL, amended)
    assert [both.is_working(date(2026, 1, n)) for n in (1, 2, 4)] == [True, False, False]


@pytest.mark.parametrize(
    ("lines", "number"),
    [
        ([], "1"),
        (["day,kind,name", "2026-01-01,rest,元旦"], "1"),
        ([HEADER], "2"),
        ([HEADER, "2026-01-01,rest"], "2"),
        ([HEADER, "2026-01-01,rest,元旦,x"], "2"),
        ([HEADER, "2026-01-01,holiday,元旦"], "2"),
        ([HEADER, "2026-01-01,rest,"], "2"),
        ([HEADER, "20260101,rest,元旦"], "2"),
        ([HEADER, "2026-02-30,rest,元旦"], "2"),
        ([HEADER, "2025-12-31,rest,元旦"], "2"),
        ([HEADER, "2026-01-01,rest,元旦", "2026-01-01,rest,元旦"], "3"),
        ([HEADER, "2026-01-01,rest,元旦", '2026-01-02,rest,"元旦'], "3"),
        ([HEADER, '2026-01-01,rest,"元"旦', "2026-01-02,rest,元旦"], "2"),
        ([HEADER, "2026-01-05,work,元旦"], "2"),  # a Monday is worked anyway: the line is a mistake
    ],
)
def test_a_wrong_line_is_refused_by_number(lines: list[str], number: str) -> None:
    with pytest.raises(Refused) as refusal:
        read_year(2026, lines)
    assert [(reason.code, reason.facts) for reason in refusal.value.reasons] == [
        ("trading.holidays_malformed", {"line": number, "year": "2026"})
    ]
