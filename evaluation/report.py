"""Pure. The report of a panel as a canonical record: what every member signs (domain.md 5.10; order 12, article 42).

Enters: the bids as opened, verdicts, the outcome, the members' opaque codes. Leaves: a `Report`, from which paper,
table and notice are made, and which the verifier computes again from the disclosed sheets.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated

from evaluation.engine import Line, Outcome
from evaluation.qualification import Rejection, Verdict
from ledger.canon import Places, record

Points = Annotated[Decimal, Places(2)]


@record("sunlight.reportbid/1")
class ReportBid:
    """A bid as it was opened. `invalid` is the code of an arithmetical defect or ""."""

    code: str
    number: int
    name: str
    credit_code: str
    price: Points
    days: int
    invalid: str


@record("sunlight.reportrejection/1")
class ReportRejection:
    """An item a bid failed, its clause, the count of votes and the reasons given."""

    bid: str
    item: str
    clause: str
    against: int
    in_favour: int
    reasons: tuple[str, ...]


@record("sunlight.reportline/1")
class ReportLine:
    """An admitted bid: place, deviation from the base in percent, points (absent for the lowest price)."""

    bid: str
    place: int
    deviation: Points | None
    price_points: Points | None
    technical: Points | None
    total: Points | None


@record("sunlight.reportsheet/1")
class ReportSheet:
    """A signed sheet the report rests on: seat, part, SHA-256 of its record."""

    seat: str
    part: str
    digest: bytes


@record("sunlight.report/1")
class Report:
    """The whole report. `method` is the method's text; `decided` how the committee ordered tied bids, and why."""

    lot: str
    round: int
    title: str
    made: datetime
    method: str
    ceiling: Points | None
    members: tuple[str, ...]
    leader: str
    bids: tuple[ReportBid, ...]
    rejections: tuple[ReportRejection, ...]
    base: Points | None
    lines: tuple[ReportLine, ...]
    decided: tuple[str, ...]
    decision: str
    sheets: tuple[ReportSheet, ...]
    candidates: tuple[str, ...]

    def bid(self, code: str) -> ReportBid:
        """The bid with this code; KeyError when there is none."""
        for one in self.bids:
            if one.code == code:
                return one
        raise KeyError(code)


@dataclass(frozen=True)
class Head:
    """What stands at the top of a report."""

    lot: str
    round: int
    title: str
    made: datetime
    method: str
    ceiling: Decimal | None
    members: tuple[str, ...]
    leader: str


def report(
    head: Head,
    bids: Sequence[ReportBid],
    verdicts: Sequence[Verdict],
    outcome: Outcome,
    *,
    sheets: Sequence[ReportSheet],
    decided: Sequence[str] = (),
    decision: str = "",
) -> Report:
    """The report over these facts, every list in a fixed order."""
    return Report(
        lot=head.lot, round=head.round, title=head.title, made=head.made, method=head.method, ceiling=head.ceiling,
        members=head.members, leader=head.leader,
        bids=tuple(sorted(bids, key=lambda bid: bid.number)),
        rejections=tuple(_rejection(one.bid, row) for one in verdicts for row in one.rejections),
        base=outcome.base,
        lines=tuple(_line(line) for line in outcome.lines),
        decided=tuple(decided), decision=decision,
        sheets=tuple(sorted(sheets, key=lambda sheet: (sheet.part, sheet.seat))),
        candidates=outcome.candidates,
    )  # fmt: skip


def _rejection(bid: str, row: Rejection) -> ReportRejection:
    return ReportRejection(bid, row.item, row.clause, row.against, row.in_favour, row.reasons)


def _line(line: Line) -> ReportLine:
    return ReportLine(line.bid, line.place, line.deviation, line.price_points, line.technical, line.total)


def places(report: Report) -> Mapping[str, int]:
    """The place of each admitted bid."""
    return {line.bid: line.place for line in report.lines}
