"""Pure. The tables of acts: what may be done, by whom, in which relation to the object, in which of its stages.

Enters: declarations, one table a room. Leaves: `ACTS`, the one table that pages, API, sockets and tests read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from ledger.actor import Actor, Role
from ledger.errors import Reason, Refused, _

type_of_relation = Callable[[Actor, Any], bool]


def anyone(_actor: Actor, _on: Any) -> bool:
    """The relation that everybody has."""
    return True


@dataclass(frozen=True)
class Act:
    """One row: `name` is `room:noun:verb`; `stages` None means the object has none or they do not matter.

    `reads` marks a row that only shows something: it opens a page and leaves no entry.
    """

    name: str
    roles: frozenset[Role]
    relation: type_of_relation = anyone
    stages: frozenset[str] | None = None
    reads: bool = False


ACTS: dict[str, Act] = {}


def declare(*rows: Act) -> None:
    """Add a room's rows to the table; a name stands once."""
    for row in rows:
        if row.name in ACTS or row.name.count(":") != 2:
            raise ValueError(f"{row.name} is declared twice or is not room:noun:verb")
        ACTS[row.name] = row


def roles(*names: Role) -> frozenset[Role]:
    """A set of roles, for the tables."""
    return frozenset(names)


def stages(names: Iterable[str]) -> frozenset[str]:
    """A set of stages, for the tables."""
    return frozenset(str(name) for name in names)


def rights_blockers(row: Act, actor: Actor, on: Any) -> list[Reason]:
    """Why `actor` may not do `row` to `on` now: role, relation, stage."""
    if actor.role not in row.roles:
        return [Reason("rights.role", _("Your role may not do this."))]
    if not row.relation(actor, on):
        return [Reason("rights.relation", _("This object is not yours to act on."))]
    stage = getattr(on, "stage", None)
    if row.stages is not None and str(stage) not in row.stages:
        return [
            Reason("rights.stage", _("This cannot be done at the present stage (%(stage)s)."), {"stage": str(stage)})
        ]
    return []


def may(name: str, actor: Actor, on: Any = None) -> bool:
    """Whether the table lets `actor` do the act `name` to `on` now."""
    return not rights_blockers(ACTS[name], actor, on)


def require(name: str, actor: Actor, on: Any = None) -> None:
    """Raise `Refused` unless the table allows it; a name that is not in the table is a `KeyError`."""
    reasons = rights_blockers(ACTS[name], actor, on)
    if reasons:
        raise Refused(*reasons)
