"""Publishing the candidates: agent or purchaser hands the signed result down to trading (Bidding Regulation 54).

Enters: a lot whose report every member has signed. Leaves: the candidates' notice and the lot in publicity
(trading/publicity.py).
"""

from __future__ import annotations

import hashlib

from bidding.opening.opened import OpenedBid
from evaluation.models import Room
from evaluation.offers import read_bids
from evaluation.report import Report, ReportLine
from evaluation.reporting import report_bytes
from evaluation.rules import room_of
from ledger.act import act
from ledger.actor import Actor
from ledger.canon import decode
from ledger.errors import _, refused
from trading.awarding import receive_candidates
from trading.candidates import Bidder, Candidate
from trading.models import Lot, Notice


def publish(lot: Lot, *, actor: Actor) -> Notice:
    """Publish the candidates of the report that stands. Refused evaluation.no_report, trading.candidates_*."""
    with act("evaluation:candidates:publish", actor, on=lot) as this:
        room = room_of(this.on)
        if room is None or room.stage != Room.CLOSED:
            refused("evaluation.no_report", _("The report is not signed by every member yet."))
        data = report_bytes(room)
        made, bids = decode(Report, data), read_bids(this.on, actor)
        return receive_candidates(
            this,
            this.on,
            candidates(made, bids),
            bidders=[Bidder(bid.code, bid.credit_code) for bid in bids],
            report=hashlib.sha256(data).hexdigest(),
        )


def candidates(report: Report, bids: list[OpenedBid]) -> list[Candidate]:
    """The candidates of a report, ranked, with what their bids say of quality and manager."""
    lines = {line.bid: line for line in report.lines}
    opened = {bid.code: bid for bid in bids}
    return [_candidate(rank, opened[code], lines[code]) for rank, code in enumerate(report.candidates, start=1)]


def _candidate(rank: int, bid: OpenedBid, line: ReportLine) -> Candidate:
    stated = dict(bid.items)
    return Candidate(
        rank, bid.code, bid.credit_code, bid.price, line.total, bid.days,
        stated.get("quality", "")[:200], stated.get("manager", "")[:100],
    )  # fmt: skip
