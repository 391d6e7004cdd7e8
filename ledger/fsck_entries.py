"""fsck: the row of an entry against the leaf that the tree holds.

Enters: rows of entries, with what lies under their veil and what they lift. Leaves: where tag, time, veil or lifting
are not what the leaf says.

Not compared: `scope`. The leaf of a veiled entry tells none (there it is ""), and an open entry is about whatever its
act was about: a tender, a lot, a party, which its fields name in many ways or not at all. What lies under a veil stands
in `ledger_inner` in the clear; its scope is not in the commitment either, and stands once more in the copy in storage,
which is encrypted (`ledger.keeping`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet

from ledger.as_stored import Instant, Number, Octets, Text, instant
from ledger.canon import tag_of
from ledger.errors import Broken
from ledger.events import Entry, VeiledAdded, VeiledLifted, read_entry, veiled_leaf
from ledger.models import Place, Waiting

VEILED, LIFTED = tag_of(VeiledAdded), tag_of(VeiledLifted)


@dataclass(frozen=True)
class Row:
    """An entry as stored, each value None where it is of another type; `name` is what a difference calls it."""

    name: str
    leaf: bytes | None
    tag: bytes | None
    scope: bytes | None
    at: bytes | None
    hides: int | None
    inner: bytes | None
    salt: bytes | None
    lifts: int | None
    lifted: int | None


def placed(start: int, stop: int) -> dict[int, Row]:
    """The entries that have a place in [start, stop)."""
    found = Place.objects.filter(index__gte=start, index__lt=stop).annotate(at_index=Number("index"))
    return {row[0]: Row(f"entry {row[0]}", *row[1:]) for row in _columns(found, "at_index")}


def waiting() -> Iterator[Row]:
    """The entries that have no place yet."""
    for row in _columns(Waiting.objects.order_by("entry_id"), "entry_id").iterator():
        yield Row(f"the entry in row {row[0]}", *row[1:])


def _columns(found: QuerySet[Any], first: str) -> QuerySet[Any, tuple[Any, ...]]:
    return found.values_list(
        first,
        Octets("entry__leaf"),
        Text("entry__tag"),
        Text("entry__scope"),
        Instant("entry__at"),
        F("entry__inner__id"),
        Octets("entry__inner__inner"),
        Octets("entry__inner__salt"),
        F("entry__lifts__id"),
        Number("entry__lifts__entry__place__index"),
    )


def leaves(start: int, stop: int) -> dict[int, bytes | None]:
    """The leaves in [start, stop); None for one that is no bytes."""
    found = Place.objects.filter(index__gte=start, index__lt=stop)
    return dict(found.values_list(Number("index"), Octets("entry__leaf")))


def against_leaf(row: Row) -> Iterator[str]:
    """Where the row is not what its leaf says."""
    if row.leaf is None:
        yield f"{row.name}: its leaf in the database is no bytes"
        return
    try:
        entry = read_entry(bytes(row.leaf))
    except Broken as error:
        yield f"{row.name}: its leaf is no entry: {error}"
        return
    if row.tag is None or bytes(row.tag) != entry.tag.encode():
        yield f"{row.name}: its tag in the database is {_shown(row.tag)}, its leaf says {entry.tag}"
    at = entry.stamp.at if entry.stamp else None
    if not _is_at(row, at):
        stored = "none" if row.at is None else _shown(row.at)
        yield f"{row.name}: its time in the database is {stored}, its leaf says {at or 'none'}"
    if row.scope is None or (entry.stamp is None and bytes(row.scope)):
        yield f"{row.name}: its scope in the database is {_shown(row.scope)}"
    yield from _veil(row, entry)
    yield from _lifting(row, entry)


def _is_at(row: Row, at: datetime | None) -> bool:
    try:
        return instant(row.at) == at
    except ValueError:
        return False


def _shown(value: bytes | None) -> str:
    return "of another type" if value is None else repr(bytes(value).decode(errors="replace"))


def _veil(row: Row, entry: Entry) -> Iterator[str]:
    if (row.hides is not None) != (entry.tag == VEILED):
        yield f"{row.name}: the database holds {'nothing' if row.hides is None else 'something'} under its veil"
    elif row.hides is not None and (
        row.inner is None or row.salt is None or veiled_leaf(bytes(row.salt), bytes(row.inner)) != row.leaf
    ):
        yield f"{row.name}: what the database holds under its veil is not what its leaf commits to"


def _lifting(row: Row, entry: Entry) -> Iterator[str]:
    said = entry.values["index"] if entry.tag == LIFTED else None
    if row.lifts is not None and said is None:
        yield f"{row.name}: the database says that it lifts a veil, its leaf does not"
    elif row.lifted != said:
        stored = "none" if row.lifted is None else row.lifted
        yield f"{row.name}: its leaf lifts the veil of entry {said}, the database says entry {stored}"
