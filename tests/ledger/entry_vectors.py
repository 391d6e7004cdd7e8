"""The vectors of entries that every reader of the log shares: one of each tag, and what of each is refused.

`python -m tests.ledger.golden` writes tests/vectors/entries.json. `events` gives for each tag whether it is
`bare` (no stamp) and its fields, each a name and a type (the words of canon_vectors); `hidden` names the fields that
hold a commitment in the place of that type, with the event that discloses each, or "never". `taken` has the entries:
stamp, values (a hidden one's is its commitment) and bytes in hex; `committed` gives salt, canonical value and
commitment of the hidden fields. `refused` has edits of those bytes, `[at, cut, put]` to be done from the last to the
first on the entry of the same number in `taken`, each of which no reader may take.
"""

from __future__ import annotations

import hashlib
import json
import types
import typing
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from ledger.canon import EPOCH, PLAIN, Codec, Commitment, Places, Reader, codec_for, fields_of, tag_of
from ledger.events import EVENTS, Stamp, committed_fields, field_bytes, read_entry, write_entry
from tests.ledger.golden import shapes

VECTORS: Path = Path(__file__).resolve().parents[1] / "vectors" / "entries.json"
WORDS: dict[object, str] = {
    int: "uint",
    str: "text",
    bytes: "bytes",
    datetime: "instant",
    bool: "bool",
    Commitment: "commitment",
}
AT = EPOCH + timedelta(microseconds=1_772_413_200_000_005)
STAMP_FIELDS = ("id", "at", "by")
Edit = tuple[int, int, str]


def kind_of(hint: Any) -> Any:
    """A declared type in the words of the vectors."""
    if hint in WORDS:
        return WORDS[hint]
    parts = typing.get_args(hint)
    if typing.get_origin(hint) is typing.Annotated:
        places = [mark.digits for mark in parts[1:] if isinstance(mark, Places)]
        return {"decimal": places[0]} if places else kind_of(parts[0])
    if typing.get_origin(hint) is tuple:
        return {"list": kind_of(parts[0])}
    if typing.get_origin(hint) in {types.UnionType, typing.Union}:
        return {"optional": kind_of(parts[0])}
    return {"record": [tag_of(hint), [[name, kind_of(below)] for name, below in hints_of(hint).items()]]}


def hints_of(cls: type) -> dict[str, Any]:
    """The declared types of the fields of a record, in their order."""
    hints = typing.get_type_hints(cls, include_extras=True)
    return {name: hints[name] for name, _codec in fields_of(cls)}


def made(hint: Any, seed: str, *, full: bool) -> Any:
    """A value of a type that follows from `seed`; without `full` what may be absent is, and lists are empty."""
    drawn = hashlib.sha256(seed.encode()).digest()
    number = int.from_bytes(drawn[:2], "big")
    plain: dict[object, Any] = {
        int: number, str: f"{seed} 标段{number}", bytes: drawn, datetime: AT + timedelta(seconds=number),
        bool: number % 2 == 0, Commitment: Commitment(drawn),
    }  # fmt: skip
    if hint in plain:
        return plain[hint]
    parts, origin = typing.get_args(hint), typing.get_origin(hint)
    if origin is typing.Annotated:
        places = [mark.digits for mark in parts[1:] if isinstance(mark, Places)]
        return Decimal(number).scaleb(-places[0]) if places else made(parts[0], seed, full=full)
    if origin is tuple:
        return tuple(made(parts[0], f"{seed}.{at}", full=at == 0) for at in range(2)) if full else ()
    if origin in {types.UnionType, typing.Union}:
        return made(parts[0], seed, full=full) if full else None
    return hint(**{name: made(below, f"{seed}.{name}", full=full) for name, below in hints_of(hint).items()})


def plain_of(value: Any) -> Any:
    """A value as JSON holds it."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, Commitment):
        return value.digest.hex()
    if isinstance(value, datetime):
        return str((value - EPOCH) // timedelta(microseconds=1))
    if isinstance(value, tuple):
        return [plain_of(one) for one in value]
    if isinstance(value, int | Decimal):
        return str(value)
    return {name: plain_of(getattr(value, name)) for name, _codec in fields_of(type(value))}


def salt_of(seed: str) -> bytes:
    """The salt of a hidden field in the vectors."""
    return hashlib.sha256(f"salt {seed}".encode()).digest()


def entry_of(tag: str, *, full: bool) -> dict[str, Any]:
    """The vector of one entry."""
    cls = EVENTS[tag]
    happened = cls(**{name: made(hint, f"{tag}.{name}", full=full) for name, hint in hints_of(cls).items()})
    stamp = Stamp(hashlib.sha256(tag.encode()).digest()[:16], AT, "a1b2c3" if full else None)
    salts = {name: salt_of(f"{tag}.{name}") for name in committed_fields(cls)}
    data = write_entry(happened, stamp, salts)
    entry = read_entry(data)
    return {
        "tag": tag,
        "stamp": entry.stamp and {name: plain_of(getattr(entry.stamp, name)) for name in STAMP_FIELDS},
        "values": {name: plain_of(value) for name, value in entry.values.items()},
        "committed": {
            name: {
                "salt": salts[name].hex(),
                "value": field_bytes(happened, name).hex(),
                "commitment": entry.values[name].digest.hex(),
            }
            for name in salts
        },
        "bytes": data.hex(),
    }


def pieces(data: bytes) -> tuple[int, list[tuple[str, int, int]]]:
    """Where the count of an entry stands; and name, begin and end of every value behind it."""
    reader = Reader(data)
    reader.expect(0x09)
    cls = EVENTS[reader.block().decode()]
    count_at, count, found = reader.at, reader.uint(4), list[tuple[str, int, int]]()
    hidden, fields = committed_fields(cls), fields_of(cls)
    by = codec_for(str | None)
    stamped = list(zip(STAMP_FIELDS, (PLAIN[bytes], PLAIN[datetime], by), strict=True))
    every: list[tuple[str, Codec]] = [
        *(stamped if count > len(fields) else []),
        *((name, PLAIN[Commitment] if name in hidden else codec) for name, codec in fields),
    ]
    for name, codec in every:
        begin = reader.at
        codec.read(reader)
        found.append((name, begin, reader.at))
    return count_at, found


def edits(entry: dict[str, Any]) -> Iterator[tuple[str, list[Edit]]]:
    """What nobody may read in the place of an entry: why, and how its bytes are changed."""
    data, size = bytes.fromhex(entry["bytes"]), len(entry["bytes"]) // 2
    count_at, found = pieces(data)

    def count(more: int) -> Edit:
        return (count_at, 4, (len(found) + more).to_bytes(4, "big").hex())

    yield "an unknown event", [(count_at - 1, 1, b"~".hex())]
    yield "a field more", [count(1), (size, 0, "00")]
    yield "a field more, not counted", [(size, 0, "00")]
    yield "a field too many counted", [count(1)]
    yield "cut short", [(size - 1, 1, "")]
    if found:
        yield "its last field missing", [count(-1), (found[-1][1], found[-1][2] - found[-1][1], "")]
    for name, begin, end in found:
        if name in entry["committed"]:
            yield f"{name} not committed to", [(begin, end - begin, entry["committed"][name]["value"])]
        other = "0801" if data[begin] == 0x01 else "010000000000000001"
        yield f"{name} of another type", [(begin, end - begin, other)]
        if data[begin] != 0x00 and not may_lack(entry["tag"], name):
            yield f"{name} absent", [(begin, end - begin, "00")]
        if name == "id" and begin == count_at + 4:
            yield "an id of 15 bytes", [(begin, end - begin, f"030000000f{'11' * 15}")]


def may_lack(tag: str, name: str) -> bool:
    """Whether a field, or the `by` of the stamp, may be absent."""
    hints = hints_of(EVENTS[tag])
    return typing.get_origin(hints[name]) in {types.UnionType, typing.Union} if name in hints else name == "by"


def applied(data: bytes, changes: list[Edit]) -> bytes:
    """The bytes after the edits."""
    for at, cut, put in sorted(changes, reverse=True):
        data = data[:at] + bytes.fromhex(put) + data[at + cut :]
    return data


def entry_vectors() -> dict[str, Any]:
    """What the file holds."""
    tags = [*shapes()]
    taken = [entry_of(tag, full=full) for tag in tags for full in (True, False)]
    return {
        "events": {
            tag: {
                "bare": bool(EVENTS[tag].__bare__),  # type: ignore[attr-defined]
                "fields": [[name, kind_of(hint)] for name, hint in hints_of(EVENTS[tag]).items()],
                "hidden": dict(committed_fields(EVENTS[tag])),
            }
            for tag in tags
        },
        "taken": taken,
        "refused": [
            {"of": number, "why": why, "edits": changes}
            for number, entry in enumerate(taken)
            if number % 2 == 0
            for why, changes in edits(entry)
        ],
    }


def text_of(vectors: dict[str, Any]) -> str:
    """As the file is written: a line for each event, entry and refusal."""
    events = ",\n".join(f"{json.dumps(tag)}: {json.dumps(one)}" for tag, one in vectors["events"].items())
    taken, refused = (",\n".join(json.dumps(one) for one in vectors[name]) for name in ("taken", "refused"))
    return f'{{"events": {{\n{events}\n}},\n"taken": [\n{taken}\n],\n"refused": [\n{refused}\n]}}\n'
