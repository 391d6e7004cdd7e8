"""The feed: news goes up. Followers get every entry in index order, without gaps, at least once.

Enters: `@follow(name)` on a handler. Leaves: calls of the handler; the cursor moves after the handler returned, so a
crash in between delivers the entry again. Handlers are idempotent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ledger.events import Entry, read_entry
from ledger.models import Cursor, Place

BATCH = 500


@dataclass(frozen=True)
class News:
    """One entry as followers see it: `index` in the log, `scope` of tender or lot, the entry as read."""

    index: int
    scope: str
    entry: Entry
    row: int


Handler = Callable[[News], None]
FOLLOWERS: dict[str, Handler] = {}


def follow(name: str) -> Callable[[Handler], Handler]:
    """Register a handler under a name of its own; its cursor is stored under that name."""

    def mark(handler: Handler) -> Handler:
        if FOLLOWERS.get(name, handler) is not handler:
            raise ValueError(f"the follower {name} is registered twice")
        FOLLOWERS[name] = handler
        return handler

    return mark


def deliver(name: str) -> int:
    """Hand `name` what it has not seen; stops at the first failure and keeps the cursor before it. Returns how many."""
    cursor, _made = Cursor.objects.get_or_create(name=name)
    found = Place.objects.filter(index__gte=cursor.next).select_related("entry").order_by("index")[:BATCH]
    count = 0
    for place in found:
        if place.index != cursor.next:
            break
        news = News(place.index, place.entry.scope, read_entry(bytes(place.entry.leaf)), place.entry_id)
        FOLLOWERS[name](news)
        if Cursor.objects.filter(pk=cursor.pk, next=place.index).update(next=place.index + 1) != 1:
            return count  # another process delivers too; handlers bear that
        cursor.next, count = place.index + 1, count + 1
    return count
