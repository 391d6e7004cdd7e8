"""Small cases for tests of one rule: entries as they are needed, without a log behind them."""

from __future__ import annotations

from datetime import datetime, timedelta

from ledger.events import Entry, Stamp
from supervision.verifier.case import PUBLIC, Case, Happened

TENDER = "t"
ONE, TWO = "t-1", "t-2"
MORNING = datetime.fromisoformat("2026-03-02T09:00:00+08:00")


def at(minute: int) -> datetime:
    """So many minutes after the morning began."""
    return MORNING + timedelta(minutes=minute)


def happened(index: int, tag: str, *, by: str = "clock", minute: int | None = None, **values: object) -> Happened:
    """An entry of a kind, stamped as many minutes after the morning as its index says, unless told otherwise."""
    stamp = Stamp(index.to_bytes(16, "big"), at(index if minute is None else minute), by)
    return Happened(index, index.to_bytes(4, "big"), Entry(tag, stamp, values))


def case_of(*entries: Happened, kind: str = PUBLIC, objects: dict[str, bytes] | None = None) -> Case:
    """A public case of two lots that holds these entries."""
    case = Case(kind, TENDER, (ONE, TWO), b"", (), objects or {}, {})
    case.__dict__["entries"] = tuple(sorted(entries, key=lambda one: one.index))
    return case
