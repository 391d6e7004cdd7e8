"""Calendars: RFC 5545 to the letter where it bites: escapes, folding by octets, CRLF."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from trading.ical import Date, calendar

AT = datetime(2026, 3, 24, 1, 30, tzinfo=UTC)


def test_calendar_of_one_date() -> None:
    text = calendar("滨海路", AT, [Date("a@b", AT, "Deadline, bids; all", "http://x/tenders/a")])
    assert text.split("\r\n") == [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Sunlight//EN", "X-WR-CALNAME:滨海路", "BEGIN:VEVENT", "UID:a@b",
        "DTSTAMP:20260324T013000Z", "DTSTART:20260324T013000Z", "SUMMARY:Deadline\\, bids\\; all",
        "URL:http://x/tenders/a", "END:VEVENT", "END:VCALENDAR", "",
    ]  # fmt: skip


@given(st.text(st.characters(blacklist_categories=["Cc", "Cs"]), max_size=200))
def test_no_line_is_longer_than_75_octets_and_unfolding_gives_the_words_back(words: str) -> None:
    text = calendar(words, AT, [])
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    unfolded = text.replace("\r\n ", "").split("\r\n")[3].removeprefix("X-WR-CALNAME:")
    assert unfolded == words.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
