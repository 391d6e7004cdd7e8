"""A lying platform for tests: it changes what the log says and signs the log anew, so that every proof holds again.

Enters: a true case. Leaves: a case with other entries and objects whose inclusion paths, checkpoint, trails and veils
are right: what is wrong with it can only be found by asking what the entries mean.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger import merkle, note
from ledger.bundle import Leaf
from ledger.canon import Commitment, fields_of, head
from ledger.events import EVENTS, STAMPED, Entry, _codec, _write_stamp, commit_field, commit_veiled, read_entry
from supervision.trail import trail_digest
from supervision.verifier.archive import members_of
from supervision.verifier.belonging import scoped
from supervision.verifier.case import DISCLOSED, LIFTED, VEILED, Case, Happened
from supervision.verifier.log import TRAIL
from supervision.verifier.trust import LogKey, Trust

KEY = Ed25519PrivateKey.from_private_bytes(b"\x07" * 32)
FILLER = hashlib.sha256(b"an entry about something else").digest()


def written(entry: Entry) -> bytes:
    """The bytes of an entry with these values, commitments as they are."""
    cls = EVENTS[entry.tag]
    stamped = b"" if entry.stamp is None else _write_stamp(entry.stamp)
    body = b"".join(_codec(cls, name, codec).write(entry.values[name]) for name, codec in fields_of(cls))
    return head(entry.tag, len(fields_of(cls)) + (STAMPED if entry.stamp else 0)) + stamped + body


def changed(entry: Entry, /, **values: object) -> Entry:
    """The entry with other values; `id`, `at` and `by` change its stamp."""
    stamp = entry.stamp
    if stamp is not None:
        told = {name: values.pop(name) for name in ("id", "at", "by") if name in values}
        stamp = replace(stamp, **told)  # type: ignore[arg-type]
    return Entry(entry.tag, stamp, {**entry.values, **values})


def instead(value: Any, was: bytes, now: bytes) -> Any:
    """The value with other bytes for those, wherever they stand in it."""
    match value:
        case bytes():
            return now if value == was else value
        case tuple():
            return tuple(instead(one, was, now) for one in value)
    if not is_dataclass(value) or isinstance(value, type):
        return value
    return replace(value, **{one.name: instead(getattr(value, one.name), was, now) for one in fields(value)})


def other(value: Any) -> Any:
    """Another value of the same type."""
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case str():
            return f"{value}x" if value else "x"
        case Decimal():
            return value + Decimal(1).scaleb(int(value.as_tuple().exponent))
        case datetime():
            return value + timedelta(seconds=1)
        case bytes():
            return bytes([value[0] ^ 1]) + value[1:] if value else b"x"
        case Commitment():
            return Commitment(other(value.digest))
        case tuple():
            return (*value[:-1], other(value[-1])) if value else ()
        case None:
            return None
    first = next(iter(vars(value)))
    return replace(value, **{first: other(getattr(value, first))})


@dataclass
class Forger:
    """A case in the making: leaves by index (None: left out), objects and private parts by name.

    `afterwards` changes the finished case, proofs or not; without `recounts` the trails stay as they were told.
    """

    case: Case
    trust: Trust
    leaves: dict[int, bytes | None] = field(default_factory=dict)
    objects: dict[str, bytes] = field(default_factory=dict)
    private: dict[str, bytes] = field(default_factory=dict)
    afterwards: Callable[[Case], Case] | None = None
    recounts: bool = True

    def __post_init__(self) -> None:
        self.leaves = {one.index: one.leaf for one in self.case.leaves}
        self.objects, self.private = dict(self.case.objects), dict(self.case.private)

    def say(self, one: Happened, **values: object) -> None:
        """Let an entry, open or lifted, say something else."""
        data = written(changed(one.entry, **values))
        if self.leaves.get(one.index) == one.leaf:
            self.leaves[one.index] = data
        else:
            self._veil(one, data)

    def _veil(self, one: Happened, inner: bytes) -> None:
        lift = next(lift for lift in self.case.all(LIFTED) if lift["index"] == one.index)
        hidden = read_entry(self.leaves[one.index] or b"")
        commitment = commit_veiled(lift["salt"], inner)
        self.leaves[one.index] = written(changed(hidden, commitment=commitment))
        self.leaves[lift.index] = written(changed(lift.entry, inner=inner))

    def disclose(self, one: Happened, name: str, value: bytes) -> None:
        """Let a committed field, and its disclosure, hold other canonical bytes."""
        said = next(said for said in self.case.all(DISCLOSED) if (said["entry"], said["field"]) == (one.id, name))
        self.leaves[one.index] = written(changed(one.entry, **{name: commit_field(said["salt"], one.id, name, value)}))
        self.leaves[said.index] = written(changed(said.entry, value=value))

    def drop(self, one: Happened) -> None:
        """Leave an entry out of the log; a lifted one with its veil."""
        if self.leaves.get(one.index) == one.leaf:
            self.leaves[one.index] = None
            return
        lift = next(lift for lift in self.case.all(LIFTED) if lift["index"] == one.index)
        self.leaves[one.index] = self.leaves[lift.index] = None

    def exchange(self, one: Happened, two: Happened) -> None:
        """Let two entries stand in each other's place."""
        self.leaves[one.index], self.leaves[two.index] = two.leaf, one.leaf

    def double(self, one: Happened, **values: object) -> None:
        """Let an entry be there once more, at the end of the log, under another identity; then a last count."""
        data = written(changed(one.entry, **{"id": other(one.id), **values}))
        if self.leaves.get(one.index) == one.leaf:
            self.append(data)
            return
        lift = next(lift for lift in self.case.all(LIFTED) if lift["index"] == one.index)
        hidden, end = read_entry(self.leaves[one.index] or b""), max(self.leaves) + 1
        self.append(
            written(changed(hidden, commitment=commit_veiled(lift["salt"], data))),
            written(changed(lift.entry, id=other(lift.id), index=end, inner=data)),
        )

    def append(self, *added: bytes) -> None:
        """Let the log go on with these entries, and a last count."""
        last, end = self.case.all(TRAIL)[-1], max(self.leaves) + 1
        self.leaves |= dict(enumerate(added, start=end))
        count = end + max(len(added), 2)
        self.leaves[count] = written(changed(last.entry, id=other(last.id), upto=count - 1))

    def cut(self, after: int) -> None:
        """Let the log have ended with the entry at this index, and a count."""
        kept = {index: leaf for index, leaf in self.leaves.items() if index <= after}
        last = self.case.all(TRAIL)[-1]
        self.leaves = {**kept, after + 1: written(changed(last.entry, id=other(last.id), upto=after))}

    def retell(self, was: bytes, data: bytes) -> None:
        """Let every entry that names an object name another one instead."""
        now = self.put(data)
        for one in (*self.case.open, *self.case.inner):
            values = {name: instead(value, was, now) for name, value in one.entry.values.items()}
            if values != one.entry.values and one.tag != LIFTED:
                self.say(one, **values)

    def put(self, data: bytes) -> bytes:
        """Lay an object into the bundle; its digest."""
        digest = hashlib.sha256(data).digest()
        self.objects[digest.hex()] = data
        return digest

    def forged(self) -> tuple[Case, Trust]:
        """The case, with everything that can be made right made right, and the trust of one who believes the liar."""
        kept = {index: leaf for index, leaf in sorted(self.leaves.items()) if leaf is not None}
        if self.recounts:
            self._recount(kept)
        size = max(self.leaves) + 1
        hashes = [merkle.leaf_hash(kept[at]) if at in kept else FILLER for at in range(size)]
        subtree = cache(merkle.subtree_of(hashes))
        state = note.Checkpoint(self.trust.log.name, size, merkle.root_of(hashes))
        leaves = tuple(
            Leaf(index, leaf, tuple(merkle.inclusion_proof(index, size, subtree))) for index, leaf in kept.items()
        )
        key = LogKey(self.trust.log.name, note.raw_public(KEY.public_key()))
        case = replace(
            self.case, note=note.sign(state, KEY), leaves=leaves, objects=self.objects, private=self.private,
            _worked_out={},
        )  # fmt: skip
        case = replace(case, members=members_of(case), _worked_out={})
        return self.afterwards(case) if self.afterwards else case, replace(self.trust, log=key)

    def _recount(self, kept: dict[int, bytes]) -> None:
        """Count the trails again, the earlier ones first."""
        entries = {index: read_entry(leaf) for index, leaf in kept.items()}
        for index, entry in entries.items():
            if entry.tag == TRAIL:
                before = [
                    kept[at]
                    for at, one in entries.items()
                    if at <= entry.values["upto"] and one.tag != VEILED and scoped(Happened(at, kept[at], one))
                ]
                kept[index] = written(changed(entry, count=len(before), digest=trail_digest(before)))


Lie = Callable[[Forger], None]


def tags_of(case: Case) -> Mapping[str, list[Happened]]:
    """Open and lifted entries of a case by tag."""
    return case.by_tag
