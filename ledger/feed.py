"""The feed: news goes up. Followers get every entry in index order, without gaps, at least once.

Enters: `@follow(name)` on a handler. Leaves: calls of the handler; the cursor moves after the handler returned, so a
crash in between delivers entries again. Handlers are idempotent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ledger.errors import Broken
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


def pending() -> list[tuple[str, list[News]]]:
    """Each follower that has not seen all, with what it is handed next: what several wait for is read once."""
    waiting: dict[int, list[str]] = {}
    for name, start in _cursors().items():
        waiting.setdefault(start, []).append(name)
    found = [(names, list(_news(start))) for start, names in waiting.items()]
    return [(name, news) for names, news in found if news for name in names]


def _cursors() -> dict[str, int]:
    known = dict(Cursor.objects.filter(name__in=FOLLOWERS).values_list("name", "next"))
    return {name: known[name] if name in known else _begin(name) for name in FOLLOWERS}


def _begin(name: str) -> int:
    return Cursor.objects.get_or_create(name=name)[0].next


def _news(start: int) -> Iterator[News]:
    found = Place.objects.filter(index__gte=start).select_related("entry").order_by("index")[:BATCH]
    for index, place in enumerate(found, start):
        if place.index != index:
            return
        row = place.entry
        try:
            entry = read_entry(bytes(row.leaf))
        except Broken:
            if index == start:
                raise
            return  # what stands before it is handed out first
        yield News(index, row.scope, entry, row.pk)


def hand(name: str, news: list[News]) -> int:
    """Hand `name` what comes next for it; stops at the first failure and keeps the cursor before it. Returns how many.

    The cursor is stored once for a batch: a process that is killed hands the batch out again.
    """
    start = reached = news[0].index
    try:
        for one in news:
            FOLLOWERS[name](one)
            reached += 1
    finally:
        if reached != start:  # nothing is changed when another process delivers too; handlers bear that
            Cursor.objects.filter(name=name, next=start).update(next=reached)
    return reached - start


def deliver(name: str) -> int:
    """Hand `name` what it has not seen. Returns how many entries it took; what a handler raises goes through."""
    news = list(_news(_begin(name)))
    return hand(name, news) if news else 0
