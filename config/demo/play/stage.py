"""Pure. The shapes of a play: who is in it, what is tendered, who bids what. The figures are in `cases`.

Enters: nothing. Leaves: frozen values that clients read; money is text with two places, as people write it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Body:
    """An organisation: `name` is registered, `english` is said beside it."""

    credit_code: str
    name: str
    english: str


@dataclass(frozen=True)
class Person:
    """Somebody with an account. `body` is None for experts and the operator."""

    username: str
    role: str
    display: str
    body: Body | None = None

    @property
    def folder(self) -> str:
        """The name of the folder with the person's keys: one for each account."""
        return self.username

    @property
    def called(self) -> str:
        """How the story calls the person: the organisation, else the own name."""
        return self.body.name if self.body else self.display


@dataclass(frozen=True)
class Specialist:
    """An expert's entry in the register: speciality codes, the employer's credit code, the region."""

    person: Person
    specialities: tuple[str, ...]
    employer: str
    region: str


@dataclass(frozen=True)
class Offer:
    """One bidder's bid. `marks`: the panel's mean for each scored criterion, as text."""

    bidder: Person
    price: str
    days: int
    marks: Mapping[str, str] = field(default_factory=dict)
    first_price: str = ""  # sealed first and replaced
    withdrawn_first: str = ""  # sealed first, withdrawn, sealed anew


@dataclass(frozen=True)
class LotCase:
    """A lot as it is tendered and what is bid. `ceiling` "" for none."""

    title: str
    ceiling: str
    bond: str
    days: int
    method: Mapping[str, object]
    offers: tuple[Offer, ...]
    late: Person | None = None


@dataclass(frozen=True)
class TenderCase:
    """A tender with its lots, in the order of their numbers."""

    title: str
    summary: str
    lots: tuple[LotCase, ...]


@dataclass(frozen=True)
class Cast:
    """Everybody who may appear."""

    operator: Person
    purchaser: Person
    agent: Person
    centre: Person
    regulator: Person
    guarantor: Person
    bidders: tuple[Person, ...]
    experts: tuple[Specialist, ...]
    needs_guarantor: bool = True

    @property
    def people(self) -> tuple[Person, ...]:
        """All accounts that the operator opens, in the order of opening."""
        around = (self.purchaser, self.agent, self.centre, self.regulator, self.guarantor)
        return (*around, *self.bidders, *(one.person for one in self.experts))

    @property
    def bodies(self) -> tuple[Body, ...]:
        """All organisations, once each."""
        found = {person.body.credit_code: person.body for person in self.people if person.body}
        return tuple(found.values())
