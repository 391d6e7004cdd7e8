"""Pure. A bundle read as a case: entries in their places, inner entries that were lifted, disclosures, objects.

Enters: the parts of an archive. Leaves: a `Case` that the numbered checks ask. Reading is tolerant where a check of its
own says what is wrong (log.py), and raises `Missing` with a sentence where evidence that must be there is not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, wraps
from typing import Any, TypeVar

# Who reads entries must know them: these say what each tag holds.
from bidding import events as _bidding  # noqa: F401
from evaluation import events as _evaluation  # noqa: F401
from experts import events as _experts  # noqa: F401
from guarantees import events as _guarantees  # noqa: F401
from ledger.bundle import FORMAT, Later, Leaf, read_json, read_later, read_leaves
from ledger.canon import EPOCH, Malformed, decode
from ledger.errors import Broken, Reason, Refused, _
from ledger.events import Entry, read_entry
from supervision import events as _supervision  # noqa: F401
from supervision.verifier.readme import README
from trading import events as _trading  # noqa: F401

PUBLIC, REGULATOR = "public", "regulator"
HEAD, CHECKPOINT, ENTRIES, OBJECTS, PRIVATE = "bundle.json", "checkpoint", "entries.json", "objects/", "private/"
PAGE, WITNESSES, TIMESTAMPS = "README.md", "witnesses.json", "timestamps.json"
FIXED = frozenset({PAGE, HEAD, CHECKPOINT, ENTRIES, WITNESSES, TIMESTAMPS})  # what every bundle has
DEADLINE, OPENING, AWARD, ARCHIVE, LATEST = "deadline", "opening", "award", "archive", "latest"
MOMENTS = (DEADLINE, OPENING, AWARD, ARCHIVE)
VEILED, LIFTED, DISCLOSED = "ledger:veiled:added", "ledger:veiled:lifted", "ledger:field:disclosed"
T = TypeVar("T")


class Missing(Refused):
    """Evidence that must be in the bundle is not: what hangs on it cannot be checked, and that is a failure."""


def fault(word: str, text: str, **facts: object) -> Reason:
    """A finding: `verify.<word>` with a sentence."""
    return Reason(f"verify.{word}", text, {name: str(value) for name, value in facts.items()})


def missing(what: str, **facts: object) -> Missing:
    """That something is not in the bundle."""
    return Missing(fault("missing", _("The bundle does not hold what must be there: %(what)s."), what=what, **facts))


@dataclass(frozen=True)
class Happened:
    """An entry in its place. `index` is that of its leaf (of its veiled leaf, for a lifted one); `by` "" if nobody."""

    index: int
    leaf: bytes
    entry: Entry

    @property
    def tag(self) -> str:
        """Its tag."""
        return self.entry.tag

    @property
    def id(self) -> bytes:
        """Its random id, empty for a veiled leaf."""
        return self.entry.stamp.id if self.entry.stamp else b""

    @property
    def at(self) -> datetime:
        """The time of its act."""
        return self.entry.stamp.at if self.entry.stamp else EPOCH

    @property
    def by(self) -> str:
        """Who acted."""
        return (self.entry.stamp.by if self.entry.stamp else None) or ""

    def __getitem__(self, name: str) -> Any:
        return self.entry.values[name]


@dataclass(frozen=True)
class Case:
    """One tender's evidence. `leaves` as they stand in the bundle, `objects` by hex digest, `private` by name.

    `moment` is one of `MOMENTS` or `LATEST`; `members` what the head says of every member; `witnessed` and `stamped`
    what witnesses and a timestamp authority said of the checkpoint.
    """

    kind: str
    tender: str
    lots: tuple[str, ...]
    note: bytes
    leaves: tuple[Leaf, ...]
    objects: Mapping[str, bytes]
    private: Mapping[str, bytes]
    moment: str = LATEST
    members: Mapping[str, str] = field(default_factory=dict)
    witnessed: Later | None = None
    stamped: Later | None = None
    _worked_out: dict[tuple[object, ...], Any] = field(default_factory=dict, repr=False, compare=False)

    def once(self, what: tuple[object, ...], work: Callable[[], T]) -> T:
        """What `work` gives, worked out once for this case."""
        if what not in self._worked_out:
            self._worked_out[what] = work()
        found: T = self._worked_out[what]
        return found

    @cached_property
    def is_public(self) -> bool:
        """Whether this is the public bundle."""
        return self.kind == PUBLIC

    @cached_property
    def entries(self) -> tuple[Happened, ...]:
        """The entries that can be read, in index order; what cannot is found by check 3."""
        return tuple(sorted(self._read(), key=lambda one: one.index))

    def _read(self) -> Iterator[Happened]:
        for one in self.leaves:
            try:
                yield Happened(one.index, one.leaf, read_entry(one.leaf))
            except Malformed:
                continue

    @cached_property
    def open(self) -> tuple[Happened, ...]:
        """Every entry that is not a veiled leaf."""
        return tuple(one for one in self.entries if one.tag != VEILED)

    @cached_property
    def inner(self) -> tuple[Happened, ...]:
        """The inner entries that were lifted, in the order of their leaves; unreadable ones are found by check 6."""
        found = []
        for one in self.open:
            if one.tag == LIFTED:
                try:
                    found.append(Happened(one["index"], one["inner"], read_entry(one["inner"])))
                except Malformed:
                    continue
        return tuple(sorted(found, key=lambda one: one.index))

    @cached_property
    def by_tag(self) -> Mapping[str, list[Happened]]:
        """Open and lifted entries by tag, each list in index order."""
        found: dict[str, list[Happened]] = {}
        for one in sorted((*self.open, *self.inner), key=lambda one: one.index):
            found.setdefault(one.tag, []).append(one)
        return found

    @cached_property
    def disclosed(self) -> Mapping[tuple[bytes, str], Happened]:
        """The first disclosure of each committed field, by entry id and field name."""
        found: dict[tuple[bytes, str], Happened] = {}
        for one in self.all(DISCLOSED):
            found.setdefault((one["entry"], one["field"]), one)
        return found

    def all(self, tag: str, **values: object) -> list[Happened]:
        """The entries with this tag whose fields have these values, in index order."""
        return [
            one
            for one in self.by_tag.get(tag, [])
            if all(one.entry.values.get(name) == value for name, value in values.items())
        ]

    def first(self, tag: str, **values: object) -> Happened | None:
        """The first of them."""
        return next(iter(self.all(tag, **values)), None)

    def last(self, tag: str, **values: object) -> Happened | None:
        """The last of them."""
        return next(reversed(self.all(tag, **values)), None)

    def one(self, tag: str, **values: object) -> Happened:
        """The one entry there must be; `Missing` when there is none or more than one."""
        found = self.all(tag, **values)
        if len(found) != 1:
            text = _("There must be exactly one entry %(tag)s, and there are %(count)s.")
            raise Missing(fault("not_one", text, tag=tag, count=len(found)))
        return found[0]

    def object(self, digest: bytes, what: str) -> bytes:
        """The object with this SHA-256; `Missing` without it."""
        found = self.objects.get(digest.hex())
        if found is None:
            raise missing(what)
        return found

    def record(self, cls: type[T], digest: bytes, what: str) -> T:
        """The canonical record in the object with this SHA-256; `Missing` without it or when it is another thing."""
        data = self.object(digest, what)
        try:
            return self.once((cls, digest), lambda: decode(cls, data))
        except Malformed:
            text = _("This object is not the record that it should be: %(what)s.")
            raise Missing(fault("not_record", text, what=what)) from None


Of = TypeVar("Of")


def once_a_case(rule: Callable[..., Of]) -> Callable[..., Of]:
    """Make `rule(case, ...)` work out each answer once for a case."""

    @wraps(rule)
    def asked(case: Case, *facts: object) -> Of:
        return case.once((rule.__module__, rule.__qualname__, *facts), lambda: rule(case, *facts))

    return asked


def read_case(parts: Mapping[str, bytes]) -> Case:
    """The case in the parts of an archive; `Broken` when what every bundle has is not there, or not so."""
    for name in sorted(FIXED - parts.keys()):
        raise Broken(f"the bundle has no {name}")
    for name in parts:
        if name not in FIXED and not name.startswith((OBJECTS, PRIVATE)):
            raise Broken(f"{name} has no place in a bundle")
    if parts[PAGE] != README:
        raise Broken(f"{PAGE} is not the page that lies in every bundle")
    head = _head(parts[HEAD])
    return Case(
        kind=head["kind"],
        tender=head["tender"],
        lots=tuple(head["lots"]),
        note=parts[CHECKPOINT],
        leaves=tuple(read_leaves(parts[ENTRIES])),
        objects={name.removeprefix(OBJECTS): data for name, data in parts.items() if name.startswith(OBJECTS)},
        private={name.removeprefix(PRIVATE): data for name, data in parts.items() if name.startswith(PRIVATE)},
        moment=head["moment"],
        members=head["members"],
        witnessed=read_later(parts[WITNESSES], stamped=False),
        stamped=read_later(parts[TIMESTAMPS], stamped=True),
    )


def _head(data: bytes) -> dict[str, Any]:
    """What `bundle.json` says, or `Broken`."""
    head = read_json(data)
    wrong = Broken(_("the head of the bundle is not what it must be"))
    if not isinstance(head, dict) or set(head) != {"format", "kind", "lots", "members", "moment", "tender"}:
        raise wrong
    members = head["members"]
    if not isinstance(members, dict) or not _words(head["lots"]):
        raise wrong
    if not _words([head["format"], head["kind"], head["moment"], head["tender"], *members.values()]):
        raise wrong
    if head["format"] != FORMAT or head["kind"] not in {PUBLIC, REGULATOR} or head["moment"] not in {*MOMENTS, LATEST}:
        raise wrong
    return head


def _words(found: object) -> bool:
    return isinstance(found, list) and all(isinstance(one, str) for one in found)


def sha256(data: bytes) -> bytes:
    """SHA-256 of `data`."""
    return hashlib.sha256(data).digest()
