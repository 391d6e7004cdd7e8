"""What waits on a desk: rooms register small functions, the desk page asks them all (screens.md, first house rule).

Enters: `@desk_item(*roles)` on `(actor, now) -> Iterable[Item]`, `@desk_action(*roles)` on the same giving `Action`.
Leaves: `waiting(actor, now)`, the items with the nearest time first, and `actions(actor, now)`. A room puts its
functions into its own `desk.py`, which is loaded at the start; nothing below imports it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from ledger.actor import Actor, Role
from ledger.errors import Reason


@dataclass(frozen=True)
class Status:
    """A word in colour: tones are still, calm, busy, good, halt."""

    word: str
    tone: str = "still"
    icon_name: str = ""


@dataclass(frozen=True)
class Item:
    """One thing that waits: words are translated already; `until` with its `label` is counted down."""

    title: str
    href: str
    about: str = ""
    until: datetime | None = None
    label: str = ""
    clause: str = ""
    status: Status | None = None
    reasons: tuple[Reason, ...] = ()

    @property
    def facts(self) -> dict[str, object]:
        """The item for machines."""
        until = self.until.isoformat() if self.until else None
        return {"title": self.title, "href": self.href, "about": self.about, "until": until, "clause": self.clause,
                "blockers": [reason.code for reason in self.reasons]}  # fmt: skip


@dataclass(frozen=True)
class Action:
    """One thing that can be begun from the desk, as parts/action.html shows it."""

    name: str
    label: str
    href: str
    kind: str = "secondary"
    next: str = ""
    reasons: tuple[Reason, ...] = ()
    post: str = ""
    fields: tuple[dict[str, str], ...] = ()


Finder = Callable[[Actor, datetime], Iterable[Item]]
Offer = Callable[[Actor, datetime], Iterable[Action]]
FINDERS: dict[Role, list[Finder]] = {}
OFFERS: dict[Role, list[Offer]] = {}


def desk_item(*roles: Role) -> Callable[[Finder], Finder]:
    """Register a function that finds what waits for these roles."""

    def mark(find: Finder) -> Finder:
        for role in roles:
            FINDERS.setdefault(role, []).append(find)
        return find

    return mark


def desk_action(*roles: Role) -> Callable[[Offer], Offer]:
    """Register a function that offers what these roles can begin."""

    def mark(offer: Offer) -> Offer:
        for role in roles:
            OFFERS.setdefault(role, []).append(offer)
        return offer

    return mark


def waiting(actor: Actor, now: datetime) -> list[Item]:
    """What waits for the actor: what has a time first, the nearest first."""
    found = [item for find in FINDERS.get(actor.role, []) for item in find(actor, now)]
    return sorted(found, key=lambda item: (item.until is None, item.until or now))


def actions(actor: Actor, now: datetime) -> list[Action]:
    """What the actor can begin; what matters most first."""
    offered = [action for offer in OFFERS.get(actor.role, []) for action in offer(actor, now)]
    return sorted(offered, key=lambda action: action.kind != "primary")
