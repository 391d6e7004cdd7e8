"""Pure. The one family of errors: refusals with reasons, lost races, broken integrity.

Enters: reasons, each a code and an English sentence (the key of its Chinese one in the catalogues).
Leaves: exceptions that pages, problem+json and socket answers map in one place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NoReturn


def _(sentence: str) -> str:
    """Mark `sentence` for the catalogues and return it unchanged (gettext_noop, without Django)."""
    return sentence


@dataclass(frozen=True)
class Reason:
    """Why not: `code` is `room.word`, `text` an English sentence with `%(name)s` places filled from `facts`."""

    code: str
    text: str
    facts: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.code}: {self.text % self.facts if self.facts else self.text}"


class SunlightError(Exception):
    """What every error of the house is."""


class Refused(SunlightError):
    """An act that the rules do not allow now; carries every reason at once."""

    def __init__(self, *reasons: Reason) -> None:
        if not reasons:
            raise ValueError("a refusal needs a reason")
        super().__init__("; ".join(str(reason) for reason in reasons))
        self.reasons = reasons

    @property
    def codes(self) -> list[str]:
        """The codes in order, for tests and machines."""
        return [reason.code for reason in self.reasons]


class RefusedOnRecord(Refused):
    """A refusal that is itself on record: `receipt` is what the refused keep of it, `to` the page that shows it."""

    def __init__(self, receipt: Mapping[str, object], to: str, *reasons: Reason) -> None:
        super().__init__(*reasons)
        self.receipt, self.to = receipt, to


class Absent(Refused):
    """Not there, or not yours: both answer the same, with 404."""


class Conflict(SunlightError):
    """The row was not in the state it was read in: somebody else was faster. Try again."""


class Broken(SunlightError):
    """Integrity is hurt: stored bytes, evidence or a proof do not agree. Never continue."""


def refuse(reasons: Iterable[Reason]) -> None:
    """Raise `Refused` with all `reasons`; return when there are none."""
    found = tuple(reasons)
    if found:
        raise Refused(*found)


def refused(code: str, text: str, **facts: str) -> NoReturn:
    """Raise `Refused` with one reason."""
    raise Refused(Reason(code, text, facts))
