"""Pure. Canonical bytes of everything that is signed, hashed or kept for ever (ledger.md, "Bytes").

Enters: frozen dataclasses marked `@record(tag)`, whose annotations declare each field's type. Leaves: one byte string
for one value. Reading is strict: what does not write back to the same bytes is refused.

Types: int (uint), str (text, NFC), bytes, bool, datetime (aware, microseconds), `Annotated[Decimal, Places(2)]`,
`Commitment`, another record, `tuple[T, ...]` (list of one type), `T | None` (absent).
"""

from __future__ import annotations

import dataclasses
import re
import types
import typing
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from ledger.errors import Broken

MAX_UINT = 2**63 - 1
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
DECIMAL = re.compile(rb"-?(0|[1-9][0-9]*)(\.[0-9]+)?")


class Malformed(Broken):
    """Bytes that are not canonical, or a value that has no canonical bytes."""


@dataclass(frozen=True)
class Places:
    """How many digits a decimal field has after its point."""

    digits: int


@dataclass(frozen=True)
class Commitment:
    """32 bytes that stand where a value will be disclosed later."""

    digest: bytes


class Reader:
    """A strict walk through canonical bytes."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def take(self, length: int) -> bytes:
        """The next `length` bytes, or `Malformed`."""
        piece = self.data[self.at : self.at + length]
        if len(piece) != length:
            raise Malformed("canonical bytes end early")
        self.at += length
        return piece

    def uint(self, width: int) -> int:
        """The next big-endian integer of `width` bytes."""
        return int.from_bytes(self.take(width), "big")

    def expect(self, mark: int) -> None:
        """Pass the type byte `mark`."""
        found = self.take(1)[0]
        if found != mark:
            raise Malformed(f"type byte {found:#04x} where {mark:#04x} belongs")

    def block(self) -> bytes:
        """The next u32-prefixed bytes."""
        return self.take(self.uint(4))

    def end(self) -> None:
        """Nothing may follow."""
        if self.at != len(self.data):
            raise Malformed("bytes after the end")


@dataclass(frozen=True)
class Codec:
    """How one declared type is written and read."""

    write: Callable[[typing.Any], bytes]
    read: Callable[[Reader], typing.Any]


def u32(number: int) -> bytes:
    """`number` as four big-endian bytes."""
    return number.to_bytes(4, "big")


def _block(mark: int, data: bytes) -> bytes:
    return bytes([mark]) + u32(len(data)) + data


def _write_uint(value: int) -> bytes:
    if type(value) is not int or not 0 <= value <= MAX_UINT:
        raise Malformed("not a uint")
    return b"\x01" + value.to_bytes(8, "big")


def _read_uint(reader: Reader) -> int:
    reader.expect(0x01)
    value = reader.uint(8)
    if value > MAX_UINT:
        raise Malformed("uint above 2^63 - 1")
    return value


def _check_text(value: str) -> str:
    if "\0" in value or not unicodedata.is_normalized("NFC", value):
        raise Malformed("text is not NFC or holds U+0000")
    return value


def write_text(value: str) -> bytes:
    """Canonical bytes of a text value."""
    if not isinstance(value, str):  # a caller without types
        raise Malformed("not a text")
    try:
        return _block(0x02, _check_text(str(value)).encode())
    except UnicodeEncodeError as error:
        raise Malformed("text is not Unicode") from error


def _read_text(reader: Reader) -> str:
    reader.expect(0x02)
    try:
        return _check_text(reader.block().decode())
    except UnicodeDecodeError as error:
        raise Malformed("text is not UTF-8") from error


def _write_bytes(value: bytes) -> bytes:
    if type(value) is not bytes:
        raise Malformed("not bytes")
    return _block(0x03, value)


def _read_bytes(reader: Reader) -> bytes:
    reader.expect(0x03)
    return reader.block()


def _write_instant(value: datetime) -> bytes:
    if value.tzinfo is None or value < EPOCH:
        raise Malformed("not an aware instant since 1970")
    return b"\x04" + ((value - EPOCH) // MICROSECOND).to_bytes(8, "big")


def _read_instant(reader: Reader) -> datetime:
    reader.expect(0x04)
    try:
        return EPOCH + reader.uint(8) * MICROSECOND
    except OverflowError as error:
        raise Malformed("instant out of range") from error


def _write_commitment(value: Commitment) -> bytes:
    if len(value.digest) != 32:
        raise Malformed("not a commitment of 32 bytes")
    return b"\x06" + value.digest


def _read_commitment(reader: Reader) -> Commitment:
    reader.expect(0x06)
    return Commitment(reader.take(32))


def _write_bool(value: bool) -> bytes:  # noqa: FBT001  a value, not a switch
    if type(value) is not bool:
        raise Malformed("not a bool")
    return b"\x08" + (b"\x01" if value else b"\x00")


def _read_bool(reader: Reader) -> bool:
    reader.expect(0x08)
    value = reader.take(1)
    if value not in {b"\x00", b"\x01"}:
        raise Malformed("bool is neither 0 nor 1")
    return value == b"\x01"


def _decimal(places: int) -> Codec:
    def check(text: bytes) -> bytes:
        digits = len(text.partition(b".")[2])
        if not DECIMAL.fullmatch(text) or digits != places or (text[:1] == b"-" and not text.strip(b"-0.")):
            raise Malformed(f"not a decimal with {places} places")
        return text

    def write(value: Decimal) -> bytes:
        if not value.is_finite():
            raise Malformed("not a decimal")
        scaled = value.quantize(Decimal(1).scaleb(-places))
        if scaled != value:
            raise Malformed(f"more than {places} places")
        return _block(0x07, check(format(abs(scaled) if scaled.is_zero() else scaled, "f").encode()))

    def read(reader: Reader) -> Decimal:
        reader.expect(0x07)
        return Decimal(check(reader.block()).decode())

    return Codec(write, read)


def _list(item: Codec) -> Codec:
    def write(values: tuple[typing.Any, ...]) -> bytes:
        if type(values) is not tuple:
            raise Malformed("a list is a tuple")
        return b"\x05" + u32(len(values)) + b"".join(item.write(value) for value in values)

    def read(reader: Reader) -> tuple[typing.Any, ...]:
        reader.expect(0x05)
        return tuple(item.read(reader) for _ in range(reader.uint(4)))

    return Codec(write, read)


def _optional(inner: Codec) -> Codec:
    def write(value: object) -> bytes:
        return b"\x00" if value is None else inner.write(value)

    def read(reader: Reader) -> object:
        if reader.data[reader.at : reader.at + 1] == b"\x00":
            reader.take(1)
            return None
        return inner.read(reader)

    return Codec(write, read)


def _record(cls: type) -> Codec:
    def write(value: object) -> bytes:
        if type(value) is not cls:
            raise Malformed(f"not a {cls.__name__}")
        return head(tag_of(cls), len(fields_of(cls))) + b"".join(
            codec.write(getattr(value, name)) for name, codec in fields_of(cls)
        )

    def read(reader: Reader) -> object:
        read_head(reader, tag_of(cls), len(fields_of(cls)))
        return cls(**{name: codec.read(reader) for name, codec in fields_of(cls)})

    return Codec(write, read)


def head(tag: str, count: int) -> bytes:
    """The first bytes of a record: mark, tag, number of fields."""
    return _block(0x09, tag.encode("ascii")) + u32(count)


def read_head(reader: Reader, tag: str, count: int) -> None:
    """Pass the head of a record that must have this tag and count."""
    reader.expect(0x09)
    if reader.block() != tag.encode("ascii") or reader.uint(4) != count:
        raise Malformed(f"not a record {tag} of {count} fields")


PLAIN: dict[object, Codec] = {
    int: Codec(_write_uint, _read_uint),
    str: Codec(write_text, _read_text),
    bytes: Codec(_write_bytes, _read_bytes),
    datetime: Codec(_write_instant, _read_instant),
    bool: Codec(_write_bool, _read_bool),
    Commitment: Codec(_write_commitment, _read_commitment),
}


def codec_for(hint: object) -> Codec:
    """The codec of a declared type; a `TypeError` names what cannot be canonical."""
    if hint in PLAIN:
        return PLAIN[hint]
    if typing.get_origin(hint) is typing.Annotated:
        inner, *marks = typing.get_args(hint)
        places = [mark.digits for mark in marks if isinstance(mark, Places)]
        return _decimal(places[0]) if inner is Decimal and places else codec_for(inner)
    return _composite(hint)


def _composite(hint: object) -> Codec:
    parts = typing.get_args(hint)
    if typing.get_origin(hint) is tuple and parts[1:] == (Ellipsis,):
        return _list(codec_for(parts[0]))
    if typing.get_origin(hint) in {types.UnionType, typing.Union} and len(parts) == 2 and parts[1] is type(None):
        return _optional(codec_for(parts[0]))
    if isinstance(hint, type) and hasattr(hint, "__canon_tag__"):
        return _record(hint)
    raise TypeError(f"{hint!r} has no canonical form")


def tag_of(cls: type) -> str:
    """The tag under which `cls` is written."""
    return typing.cast("str", cls.__dict__["__canon_tag__"])


_FIELDS: dict[type, tuple[tuple[str, Codec], ...]] = {}


def fields_of(cls: type) -> tuple[tuple[str, Codec], ...]:
    """Names and codecs of the fields of `cls`, in declared order."""
    if cls not in _FIELDS:
        _FIELDS[cls] = _declared(cls)
    return _FIELDS[cls]


def _declared(cls: type) -> tuple[tuple[str, Codec], ...]:
    hints = typing.get_type_hints(cls, include_extras=True)
    names = [field.name for field in dataclasses.fields(cls)]
    return tuple((name, codec_for(hints[name])) for name in names)


T = typing.TypeVar("T")


@typing.dataclass_transform(frozen_default=True)
def record(tag: str) -> Callable[[type[T]], type[T]]:
    """Make a class a frozen dataclass with canonical bytes under `tag`. Never reorder or remove its fields."""

    def mark(cls: type[T]) -> type[T]:
        made = dataclass(frozen=True)(cls)
        made.__canon_tag__ = tag  # type: ignore[attr-defined]
        return made

    return mark


def encode(value: object) -> bytes:
    """The canonical bytes of a record; `Malformed` when a field does not fit its declaration."""
    return _record(type(value)).write(value)


def decode(cls: type[T], data: bytes) -> T:
    """The record of type `cls` in `data`, all of it; `Malformed` when the bytes are not exactly canonical."""
    reader = Reader(data)
    value = _record(cls).read(reader)
    reader.end()
    if encode(value) != data:
        raise Malformed("not canonical")
    return typing.cast("T", value)
