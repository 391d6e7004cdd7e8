"""Pure. The sheets that members of a panel sign, as canonical records: votes on admission, points by criterion.

Enters: what a member wrote, as drafts keep it. Leaves: the record that the member signs, the same bytes for the same
draft; and, reading, votes and points as `qualification` and `scoring` count them. A sheet says nothing about other
sheets.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from evaluation.qualification import Vote
from ledger.canon import Places, record

LONGEST_REASON = 300
LARGEST = 60_000  # a sheet travels in one entry, which holds 65,535 bytes


class Part(StrEnum):
    """The two sheets of a member."""

    ADMISSION = "admission"
    SCORES = "scores"


@record("sunlight.votes/1")
class VoteLine:
    """One bid: met or not met, in the order of the sheet's items."""

    bid: str
    passed: tuple[bool, ...]


@record("sunlight.failing/1")
class Failing:
    """Why the member holds that a bid does not meet an item: fact and page."""

    bid: str
    item: str
    reason: str


@record("sunlight.admissionsheet/1")
class AdmissionSheet:
    """A member's votes. `method` is SHA-256 of the method's text, `seat` the member's opaque code."""

    lot: str
    round: int
    seat: str
    method: bytes
    items: tuple[str, ...]
    lines: tuple[VoteLine, ...]
    failings: tuple[Failing, ...]


@record("sunlight.scoreline/1")
class ScoreLine:
    """One bid's points, in the order of the sheet's criteria."""

    bid: str
    points: tuple[Annotated[Decimal, Places(2)], ...]


@record("sunlight.scoresheet/1")
class ScoreSheet:
    """A member's points for every admitted bid."""

    lot: str
    round: int
    seat: str
    method: bytes
    criteria: tuple[str, ...]
    lines: tuple[ScoreLine, ...]


@dataclass(frozen=True)
class Frame:
    """What every sheet of a lot begins with, and the bids on it in the order of their numbers."""

    lot: str
    round: int
    seat: str
    method: bytes
    bids: tuple[str, ...]


def admission_sheet(frame: Frame, items: Sequence[str], votes: Sequence[Vote]) -> AdmissionSheet:
    """The sheet of the member `frame.seat`; `votes` hold one for each bid and item (qualification.vote_blockers)."""
    cast = {(vote.bid, vote.item): vote for vote in votes}
    lines = tuple(VoteLine(bid, tuple(cast[bid, item].passed for item in items)) for bid in frame.bids)
    failings = tuple(
        Failing(bid, item, cast[bid, item].reason) for bid in frame.bids for item in items if not cast[bid, item].passed
    )
    return AdmissionSheet(frame.lot, frame.round, frame.seat, frame.method, tuple(items), lines, failings)


def votes_of(sheet: AdmissionSheet) -> list[Vote]:
    """The votes on a sheet, as they are counted."""
    return list(_votes(sheet))


def _votes(sheet: AdmissionSheet) -> Iterator[Vote]:
    reasons = {(failing.bid, failing.item): failing.reason for failing in sheet.failings}
    for line in sheet.lines:
        for item, passed in zip(sheet.items, line.passed, strict=True):
            yield Vote(sheet.seat, line.bid, item, passed, reasons.get((line.bid, item), ""))


def score_sheet(frame: Frame, criteria: Sequence[str], points: Mapping[str, Mapping[str, Decimal]]) -> ScoreSheet:
    """The sheet of the member `frame.seat`; `points` name every bid and criterion (scoring.sheet_blockers)."""
    lines = tuple(ScoreLine(bid, tuple(points[bid][code] for code in criteria)) for bid in frame.bids)
    return ScoreSheet(frame.lot, frame.round, frame.seat, frame.method, tuple(criteria), lines)


def points_of(sheet: ScoreSheet) -> dict[str, dict[str, Decimal]]:
    """The points on a sheet: bid, then criterion."""
    return {line.bid: dict(zip(sheet.criteria, line.points, strict=True)) for line in sheet.lines}
