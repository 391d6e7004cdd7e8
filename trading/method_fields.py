"""Pure. Reads the mappings of a declared method field by field: nothing missing, nothing more, nothing guessed.

Enters: a mapping as JSON gives it, and where it stands ("method.price"). Leaves: typed values, or `Refused`
trading.method_field with the field's place. Decimals are text, so that no figure passes through a float.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import NoReturn, TypeVar, cast

from ledger.errors import _, refused

E = TypeVar("E", bound=StrEnum)
FIGURE = re.compile(r"(0|[1-9][0-9]{0,5})(\.[0-9]{1,4})?")
WORD = re.compile(r"[a-z][a-z_]{0,30}")
MOST_WHOLE = 1000
MOST_STEPS = 50
MISSING = object()


class Fields:
    """One mapping being read; `close` refuses what nobody asked for."""

    def __init__(self, data: object, place: str) -> None:
        self.place, self.asked = place, set[str]()
        if not isinstance(data, Mapping):
            self._wrong("")
        self.data: Mapping[str, object] = data

    def _wrong(self, name: str) -> NoReturn:
        field = f"{self.place}.{name}".strip(".")
        refused(
            "trading.method_field",
            _("%(field)s is missing or is not what an evaluation method has there."),
            field=field,
        )

    def _take(self, name: str, default: object = MISSING) -> object:
        self.asked.add(name)
        found = self.data.get(name, default)
        if found is MISSING:
            self._wrong(name)
        return found

    def close(self) -> None:
        """Refuse fields that the method does not have."""
        for name in self.data:
            if name not in self.asked:
                self._wrong(str(name)[:60])

    def under(self, name: str) -> Fields:
        """The mapping under `name`."""
        return Fields(self._take(name), f"{self.place}.{name}")

    def rows(self, name: str, most: int) -> list[Fields]:
        """The list of mappings under `name`, at most `most`."""
        found = self._take(name)
        if not isinstance(found, list | tuple) or len(found) > most:
            self._wrong(name)
        return [Fields(item, f"{self.place}.{name}.{at}") for at, item in enumerate(found)]

    def text(self, name: str, longest: int, default: str | None = None) -> str:
        """A text that is not empty (unless that is the default), NFC, at most `longest` characters."""
        found = self._take(name, MISSING if default is None else default)
        if not isinstance(found, str) or len(found) > longest or not found.isprintable():
            self._wrong(name)
        if (not found.strip() and found != default) or not unicodedata.is_normalized("NFC", found):
            self._wrong(name)
        return found

    def words(self, name: str) -> tuple[str, ...]:
        """A list of different words in small letters; empty when it is left out."""
        found = self._take(name, ())
        if not isinstance(found, list | tuple) or len(found) > MOST_STEPS:
            self._wrong(name)
        words = cast("list[object]", found)
        if not all(isinstance(one, str) and WORD.fullmatch(one) for one in words) or len(set(words)) < len(words):
            self._wrong(name)
        return tuple(cast("list[str]", found))

    def choice(self, name: str, kind: type[E]) -> E:
        """One of the words of `kind`."""
        found = self._take(name)
        if not isinstance(found, str) or found not in list(kind):
            self._wrong(name)
        return kind(found)

    def whole(self, name: str, default: int) -> int:
        """A whole number from 0 to 1,000."""
        found = self._take(name, default)
        if type(found) is not int or not 0 <= found <= MOST_WHOLE:
            self._wrong(name)
        return found

    def flag(self, name: str, default: bool) -> bool:  # noqa: FBT001  a value, not a switch
        """Yes or no."""
        found = self._take(name, default)
        if type(found) is not bool:
            self._wrong(name)
        return found

    def decimal(self, name: str, default: Decimal | None = None, *, places: int = 2) -> Decimal:
        """A decimal that is not negative, written as text with at most `places` places."""
        found = self._take(name, MISSING if default is None else default)
        return default if found is default and default is not None else self._figure(name, found, places)

    def decimals(self, name: str) -> tuple[Decimal, ...]:
        """A list of such decimals."""
        found = self._take(name)
        if not isinstance(found, list | tuple) or len(found) > MOST_STEPS:
            self._wrong(name)
        return tuple(self._figure(name, item, 2) for item in cast("list[object]", found))

    def _figure(self, name: str, found: object, places: int) -> Decimal:
        match = FIGURE.fullmatch(found) if isinstance(found, str) else None
        if match is None or len(match[2] or ".") - 1 > places:
            self._wrong(name)
        return Decimal(match[0])
