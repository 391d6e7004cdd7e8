"""Pure. Verifies a bundle: all numbered checks, all their findings (docs/verifying.md has the same numbers).

Enters: the bytes of an archive and what is trusted. Leaves: one result for each check. If the archive cannot be read at
all, check 1 fails and no other is done.
"""

from __future__ import annotations

from dataclasses import dataclass

from ledger.bundle import unpack
from ledger.errors import Broken, _
from supervision.verifier import (
    archive,
    contents,
    covers,
    custody,
    draw,
    envelopes,
    judging,
    log,
    members,
    moments,
    nothing_else,
    notice,
    opening,
    people,
    receipts,
    record,
    rehearsal,
    result,
    terms,
    veils,
    vouching,
)
from supervision.verifier.case import Case, fault, read_case
from supervision.verifier.check import Check, Result, run
from supervision.verifier.trust import Trust

GROUPS = (
    archive, log, veils, custody, people, notice, envelopes, opening, record, draw, judging, members, result, covers,
    contents, terms, nothing_else, rehearsal, moments, vouching, receipts,
)  # fmt: skip
CHECKS: tuple[Check, ...] = tuple(check for group in GROUPS for check in group.CHECKS)
NOT_REACHED = _("was not reached")


@dataclass(frozen=True)
class Verdict:
    """What came of a bundle: the case (None when it could not be read) and a result for every check."""

    case: Case | None
    results: tuple[Result, ...]

    @property
    def failed(self) -> tuple[Result, ...]:
        """The checks that found something."""
        return tuple(one for one in self.results if one.faults)

    @property
    def is_good(self) -> bool:
        """Whether no check found anything."""
        return self.case is not None and not self.failed


def verify(data: bytes, trust: Trust) -> Verdict:
    """The verdict on the bytes of a bundle."""
    try:
        case = read_case(unpack(data))
    except Broken as broken:
        first, *others = CHECKS
        why = fault("archive", _("The archive cannot be read: %(why)s."), why=broken)
        unreached = (Result(check.number, check.title, (), NOT_REACHED) for check in others)
        return Verdict(None, (Result(first.number, first.title, (why,)), *unreached))
    return Verdict(case, tuple(run(check, case, trust) for check in CHECKS))
