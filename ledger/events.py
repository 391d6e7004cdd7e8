"""Pure. Entries: what happened, in canonical bytes under a tag `room:noun:happened` (ledger.md, "Entries").

Enters: event dataclasses marked `@event(tag)` and a `Stamp`. Leaves: entry bytes; and, reading, `Entry` values.
A field annotated `Committed(by)` is written as a commitment and disclosed later by the event `by`, or "never".
"""

from __future__ import annotations

import dataclasses
import hashlib
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from ledger.canon import (
    PLAIN,
    Codec,
    Commitment,
    Malformed,
    Reader,
    fields_of,
    head,
    record,
    tag_of,
    write_text,
)

ENTRY_LIMIT = 65_535
STAMPED = 3


@dataclass(frozen=True)
class Committed:
    """Marks a field whose entry holds a commitment; `by` names the event that discloses it, or "never"."""

    by: str


@dataclass(frozen=True)
class Stamp:
    """`id` 16 random bytes, `at` the time of the act, `by` an opaque code or None inside veiled entries."""

    id: bytes
    at: datetime
    by: str | None


@dataclass(frozen=True)
class Entry:
    """An entry as read: a committed field's value is a `Commitment`."""

    tag: str
    stamp: Stamp | None
    values: Mapping[str, typing.Any]


EVENTS: dict[str, type] = {}
T = typing.TypeVar("T")


@typing.dataclass_transform(frozen_default=True)
def event(tag: str, *, bare: bool = False) -> Callable[[type[T]], type[T]]:
    """Register a frozen event under `tag`; a `bare` one is written without stamp (veiled leaves)."""

    def mark(cls: type[T]) -> type[T]:
        made = record(tag)(cls)
        if EVENTS.get(tag, made).__qualname__ != made.__qualname__:
            raise ValueError(f"{tag} is registered twice")
        made.__bare__ = bare  # type: ignore[attr-defined]
        EVENTS[tag] = made
        return made

    return mark


_HIDDEN: dict[type, Mapping[str, str]] = {}


def committed_fields(cls: type) -> Mapping[str, str]:
    """Names of the committed fields of an event, with the event that discloses each."""
    if cls not in _HIDDEN:
        _HIDDEN[cls] = _committed(cls)
    return _HIDDEN[cls]


def _committed(cls: type) -> Mapping[str, str]:
    hints = typing.get_type_hints(cls, include_extras=True)
    return {
        name: mark.by
        for name, hint in hints.items()
        if typing.get_origin(hint) is typing.Annotated
        for mark in typing.get_args(hint)[1:]
        if isinstance(mark, Committed)
    }


def _codec(cls: type, name: str, codec: Codec) -> Codec:
    return PLAIN[Commitment] if name in committed_fields(cls) else codec


def commit_field(salt: bytes, entry_id: bytes, name: str, value: bytes) -> Commitment:
    """The commitment to one field: `value` is its canonical bytes, `salt` 32 bytes."""
    return Commitment(hashlib.sha256(b"sunlight.commit/1\x00" + salt + entry_id + write_text(name) + value).digest())


def commit_veiled(salt: bytes, inner: bytes) -> Commitment:
    """The commitment to a whole inner entry."""
    return Commitment(hashlib.sha256(b"sunlight.veiled/1\x00" + salt + inner).digest())


def field_bytes(happened: object, name: str) -> bytes:
    """The canonical bytes of one field of an event."""
    return dict(fields_of(type(happened)))[name].write(getattr(happened, name))


def write_entry(happened: object, stamp: Stamp, salts: Mapping[str, bytes] | None = None) -> bytes:
    """The bytes of an entry; `salts` holds 32 bytes for each committed field. `Malformed` above 65,535 bytes."""
    cls = type(happened)
    if EVENTS.get(tag_of(cls)) is not cls:
        raise Malformed("not a registered event")
    bare = cls.__bare__  # type: ignore[attr-defined]
    stamped = b"" if bare else _write_stamp(stamp)
    fields = fields_of(cls)
    hidden = committed_fields(cls)
    body = b"".join(
        PLAIN[Commitment].write(commit_field((salts or {})[name], stamp.id, name, field_bytes(happened, name)))
        if name in hidden
        else codec.write(getattr(happened, name))
        for name, codec in fields
    )
    data = head(tag_of(cls), len(fields) + (0 if bare else STAMPED)) + stamped + body
    if len(data) > ENTRY_LIMIT:
        raise Malformed("an entry is at most 65,535 bytes")
    return data


def _write_stamp(stamp: Stamp) -> bytes:
    by = b"\x00" if stamp.by is None else PLAIN[str].write(stamp.by)
    return PLAIN[bytes].write(stamp.id) + PLAIN[datetime].write(stamp.at) + by


def _read_stamp(reader: Reader) -> Stamp:
    entry_id = PLAIN[bytes].read(reader)
    at = PLAIN[datetime].read(reader)
    if reader.data[reader.at : reader.at + 1] == b"\x00":
        reader.take(1)
        return Stamp(entry_id, at, None)
    return Stamp(entry_id, at, PLAIN[str].read(reader))


def read_entry(data: bytes) -> Entry:
    """The entry in `data`, all of it; `Malformed` for an unknown tag, field count, or bytes that are not canonical."""
    reader = Reader(data)
    reader.expect(0x09)
    tag = reader.block().decode("ascii", "replace")
    cls = EVENTS.get(tag)
    if cls is None:
        raise Malformed(f"unknown event {tag!r}")
    bare = cls.__bare__  # type: ignore[attr-defined]
    if reader.uint(4) != len(fields_of(cls)) + (0 if bare else STAMPED):
        raise Malformed("wrong number of fields")
    stamp = None if bare else _read_stamp(reader)
    if stamp is not None and len(stamp.id) != 16:
        raise Malformed("an entry id is 16 bytes")
    values = {name: _codec(cls, name, codec).read(reader) for name, codec in fields_of(cls)}
    reader.end()
    return Entry(tag, stamp, values)


@event("ledger:veiled:added", bare=True)
class VeiledAdded:
    """A leaf that says nothing but that something was veiled."""

    commitment: Commitment


def veiled_leaf(salt: bytes, inner: bytes) -> bytes:
    """The leaf that hides an inner entry: it holds nothing but the commitment."""
    return head(tag_of(VeiledAdded), 1) + PLAIN[Commitment].write(commit_veiled(salt, inner))


@event("ledger:veiled:filler")
class VeiledFiller:
    """Nothing happened: the inner entry of a leaf that fills up a round."""


@event("ledger:veiled:lifted")
class VeiledLifted:
    """The veil is off leaf `index`: salt and inner entry."""

    index: int
    salt: bytes
    inner: bytes


@event("ledger:witnesses:named")
class WitnessesNamed:
    """Who counts as a witness from here on: the policy file as it stands, "" for nobody (tlog-policy)."""

    policy: str


@event("ledger:field:disclosed")
class FieldDisclosed:
    """The value (canonical bytes) behind the commitment in `field` of the entry `entry`."""

    entry: bytes
    field: str
    salt: bytes
    value: bytes


def shape(cls: type) -> list[str]:
    """Field names and declared types with disclosures: what the golden file pins."""
    hints = typing.get_type_hints(cls, include_extras=True)
    hidden = committed_fields(cls)
    return [
        f"{field.name}: {typing.cast('str', field.type)}"
        + (f" -> {hidden[field.name]}" if field.name in hidden else "")
        for field in dataclasses.fields(cls)
        if field.name in hints
    ]
