"""Parses what clients send, strictly, once, at the edge: JSON or form fields become a named dataclass.

Enters: a frozen dataclass type and a mapping. Leaves: its instance, or `Refused` with every reason (form.*), each
naming its field. Unknown fields are refused. Types: str, int, bool, Decimal, datetime, bytes (base64 or an uploaded
file), StrEnum, another dataclass, tuple[T, ...], T | None; fields with defaults may be left out.
"""

from __future__ import annotations

import base64
import dataclasses
import re
import types
import typing
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from ledger.canon import EPOCH
from ledger.errors import Reason, Refused, _

SHANGHAI = ZoneInfo("Asia/Shanghai")
LONGEST = 20_000
DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,15})(\.[0-9]{1,6})?")
UNSTORABLE = re.compile("[\0\ud800-\udfff]")  # half a letter is what JSON can spell and no database keeps
INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,15})")
T = typing.TypeVar("T")


class _Bad(Exception):
    def __init__(self, word: str, text: str) -> None:
        self.word, self.text = word, text


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise _Bad("not_text", _("%(field)s must be text."))
    clean = unicodedata.normalize("NFC", value.replace("\r\n", "\n")).strip()
    if len(clean) > LONGEST or UNSTORABLE.search(clean):
        raise _Bad("too_long", _("%(field)s is too long or holds characters that cannot be stored."))
    return clean


def _integer(value: object) -> int:
    if type(value) is int:
        value = str(value)
    if isinstance(value, str) and INTEGER.fullmatch(value.strip()):
        return int(value)
    raise _Bad("not_a_number", _("%(field)s must be a whole number."))


def _decimal(value: object) -> Decimal:
    if type(value) is int:
        value = str(value)
    if isinstance(value, str) and DECIMAL.fullmatch(value.strip()):
        return Decimal(value.strip())
    raise _Bad("not_a_decimal", _("%(field)s must be a decimal number, sent as text."))


def _flag(value: object) -> bool:
    if type(value) is bool:
        return value
    if isinstance(value, str) and value in {"on", "1", "true", "0", "false", ""}:
        return value in {"on", "1", "true"}
    raise _Bad("not_a_flag", _("%(field)s must be yes or no."))


def _instant(value: object) -> datetime:
    try:
        found = datetime.fromisoformat(_text(value))
        aware = found if found.tzinfo else found.replace(tzinfo=SHANGHAI)
        if aware.astimezone(UTC) >= EPOCH:
            return aware
    except (ValueError, OverflowError):  # the second: in the year 9999 it may be another year elsewhere
        pass
    raise _Bad("not_an_instant", _("%(field)s must be a date and time."))


def instant_or_none(text: str) -> datetime | None:
    """The instant `text` spells, in China's time when it names no zone; None when it spells none."""
    try:
        return _instant(text)
    except _Bad:
        return None


def _raw(value: object) -> bytes:
    reader = getattr(value, "read", None)
    if reader is not None:
        return typing.cast("bytes", reader())
    try:
        return base64.b64decode(_text(value) if len(str(value)) <= LONGEST else str(value), validate=True)
    except ValueError:
        raise _Bad("not_base64", _("%(field)s must be a file or base64.")) from None


PLAIN: dict[object, Callable[[object], object]] = {
    str: _text,
    int: _integer,
    Decimal: _decimal,
    bool: _flag,
    datetime: _instant,
    bytes: _raw,
}


def _choice(kind: type[StrEnum], value: object) -> StrEnum:
    try:
        return kind(_text(value))
    except ValueError:
        raise _Bad("not_a_choice", _("%(field)s is none of the choices.")) from None


def _value(hint: object, value: object, field: str) -> object:
    if hint in PLAIN:
        return PLAIN[hint](value)
    parts = typing.get_args(hint)
    if typing.get_origin(hint) in {types.UnionType, typing.Union}:
        return None if value is None or value == "" else _value(parts[0], value, field)
    if typing.get_origin(hint) is tuple:
        if not isinstance(value, list | tuple):
            raise _Bad("not_a_list", _("%(field)s must be a list."))
        return tuple(_value(parts[0], item, f"{field}.{at}") for at, item in enumerate(value))
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return _choice(hint, value)
    if isinstance(hint, type) and dataclasses.is_dataclass(hint) and isinstance(value, Mapping):
        return parse(hint, value, within=f"{field}.")
    raise _Bad("not_an_object", _("%(field)s has the wrong form."))


def parse(form: type[T], data: Mapping[str, object], *, within: str = "") -> T:
    """The `form` that `data` spells, or `Refused` with all reasons."""
    hints = typing.get_type_hints(form)
    fields = {field.name: field for field in dataclasses.fields(form)}  # type: ignore[arg-type]
    unknown = _("%(field)s is not a field of this form.")
    reasons = [
        Reason("form.unknown_field", unknown, {"field": within + name[:60]}) for name in data if name not in fields
    ]
    values: dict[str, object] = {}
    for name, field in fields.items():
        if name not in data:
            if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
                reasons.append(Reason("form.missing", _("%(field)s is missing."), {"field": within + name}))
            continue
        try:
            values[name] = _value(hints[name], data[name], within + name)
        except _Bad as bad:
            reasons.append(Reason(f"form.{bad.word}", bad.text, {"field": within + name}))
        except Refused as refusal:
            reasons.extend(refusal.reasons)
    if reasons:
        raise Refused(*reasons)
    return form(**values)


def list_fields(form: type) -> set[str]:
    """Names of the fields that are lists: a form may send them several times."""
    hints = typing.get_type_hints(form)
    return {field.name for field in dataclasses.fields(form) if typing.get_origin(hints[field.name]) is tuple}


@dataclasses.dataclass(frozen=True)
class Nothing:
    """The form of an act that needs no more than its object."""
