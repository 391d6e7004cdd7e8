"""The grammar of acts: one transaction, one clock reading, one locked row, one right, and evidence.

Enters: the act's name in the table, the actor, the object. Leaves: committed state together with ledger entries, or
nothing. An act that records nothing is refused with `Broken`: no act without evidence (architecture.md).
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar, cast

from django.db import models, transaction

from ledger import clock, rights
from ledger.actor import Actor
from ledger.appending import append
from ledger.canon import tag_of
from ledger.errors import Broken, Conflict, Refused
from ledger.events import (
    FieldDisclosed,
    Stamp,
    VeiledAdded,
    committed_fields,
    field_bytes,
    read_entry,
    veiled_leaf,
    write_entry,
)
from ledger.keeping import keep
from ledger.models import EntryRow, Inner, Salt, Waiting

On = TypeVar("On")


@dataclass(frozen=True)
class Veiled:
    """An event to be recorded under a veil; its inner entry names nobody."""

    happened: object


def veiled(happened: object) -> Veiled:
    """Mark `happened` to be recorded as `ledger:veiled:added` (ledger.md, "What is secret for a while")."""
    return Veiled(happened)


def scope_of(on: object) -> str:
    """The scope of entries about `on`: its own `scope`, else its code, else ""."""
    return str(getattr(on, "scope", None) or getattr(on, "code", ""))


@dataclass
class This(Generic[On]):
    """What an act in progress holds: the one reading of the clock, the actor, the locked object."""

    name: str
    actor: Actor
    on: On
    now: datetime
    by: str
    entries: list[EntryRow] = field(default_factory=list)

    def record(self, happened: object, *, scope: str | None = None, entry_id: bytes | None = None) -> EntryRow:
        """Leave an entry for `happened` (an event, or `veiled(event)`), in this transaction. Returns its row."""
        where = scope_of(self.on) if scope is None else scope
        if isinstance(happened, Veiled):
            row = self._record_veiled(happened.happened, where)
        else:
            row = self._record_open(happened, where, entry_id or os.urandom(16))
        self.entries.append(row)
        return row

    def _record_open(self, happened: object, scope: str, entry_id: bytes) -> EntryRow:
        salts = {name: os.urandom(32) for name in committed_fields(type(happened))}
        leaf = write_entry(happened, Stamp(entry_id, self.now, self.by), salts)
        row = append(EntryRow(leaf=leaf, tag=tag_of(type(happened)), scope=scope, at=self.now), veiled=False)
        for name, salt in salts.items():
            Salt.objects.create(entry=row, field=name, salt=salt, value=field_bytes(happened, name))
        return row

    def _record_veiled(self, happened: object, scope: str) -> EntryRow:
        inner, salt = write_entry(happened, Stamp(os.urandom(16), self.now, None)), os.urandom(32)
        keep(salt, scope, inner)
        row = append(EntryRow(leaf=veiled_leaf(salt, inner), tag=tag_of(VeiledAdded), scope="", at=None), veiled=True)
        Inner.objects.create(entry=row, inner=inner, salt=salt, scope=scope)
        return row

    def record_all(self, happened: Sequence[tuple[object, str]]) -> list[EntryRow]:
        """Leave open entries for many (event, scope) at once; none of them has a committed field."""
        rows = []
        for one, scope in happened:
            leaf = write_entry(one, Stamp(os.urandom(16), self.now, self.by))
            rows.append(EntryRow(leaf=leaf, tag=tag_of(type(one)), scope=scope, at=self.now))
        made = EntryRow.objects.bulk_create(rows)
        Waiting.objects.bulk_create(Waiting(entry=row, veiled=False) for row in made)
        self.entries += made
        return made

    def disclose(self, row: EntryRow, name: str) -> EntryRow:
        """Disclose the committed field `name` of an earlier entry, once; `Conflict` when it was disclosed before."""
        secret = Salt.objects.get(entry=row, field=name)
        if Salt.objects.filter(pk=secret.pk, disclosed=False).update(disclosed=True) != 1:
            raise Conflict
        entry_id = entry_id_of(row)
        return self.record(FieldDisclosed(entry_id, name, bytes(secret.salt), bytes(secret.value)), scope=row.scope)

    def move(self, row: models.Model, to: str) -> None:
        """Move `row.stage` along its table of moves (`MOVES`), by compare-and-set; `Conflict` when it is elsewhere."""
        old = str(row.stage)  # type: ignore[attr-defined]
        allowed = cast("Mapping[str, frozenset[str]]", row.MOVES)  # type: ignore[attr-defined]
        if to not in allowed.get(old, frozenset()):
            raise Conflict(f"no move from {old} to {to}")
        self.swap(row, stage=(old, to))

    def swap(self, row: models.Model, **changes: tuple[Any, Any]) -> None:
        """Set fields by compare-and-set: name=(old, new). `Conflict` unless exactly one row changed."""
        found = type(row)._default_manager.filter(pk=row.pk, **{name: old for name, (old, _new) in changes.items()})  # noqa: SLF001
        if found.update(**{name: new for name, (_old, new) in changes.items()}) != 1:
            raise Conflict
        for name, (_old, new) in changes.items():
            setattr(row, name, new)


def entry_id_of(row: EntryRow) -> bytes:
    """The random id in a stamped entry."""
    stamp = read_entry(bytes(row.leaf)).stamp
    if stamp is None:
        raise Broken("a veiled leaf has no id")
    return stamp.id


def _locked(on: On) -> On:
    if not isinstance(on, models.Model) or on.pk is None:
        return on
    return cast("On", type(on)._default_manager.select_for_update().get(pk=on.pk))  # noqa: SLF001


@contextmanager
def act(name: str, actor: Actor, *, on: On, by: str | None = None) -> Iterator[This[On]]:
    """Open the act `name`: transaction, row lock, one clock reading, right; commits only with evidence.

    `on` is None when the act has no object yet. `by` replaces the actor's code in entries where the person is known by
    another (an expert's seat).
    Raises `Refused` (rights.*), `Conflict`, and `Broken` when nothing was recorded.
    """
    row = rights.ACTS[name]
    with transaction.atomic(durable=True):
        locked = _locked(on)
        reasons = rights.rights_blockers(row, actor, locked)
        if reasons:
            raise Refused(*reasons)
        this = This(name, actor, locked, clock.now(), actor.code if by is None else by)
        yield this
        if not this.entries:
            raise Broken(f"{name} would commit without evidence")
