"""Pure. Dates as an iCalendar file (RFC 5545), so that a calendar can remind people.

Enters: a name, the instant of making, dated words. Leaves: text with CRLF lines of at most 75 octets.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

OCTETS = 75
ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


@dataclass(frozen=True)
class Date:
    """One date: `uid` stays the same when the date moves; `url` leads to the page."""

    uid: str
    at: datetime
    words: str
    url: str


def calendar(name: str, made: datetime, dates: Iterable[Date]) -> str:
    """The calendar `name` with its dates."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Sunlight//EN", f"X-WR-CALNAME:{name.translate(ESCAPES)}"]
    for date in dates:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{date.uid}",
            f"DTSTAMP:{_instant(made)}",
            f"DTSTART:{_instant(date.at)}",
            f"SUMMARY:{date.words.translate(ESCAPES)}",
            f"URL:{date.url}",
            "END:VEVENT",
        ]
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _folded(line: str) -> str:
    pieces: list[str] = []
    piece = ""
    for letter in line:
        if len((piece + letter).encode()) > OCTETS - (1 if pieces else 0):
            pieces.append(piece)
            piece = ""
        piece += letter
    return "\r\n ".join([*pieces, piece])
