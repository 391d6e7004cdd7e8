"""Every single change that somebody without the log's key can make in a bundle: one field, byte, order, drop, splice.

Enters: the parts of a true bundle, and what lies about in other bundles of the same log. Leaves: `Mutant`s. Their kinds
are structural: an ordinary day tries one of each kind, `./sunlight deep` every single one. Parts and cases are in their
one form again after the change, so that it is the checks that must find it and not the packing; `archive` alone changes
raw bytes.
"""

from __future__ import annotations

import dataclasses
import hashlib
import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar

from ledger.bundle import Leaf, pack, read_json, write_json
from ledger.canon import Malformed
from ledger.events import Entry, Stamp, read_entry
from supervision.verifier.case import (
    CHECKPOINT,
    HEAD,
    LATEST,
    MOMENTS,
    OBJECTS,
    PRIVATE,
    PUBLIC,
    REGULATOR,
    Case,
    read_case,
)
from tests.supervision.forger import changed, other, written

Parts = dict[str, bytes]
Made = bytes | Parts | Case
T = TypeVar("T")


@dataclass(frozen=True)
class Mutant:
    """One change: `kind` says what sort of thing was changed how, `where` which one."""

    kind: str
    where: str
    made: Callable[[], Made]


@dataclass(frozen=True)
class Material:
    """A true bundle; `others`: parts of other bundles by a word; `strangers`: leaves of another tender, with proofs."""

    parts: Parts
    others: dict[str, Parts]
    strangers: tuple[Leaf, ...]

    @property
    def case(self) -> Case:
        """The bundle as read."""
        return read_case(self.parts)


def shape_of(name: str, data: bytes) -> str:
    """What sort of member this is: records and signatures differ from papers, private parts by their ending."""
    if name.startswith(OBJECTS):
        return OBJECTS + {b"\x09": "record", b"\x30": "signature"}.get(data[:1], "paper")
    return f"{PRIVATE}*.{name.rpartition('.')[2]}" if name.startswith(PRIVATE) else name


# What stands where in an archive (APPNOTE 4.3.7, 4.3.12, 4.3.16).
LOCAL = (("signature", 4), ("needs", 2), ("flags", 2), ("method", 2), ("time", 2), ("date", 2), ("crc", 4),
         ("packed", 4), ("size", 4), ("name length", 2), ("extra length", 2))  # fmt: skip
CENTRAL = (("signature", 4), ("made by", 2), *LOCAL[1:], ("comment length", 2), ("disk", 2), ("inner", 2),
           ("outer", 4), ("offset", 4))  # fmt: skip
END = (("signature", 4), ("disk", 2), ("first disk", 2), ("here", 2), ("all", 2), ("length", 4), ("offset", 4),
       ("comment length", 2))  # fmt: skip


def regions(data: bytes) -> Iterator[tuple[str, int, int]]:
    """Every region of an archive: what it is, begin and end."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members, at = archive.infolist(), archive.start_dir
    for one in members:
        begin = one.header_offset
        yield from _fields("local", LOCAL, begin)
        begin += sum(width for _name, width in LOCAL)
        yield "local name", begin, begin + len(one.filename)
        yield "content", begin + len(one.filename), begin + len(one.filename) + one.file_size
    for one in members:
        yield from _fields("central", CENTRAL, at)
        at += sum(width for _name, width in CENTRAL)
        yield "central name", at, at + len(one.filename)
        at += len(one.filename)
    yield from _fields("end", END, at)


def _fields(prefix: str, layout: Sequence[tuple[str, int]], at: int) -> Iterator[tuple[str, int, int]]:
    for name, width in layout:
        yield f"{prefix} {name}", at, at + width
        at += width


def archive(data: bytes) -> Iterator[Mutant]:
    """Every byte of the archive's own structure, and three in every content, changed; begin and end shifted."""
    for name, begin, end in regions(data):
        places = {begin, (begin + end) // 2, end - 1} if name == "content" else set(range(begin, end))
        for at in sorted(place for place in places if begin <= place < end):
            yield Mutant(f"archive, {name}", f"byte {at}", partial(flipped, data, at))
    yield Mutant("archive, cut short", "end", as_is(data[:-1]))
    yield Mutant("archive, longer", "end", as_is(data + b"\0"))
    yield Mutant("archive, longer", "begin", as_is(b"\0" + data))


def as_is(value: T) -> Callable[[], T]:
    """What is made already."""
    return lambda: value


def flipped(data: bytes, at: int) -> bytes:
    """The same bytes but for one bit of the byte at `at`."""
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def members(parts: Parts) -> Iterator[Mutant]:
    """Every member dropped, emptied, renamed, cut, lengthened, swapped, laid a second time, changed in its bytes."""
    names = sorted(parts)
    for at, name in enumerate(names):
        data, rest = parts[name], {key: value for key, value in parts.items() if key != name}
        sort, neighbour = shape_of(name, data), names[at - 1]
        whole: dict[str, Parts] = {
            "dropped": rest,
            "emptied": {**rest, name: b""},
            "longer": {**rest, name: data + b"\0"},
            "shorter": {**rest, name: data[:-1]},
            "renamed": {**rest, f"{name}x": data},
            "swapped": {**parts, name: parts[neighbour], neighbour: data},
            "of its neighbour": {**parts, name: parts[neighbour]},
            "doubled": {**parts, f"{name}x": data},
            "doubled as object": {**parts, OBJECTS + hashlib.sha256(b"x" + data).hexdigest(): data},
        }
        for how, made in whole.items():
            yield Mutant(f"{sort}, {how}", name, as_is(made))
        for place in range(len(data)) if len(data) < 1024 else (0, 1, len(data) // 2, len(data) - 2, len(data) - 1):
            yield Mutant(f"{sort}, byte changed", f"{name} {place}", partial(_other_byte, parts, name, place))
            if name.startswith(OBJECTS):
                yield Mutant(
                    f"{sort}, byte changed and named anew", f"{name} {place}", partial(_anew, rest, data, place)
                )


def _other_byte(parts: Parts, name: str, place: int) -> Parts:
    return {**parts, name: flipped(parts[name], place)}


def _anew(rest: Parts, data: bytes, place: int) -> Parts:
    wrong = flipped(data, place)
    return {**rest, OBJECTS + hashlib.sha256(wrong).hexdigest(): wrong}


def _with_json(parts: Parts, name: str, made: Callable[[], Any]) -> Parts:
    return {**parts, name: write_json(made())}


def _with_item(value: list[Any], at: int, made: Callable[[], Any]) -> list[Any]:
    return [*value[:at], made(), *value[at + 1 :]]


def _with_key(value: dict[str, Any], key: str, made: Callable[[], Any]) -> dict[str, Any]:
    return {**value, key: made()}


def lines(parts: Parts) -> Iterator[Mutant]:
    """Every line of the signed notes dropped, doubled, swapped."""
    for name, data in parts.items():
        if name == CHECKPOINT or name.startswith("checkpoint"):
            rows = data.splitlines(keepends=True)
            for how, made in _rows(rows):
                yield Mutant(f"{name}, line {how}", name, as_is({**parts, name: b"".join(made)}))


def _rows(rows: list[Any]) -> Iterator[tuple[str, list[Any]]]:
    """A list with one thing in it dropped, doubled, or swapped with the next; and the whole of it reversed."""
    for at, one in enumerate(rows):
        yield "dropped", rows[:at] + rows[at + 1 :]
        yield "doubled", [*rows[: at + 1], one, *rows[at + 1 :]]
        if at + 1 < len(rows):
            yield "swapped", [*rows[:at], rows[at + 1], one, *rows[at + 2 :]]
    yield "reversed", rows[::-1]


def texts(parts: Parts) -> Iterator[Mutant]:
    """Every value in the JSON members changed, of another type, dropped, doubled, swapped; keys renamed and added."""
    for name, data in parts.items():
        if name.endswith(".json"):
            value = read_json(data)
            for kind, where, made in json_changes(value, name, name):
                yield Mutant(kind, where, partial(_with_json, parts, name, made))


def heads(parts: Parts) -> Iterator[Mutant]:
    """The head names the other kind, or another moment of those there are."""
    head = read_json(parts[HEAD])
    for name, words in (("kind", (PUBLIC, REGULATOR)), ("moment", (*MOMENTS, LATEST))):
        for word in words:
            yield Mutant(f"{name} {word}", HEAD, as_is({**parts, HEAD: write_json({**head, name: word})}))


def json_changes(value: Any, kind: str, where: str) -> Iterator[tuple[str, str, Callable[[], Any]]]:
    """Every change of one thing in a value that JSON holds."""
    for how, made in _scalars(value):
        yield f"{kind} {how}", where, as_is(made)
    if isinstance(value, list):
        for how, rows in _rows(value) if len(value) < 100 else ():
            yield f"{kind} {how}", where, as_is(rows)
        # Of the many rows of entries each tenth: what they say is changed in every one by `entries` and `orders`.
        for at in range(0, len(value), 10) if len(value) > 30 else sorted({0, len(value) - 1} & {*range(len(value))}):
            for how, place, made in json_changes(value[at], f"{kind}[]", f"{where}[{at}]"):
                yield how, place, partial(_with_item, value, at, made)
    if isinstance(value, dict):
        yield f"{kind} with a key more", where, as_is({**value, "zz": 1})
        for key in value:
            rest = {name: one for name, one in value.items() if name != key}
            said = "*" if "/" in key else key  # one of many names
            yield f"{kind} without {said}", f"{where}.{key}", as_is(rest)
            yield f"{kind}, {said} renamed", f"{where}.{key}", as_is({**rest, f"{key}x": value[key]})
            for how, place, made in json_changes(value[key], f"{kind}.{said}", f"{where}.{key}"):
                yield how, place, partial(_with_key, value, key, made)


def _scalars(value: Any) -> Iterator[tuple[str, Any]]:
    yield from (("null", None), ("nothing", {}), ("a list", [value]))
    if isinstance(value, bool):
        yield "negated", not value
    elif isinstance(value, int):
        yield from (("more", value + 1), ("less", value - 1), ("below zero", -value - 1), ("text", str(value)))
    elif isinstance(value, str):
        last = "0" if value[-1:] != "0" else "1"
        changes = {"other": value[:-1] + last, "longer": value + "00", "spaced": f" {value}", "empty": "", "number": 7}
        yield from changes.items()
        if value.upper() != value:
            yield "in capitals", value.upper()


def entries(case: Case) -> Iterator[Mutant]:
    """Every field of every entry, and of what stands in it, said otherwise, in canonical bytes."""
    for at, one in enumerate(case.leaves):
        entry = read_entry(one.leaf)
        for name, wrong in said_otherwise(entry):
            kind, where = f"{entry.tag} {name}", f"entry {one.index}"
            yield Mutant(kind, where, partial(leaf_put, case, at, replace(one, leaf=wrong)))


def leaf_put(case: Case, at: int, leaf: Leaf) -> Case:
    """The case with another leaf in one place."""
    return leaves_put(case, [*case.leaves[:at], leaf, *case.leaves[at + 1 :]])


def leaves_put(case: Case, leaves: Sequence[Leaf]) -> Case:
    """The case with these leaves."""
    return replace(case, leaves=tuple(leaves), _worked_out={})


def said_otherwise(entry: Entry) -> Iterator[tuple[str, bytes]]:
    """Names of what is changed, and the bytes of the entry that says it."""
    said: list[tuple[str, Entry]] = [
        (f"{name}{how}", changed(entry, **{name: value}))
        for name, old in entry.values.items()
        for how, value in variants(old)
    ]
    stamp = entry.stamp
    if stamp is not None:
        said += [("at", changed(entry, at=other(stamp.at))), ("by", changed(entry, by=f"{stamp.by or ''}x"))]
        said += [("by nobody", changed(entry, by=None))] if stamp.by else []
        said += [("id", Entry(entry.tag, Stamp(other(stamp.id), stamp.at, stamp.by), entry.values))]
    for name, wrong in said:
        try:
            yield name, written(wrong)
        except Malformed:
            continue  # this cannot even be written


def variants(value: Any) -> Iterator[tuple[str, Any]]:
    """Other values in the place of one: another, absent, and for lists and records the same for every part."""
    if isinstance(value, tuple):
        for how, rows in _rows(list(value)):
            if tuple(rows) != value:
                yield f"[] {how}", tuple(rows)
        for at, one in enumerate(value):
            for how, new in variants(one):
                yield f"[]{how}", (*value[:at], new, *value[at + 1 :])
    elif dataclasses.is_dataclass(value) and not isinstance(value, type) and not hasattr(value, "digest"):
        for one in dataclasses.fields(value):
            for how, new in variants(getattr(value, one.name)):
                yield f".{one.name}{how}", replace(value, **{one.name: new})
    elif value is not None:
        yield "", other(value)


def orders(case: Case) -> Iterator[Mutant]:
    """Every leaf dropped, doubled, swapped, at another's index, with another's path, with a step less, more, other."""
    leaves = list(case.leaves)
    for at, one in enumerate(leaves):
        tag, two = read_entry(one.leaf).tag, leaves[(at + 1) % len(leaves)]
        single: dict[str, list[Leaf]] = {
            "with another index": [replace(one, index=one.index + 10_000)],
            "at the next index": [replace(one, index=one.index + 1)],
            "in another's place": [replace(one, leaf=two.leaf)],
            "with another's path": [replace(one, path=two.path)],
            "without a path": [replace(one, path=())],
            "with a step less": [replace(one, path=one.path[:-1])],
            "with a step more": [replace(one, path=(*one.path, bytes(32)))],
            "with short steps": [replace(one, path=tuple(step[:31] for step in one.path))],
            "dropped": [],
            "doubled": [one, one],
            "doubled elsewhere": [one, replace(two, leaf=one.leaf)],
        }
        for step in range(len(one.path)):
            path = [*one.path[:step], other(one.path[step]), *one.path[step + 1 :]]
            single[f"with step {step} changed"] = [replace(one, path=tuple(path))]
        for how, put in single.items():
            kind = f"leaf of {tag}, {how}" if how == "dropped" else f"leaf, {how}"
            made = [*leaves[:at], *put, *leaves[at + 1 :]]
            yield Mutant(kind, f"entry {one.index}", partial(leaves_put, case, made))
        if at:
            swapped = [*leaves[: at - 1], one, leaves[at - 1], *leaves[at + 1 :]]
            yield Mutant("leaf, before the last", f"entry {one.index}", partial(leaves_put, case, swapped))
    yield Mutant("leaves, reversed", "all", partial(leaves_put, case, leaves[::-1]))


def splices(material: Material) -> Iterator[Mutant]:
    """Whatever lies in another bundle, or in the same log about another tender, put in or put in the place of ours."""
    parts, case = material.parts, material.case
    leaves = list(case.leaves)
    for one in material.strangers:
        tag = read_entry(one.leaf).tag
        added = sorted([*leaves, one], key=lambda leaf: leaf.index)
        yield Mutant(f"{tag} of another tender", f"entry {one.index}", partial(leaves_put, case, added))
        for at in range(len(leaves)):
            kind = "leaf of another tender in the place of one"
            yield Mutant(kind, f"{one.index} at {at}", partial(leaf_put, case, at, one))
    for word, found in material.others.items():
        for name, data in found.items():
            if parts.get(name) != data:
                kind = f"{shape_of(name, data)} of {word}"
                yield Mutant(kind, name, as_is({**parts, name: data}))
        for at, row in enumerate(read_case(found).leaves):
            if at < len(leaves) and row != leaves[at]:
                yield Mutant(f"leaf of {word}", f"{at}", partial(leaf_put, case, at, row))


def mutants(material: Material) -> Iterator[Mutant]:
    """All of them."""
    yield from archive(pack(material.parts))
    yield from members(material.parts)
    yield from lines(material.parts)
    yield from texts(material.parts)
    yield from heads(material.parts)
    yield from entries(material.case)
    yield from orders(material.case)
    yield from splices(material)


def one_of_each(every: Iterator[Mutant]) -> Iterator[Mutant]:
    """The first of each kind."""
    seen: set[str] = set()
    for one in every:
        if one.kind not in seen:
            seen.add(one.kind)
            yield one
