"""Counting: with the last sheet of a part every record is disclosed, and the room goes on.

Enters: an act in progress, a room whose sheets of one part are all signed. Leaves: `ledger:field:disclosed` for each
sheet; the admitted bids, or the lot failed; scores counted, or returned because members differ on facts; the report.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bidding.opening.opened import OpenedBid
from evaluation.engine import criteria
from evaluation.events import AdmissionCounted, LotFailed, ScoresCounted, SheetsReturned
from evaluation.models import Room
from evaluation.reporting import make_report
from evaluation.scoring import objective_blockers
from evaluation.sheet import Part
from evaluation.standing import outcome, points, signed, verdicts
from ledger.act import This
from trading import method
from trading.method import Kind
from trading.models import Lot
from trading.stages import Stage


def count(this: This[Lot], room: Room, part: Part, bids: Sequence[OpenedBid]) -> None:
    """Count the sheets of `part`, all of which are signed."""
    if part is Part.ADMISSION:
        _count_admission(this, room, bids)
    else:
        _count_scores(this, room, bids)


def _disclose(this: This[Any], room: Room, part: Part, editions: int) -> None:
    for edition in range(1, editions + 1):
        for row in signed(room, part, edition):
            this.disclose(row.entry, "record")


def _count_admission(this: This[Lot], room: Room, bids: Sequence[OpenedBid]) -> None:
    _disclose(this, room, Part.ADMISSION, 1)
    found = verdicts(room, bids)
    admitted = tuple(one.bid for one in found if one.admitted)
    rejected = tuple(one.bid for one in found if not one.admitted)
    this.record(AdmissionCounted(this.on.code, admitted, rejected))
    if not admitted:
        this.move(room, Room.FAILED)
        digest = make_report(this, room, bids)
        this.move(this.on, Stage.FAILED)
        this.record(LotFailed(this.on.code, digest))
    elif method.parse(this.on.method).kind is Kind.COMPREHENSIVE:
        this.move(room, Room.SCORING)
    else:
        conclude(this, room, bids)


def _count_scores(this: This[Lot], room: Room, bids: Sequence[OpenedBid]) -> None:
    disputes = objective_blockers(criteria(method.parse(this.on.method)), points(room))
    if disputes:
        disputed = [[reason.facts["bid"], reason.facts["item"]] for reason in disputes]
        this.swap(room, edition=(room.edition, room.edition + 1), disputed=(room.disputed, disputed))
        this.record(SheetsReturned(this.on.code, room.edition, tuple(f"{bid}/{item}" for bid, item in disputed)))
        return
    _disclose(this, room, Part.SCORES, room.edition)
    digests = tuple(bytes.fromhex(row.digest) for row in signed(room, Part.SCORES, room.edition))
    this.record(ScoresCounted(this.on.code, room.edition, digests))
    conclude(this, room, bids)


def conclude(this: This[Lot], room: Room, bids: Sequence[OpenedBid]) -> None:
    """Make the report, unless candidates are tied and the panel must put them in order first."""
    if outcome(room, bids).open_ties:
        this.move(room, Room.TIED)
        return
    this.move(room, Room.REPORTING)
    make_report(this, room, bids)
