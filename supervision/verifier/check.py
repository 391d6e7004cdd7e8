"""Pure. What a numbered check is: a title, a rule, and how its findings are gathered without stopping the others.

Enters: a case and what is trusted. Leaves: for each check its findings, or why it could not be done. Data that makes a
rule stumble is a finding too: a check never passes because it could not finish.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from ledger.errors import Broken, Reason, Refused, _
from supervision.verifier.case import Case, fault
from supervision.verifier.trust import Trust


@dataclass(frozen=True)
class Undone:
    """Why a check cannot be done with this bundle, a sentence."""

    text: str


WITH_PUBLIC = Undone(_("cannot be done with a public bundle"))
NOT_YET = Undone(_("does not apply yet, nothing of it has happened"))

Found = Iterator[Reason | Undone]
Rule = Callable[[Case, Trust], Found]
LotRule = Callable[[Case, Trust, str], Found]


@dataclass(frozen=True)
class Check:
    """One numbered check; `is_private` marks what only the regulator's bundle holds the evidence for.

    `since` are the tags of entries one of which must be there before there is anything to check; none: always.
    """

    number: int
    title: str
    rule: Rule
    is_private: bool = False
    since: tuple[str, ...] = ()


@dataclass(frozen=True)
class Result:
    """How a check went: no faults and nothing undone is "ok"."""

    number: int
    title: str
    faults: tuple[Reason, ...]
    undone: str = ""

    @property
    def is_ok(self) -> bool:
        """Whether it was done and found nothing."""
        return not self.faults and not self.undone


def each_lot(rule: LotRule) -> Rule:
    """A rule about one lot, asked for every lot: what is wrong with one does not hide another."""

    def every(case: Case, trust: Trust) -> Found:
        for lot in case.lots:
            for found in caught(rule(case, trust, lot)):
                yield found if isinstance(found, Undone) else _of_lot(found, lot)

    return every


def _of_lot(found: Reason, lot: str) -> Reason:
    return Reason(found.code, found.text, {"lot": lot, **found.facts})


def caught(found: Iterable[Reason | Undone]) -> Found:
    """The findings, and what stopped the rule as one more."""
    try:
        yield from found
    except Refused as refusal:
        yield from refusal.reasons
    except Broken as broken:
        yield fault("broken", _("This cannot be read: %(why)s."), why=broken)
    except (LookupError, ValueError, ArithmeticError, RuntimeError) as error:  # Runtime: StopIteration, RecursionError
        yield fault("odd", _("What stands here does not fit together (%(kind)s)."), kind=type(error).__name__)


def run(check: Check, case: Case, trust: Trust) -> Result:
    """The result of one check."""
    if check.is_private and case.is_public:
        return Result(check.number, check.title, (), WITH_PUBLIC.text)
    found = list(caught(check.rule(case, trust)))
    faults = tuple(one for one in found if isinstance(one, Reason))
    undone = next((one.text for one in found if isinstance(one, Undone)), "")
    if check.since and not any(tag in case.by_tag for tag in check.since):
        undone = undone or NOT_YET.text  # it was done all the same: what it finds, it finds
    return Result(check.number, check.title, faults, undone)
