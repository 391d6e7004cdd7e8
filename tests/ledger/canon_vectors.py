"""The vectors of canonical bytes that the Python and TypeScript twins share; run as a module it writes them.

A type is a word ("uint", "text", "bytes", "instant", "commitment", "bool") or an object with one key: "decimal" (its
places), "list", "optional", "record" (tag, and name and type of each field). Values are as JSON holds them: numbers as
text (an instant in microseconds), bytes in hex. `taken` gives type, value and bytes; `refused` type and bytes;
`unwritable` type and value; `receipts` inner entries of the three kinds that a receipt may hold, with their leaf.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Optional

from bidding.events import EnvelopeRefused, EnvelopeSealed, EnvelopeWithdrawn, WithdrawalRefused
from bidding.submission.receipt import Receipt
from ledger import canon, merkle
from ledger.canon import EPOCH, Codec, Commitment, Malformed, Places, Reader, codec_for
from ledger.events import Stamp, write_entry

VECTORS = Path(__file__).resolve().parents[1] / "vectors" / "canon.json"
WORDS: dict[str, object] = {
    "uint": int,
    "text": str,
    "bytes": bytes,
    "instant": datetime,
    "commitment": Commitment,
    "bool": bool,
}
PLAIN: dict[str, Callable[[Any], object]] = {
    "uint": int,
    "bytes": bytes.fromhex,
    "instant": lambda number: EPOCH + timedelta(microseconds=int(number)),
    "commitment": lambda text: Commitment(bytes.fromhex(text)),
}
PART = {"record": ["tests.part/1", [["name", "text"], ["weight", "uint"]]]}
WHOLE = {
    "record": [
        "tests.whole/1",
        [["at", "instant"], ["parts", {"list": PART}], ["price", {"decimal": 2}], ["maybe", {"optional": "text"}]],
    ]
}
NOTHING = {"record": ["tests.nothing/1", []]}
TAKEN: list[tuple[Any, Any]] = [
    *(("uint", number) for number in ("0", "1", "255", "4294967296", "9007199254740993", str(2**63 - 1))),
    *(("text", text) for text in ("", "a", "标段一", "\ufeffx", "\u00e9", "\U0001f600", "\ud7ff\ue000")),
    *(("bytes", data) for data in ("", "00ff", "11" * 300)),
    *(("instant", number) for number in ("0", "1", "1772413200000005", "253402300799999999")),
    ("commitment", "ab" * 32),
    *(("bool", value) for value in (True, False)),
    *(({"decimal": 0}, text) for text in ("0", "-1", "90071992547409930")),
    *(({"decimal": 2}, text) for text in ("0.00", "-12.50", "9596000.00", "100.01", "-0.01")),
    ({"list": "uint"}, []),
    ({"list": "uint"}, ["1", "2", "3"]),
    ({"list": {"list": "text"}}, [[], ["a", "b"]]),
    ({"optional": "text"}, None),
    ({"optional": "text"}, "x"),
    (NOTHING, {}),
    (PART, {"name": "a", "weight": "7"}),
    (WHOLE, {"at": "5", "parts": [{"name": "a", "weight": "1"}], "price": "-12.50", "maybe": None}),
    (WHOLE, {"at": "5", "parts": [], "price": "0.00", "maybe": "是"}),
]
REFUSED: list[tuple[Any, str]] = [
    ("uint", ""),
    ("uint", "01"),
    ("uint", "0100000000000000"),
    ("uint", "018000000000000000"),
    ("uint", "01ffffffffffffffff"),
    ("uint", "01000000000000000100"),
    ("uint", "020000000161"),
    ("uint", "00"),
    ("text", "0200000002ff61"),
    ("text", "020000000261"),
    ("text", "0200000001ff"),
    ("text", "0200000003eda080"),
    ("text", "0200000002c080"),
    ("text", "020000000100"),
    ("text", "0200000003" + "65cc81"),
    ("text", "0300000000"),
    ("bytes", "030000000100ff"),
    ("bytes", "03ffffffff"),
    ("bytes", "030000"),
    ("instant", "04ffffffffffffffff"),
    ("instant", "0403848b2d4ccf0000"),
    ("instant", "010000000000000001"),
    ("commitment", "06" + "11" * 31),
    ("commitment", "06" + "11" * 33),
    ("commitment", "03" + "00000020" + "11" * 32),
    ("bool", "0802"),
    ("bool", "08"),
    ("bool", "01"),
    ({"decimal": 2}, "0700000004" + b"1.5 ".hex()),
    ({"decimal": 2}, "0700000003" + b"1.5".hex()),
    ({"decimal": 2}, "0700000001" + b"1".hex()),
    ({"decimal": 2}, "0700000005" + b"01.50".hex()),
    ({"decimal": 2}, "0700000005" + b"+1.50".hex()),
    ({"decimal": 2}, "0700000005" + b"-0.00".hex()),
    ({"decimal": 2}, "0700000003" + b".50".hex()),
    ({"decimal": 2}, "0700000004" + b"1,50".hex()),
    ({"decimal": 2}, "0700000004" + b"1e02".hex()),
    ({"decimal": 2}, "0700000000"),
    ({"decimal": 0}, "0700000002" + b"1.".hex()),
    ({"list": "uint"}, "0500000001"),
    ({"list": "uint"}, "0500000002010000000000000001"),
    ({"list": "uint"}, "0500000001020000000161"),
    ({"list": "uint"}, "05ffffffff"),
    ({"optional": "text"}, ""),
    ({"optional": "text"}, "0000"),
    ({"optional": "text"}, "0800"),
    (PART, "090000000c74657374732e706172742f3100000001020000000161"),
    (PART, "090000000c74657374732e706172742f3200000002020000000161010000000000000007"),
    (PART, "090000000c74657374732e706172742f3100000002010000000000000007020000000161"),
    (PART, "090000000c74657374732e706172742f310000000202000000016101000000000000000700"),
    (NOTHING, "090000000f74657374732e6e6f7468696e672f31000000"),
]
UNWRITABLE: list[tuple[Any, Any]] = [
    ("uint", "-1"),
    ("uint", str(2**63)),
    ("text", "a\0b"),
    ("text", "e\u0301"),
    ("text", "\ud800"),
    ("commitment", "11" * 31),
    ("instant", "-1"),
    ({"decimal": 2}, "1.005"),
    (PART, {"name": "a", "weight": "-1"}),
]


def hint_of(kind: Any) -> Any:
    """The Python annotation of a type as the vectors write it."""
    if isinstance(kind, str):
        return WORDS[kind]
    ((word, inner),) = kind.items()
    if word == "decimal":
        return Annotated[Decimal, Places(inner)]
    if word == "record":
        tag, fields = inner
        hints = {name: hint_of(below) for name, below in fields}
        return canon.record(tag)(type("Drawn", (), {"__annotations__": hints}))
    below: Any = hint_of(inner)
    return tuple.__class_getitem__((below, ...)) if word == "list" else Optional[below]  # noqa: UP045  at run time


def value_of(kind: Any, hint: Any, value: Any) -> Any:
    """A value as Python holds it."""
    if isinstance(kind, str):
        return PLAIN[kind](value) if kind in PLAIN else value
    ((word, inner),) = kind.items()
    if word == "decimal":
        return Decimal(value)
    if word == "list":
        below = hint.__args__[0]
        return tuple(value_of(inner, below, one) for one in value)
    if word == "optional":
        return None if value is None else value_of(inner, hint.__args__[0], value)
    hints = {name: hint.__annotations__[name] for name, _kind in inner[1]}
    return hint(**{name: value_of(below, hints[name], value[name]) for name, below in inner[1]})


def write(kind: Any, value: Any) -> bytes:
    """The canonical bytes of a value of the vectors; `Malformed` when it has none."""
    hint = hint_of(kind)
    return codec_for(hint).write(value_of(kind, hint, value))


def read(kind: Any, data: bytes) -> Any:
    """The value in `data`, all of it; `Malformed` otherwise."""
    codec: Codec = codec_for(hint_of(kind))
    reader = Reader(data)
    value = codec.read(reader)
    reader.end()
    if codec.write(value) != data:
        raise Malformed("not canonical")
    return value


def receipts() -> list[dict[str, str]]:
    """Inner entries of every kind, the salt of each and the hash of its leaf."""
    stamp = datetime(2026, 3, 20, 1, 29, 59, 999999, UTC)
    lot: dict[str, Any] = {
        "lot": "sl-2026-0001-1",
        "round": 1,
        "submission": "0a" * 16,
        "stamp": stamp,
        "number": "7F3K-22",
    }
    sealed = EnvelopeSealed(**lot, digest=b"\x01" * 32, header=b"\x02" * 32, size=5_000_000_000, replaces=None)
    happened: list[object] = [
        sealed,
        EnvelopeSealed(**{**vars(sealed), "replaces": "ABCD-01"}),
        EnvelopeWithdrawn(**lot, withdraws="ABCD-01"),
        EnvelopeRefused(**lot, codes=("bidding.late", "bidding.size")),
        WithdrawalRefused(**lot, withdraws="ABCD-01", codes=("bidding.late",)),
    ]
    found = []
    for number, one in enumerate(happened):
        salt = bytes([number]) * 32
        entry = write_entry(one, Stamp(bytes([number]) * 16, stamp, None))
        leaf = merkle.leaf_hash(Receipt(entry=entry, salt=salt).leaf)
        found.append({"entry": entry.hex(), "salt": salt.hex(), "leaf": leaf.hex()})
    return found


def canon_vectors() -> dict[str, object]:
    """What the file holds."""
    return {
        "taken": [{"type": kind, "value": value, "bytes": write(kind, value).hex()} for kind, value in TAKEN],
        "refused": [{"type": kind, "bytes": data} for kind, data in REFUSED],
        "unwritable": [{"type": kind, "value": value} for kind, value in UNWRITABLE],
        "receipts": receipts(),
    }


def text_of(value: object) -> str:
    """As the file is written."""
    return json.dumps(value, indent=1, ensure_ascii=True) + "\n"


if __name__ == "__main__":
    VECTORS.write_text(text_of(canon_vectors()))
