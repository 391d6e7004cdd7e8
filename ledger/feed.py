"""The feed: news goes up. Followers get every entry in index order, without gaps, at least once.

Enters: `@follow(name)` on a handler. Leaves: calls of the handler; the cursor moves after the handler returned, so a
crash in between delivers entries again. Handlers are idempotent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ledger.events import Entry, read_entry
from ledger.models import Cursor, Place

BATCH = 100


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
    """Hand `name` what it has not seen; stops at the first failure and keeps the cursor before it. Returns how many.

    The cursor is stored once for a batch: a process that is killed hands the batch out again.
    """
    start = _cursor(name)
    found = Place.objects.filter(index__gte=start).select_related("entry").order_by("index")[:BATCH]
    reached = start
    try:
        for place in found:
            if place.index != reached:
                break
            entry = place.entry
            FOLLOWERS[name](News(place.index, entry.scope, read_entry(bytes(entry.leaf)), place.entry_id))
            reached += 1
    finally:
        if reached != start:  # nothing is changed when another process delivers too; handlers bear that
            Cursor.objects.filter(name=name, next=start).update(next=reached)
    return reached - start


def _cursor(name: str) -> int:
    found = Cursor.objects.filter(name=name).values_list("next", flat=True).first()
    return found if found is not None else Cursor.objects.get_or_create(name=name)[0].next
