"""Pure. The stages of a lot, their named groups, and the table of allowed moves (domain.md 2.0, 2.1).

Enters: a stage and the one wanted next. Leaves: the reasons against the move, none when it is allowed. Paused is a flag
beside the stage, not a stage: a paused lot comes back to where it stood.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from ledger.errors import Reason, _


class Stage(StrEnum):
    """Where a lot stands. The value is stored, published and part of API answers: never rename one."""

    DRAFT = "draft"  # being written; nobody outside sees it
    BIDDING = "bidding"  # noticed; envelopes are taken until the deadline
    CLOSING = "closing"  # the deadline has passed, uploads stamped before it are still being decided
    CLOSED = "closed"  # the closing entry counts the live envelopes
    OPENING = "opening"  # the hall is open and custodians give their shares
    OPENED = "opened"  # the opening record is signed
    EVALUATING = "evaluating"  # the panel judges
    EVALUATED = "evaluated"  # the report is signed
    PUBLICITY = "publicity"  # the candidates stand in public, objections may be made
    AWARDED = "awarded"  # the award notice is given
    CONTRACTED = "contracted"  # the contract is signed
    FAILED = "failed"  # no lawful result: too few bids, all rejected, award void
    TERMINATED = "terminated"  # called off by the purchaser for a lawful cause


LIVE = frozenset(set(Stage) - {Stage.DRAFT, Stage.CONTRACTED, Stage.FAILED, Stage.TERMINATED})
ENDED = frozenset({Stage.CONTRACTED, Stage.FAILED, Stage.TERMINATED})
PUBLISHED = frozenset(set(Stage) - {Stage.DRAFT})
# Bids exist as ciphertext only: nothing here may count, name or read them for anybody.
SEALED = frozenset({Stage.BIDDING, Stage.CLOSING, Stage.CLOSED, Stage.OPENING})
UNSEALED = frozenset(
    {Stage.OPENED, Stage.EVALUATING, Stage.EVALUATED, Stage.PUBLICITY, Stage.AWARDED, Stage.CONTRACTED}
)
# The panel's result is public from the candidates' publicity on.
RESULT_PUBLIC = frozenset({Stage.PUBLICITY, Stage.AWARDED, Stage.CONTRACTED})

MOVES: Mapping[Stage, frozenset[Stage]] = MappingProxyType(
    {
        Stage.DRAFT: frozenset({Stage.BIDDING, Stage.TERMINATED}),
        Stage.BIDDING: frozenset({Stage.CLOSING, Stage.TERMINATED}),
        Stage.CLOSING: frozenset({Stage.CLOSED, Stage.TERMINATED}),
        # Fewer bids than the minimum: failed, and nothing is opened (Bidding Law 28; Regulation 44).
        Stage.CLOSED: frozenset({Stage.OPENING, Stage.FAILED, Stage.TERMINATED}),
        Stage.OPENING: frozenset({Stage.OPENED, Stage.FAILED, Stage.TERMINATED}),
        Stage.OPENED: frozenset({Stage.EVALUATING, Stage.FAILED, Stage.TERMINATED}),
        # All rejected: failed, to be tendered again (Bidding Law 42).
        Stage.EVALUATING: frozenset({Stage.EVALUATED, Stage.FAILED, Stage.TERMINATED}),
        # Back to the panel: an error found before the publicity, or a changed candidate (Regulation 56).
        Stage.EVALUATED: frozenset({Stage.PUBLICITY, Stage.EVALUATING, Stage.FAILED, Stage.TERMINATED}),
        Stage.PUBLICITY: frozenset({Stage.AWARDED, Stage.EVALUATING, Stage.FAILED, Stage.TERMINATED}),
        # Back to publicity: the winner gave up and the next candidate stands (Regulation 55).
        Stage.AWARDED: frozenset({Stage.CONTRACTED, Stage.PUBLICITY, Stage.FAILED}),
        Stage.CONTRACTED: frozenset(),
        Stage.FAILED: frozenset(),
        Stage.TERMINATED: frozenset(),
    }
)


def move_blockers(old: Stage, new: Stage) -> list[Reason]:
    """Why a lot may not go from `old` to `new`; empty when the table allows it."""
    if new in MOVES[old]:
        return []
    text = _("A lot cannot go from %(old)s to %(new)s.")
    return [Reason("trading.move_not_allowed", text, {"old": old.value, "new": new.value})]
