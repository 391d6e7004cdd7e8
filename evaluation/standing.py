"""How a room stands: signed sheets read back, verdicts and outcome computed from them. Nothing is stored twice.

Enters: a room, the opened bids. Leaves: votes, verdicts, admitted bids, points, the outcome. Whoever shows any of
this asks first whether all sheets are in (rules.may_see_result).
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from bidding.opening.opened import OpenedBid
from evaluation import engine
from evaluation.engine import Outcome
from evaluation.models import Room, SignedSheet
from evaluation.offers import offers
from evaluation.qualification import Verdict
from evaluation.sheet import AdmissionSheet, Part, ScoreSheet, points_of, votes_of
from ledger.canon import decode
from trading import method


def signed(room: Room, part: Part, edition: int = 1) -> list[SignedSheet]:
    """The signed sheets of one part and edition, by seat number."""
    rows = SignedSheet.objects.filter(seat__lot=room.lot, seat__sitting=True, part=part.value, edition=edition)
    return list(rows.select_related("seat", "entry").order_by("seat__number"))


def verdicts(room: Room, bids: Sequence[OpenedBid]) -> list[Verdict]:
    """The verdict on each bid, once every admission sheet is signed."""
    rows = signed(room, Part.ADMISSION)
    votes = [vote for row in rows for vote in votes_of(decode(AdmissionSheet, bytes(row.record)))]
    return engine.verdicts(method.parse(room.lot.method), offers(bids), [row.seat.code for row in rows], votes)


def admitted_codes(room: Room, bids: Sequence[OpenedBid]) -> list[str]:
    """The admitted bids by number; none before the admission is counted."""
    return [] if room.stage in {Room.GATHERING, Room.ADMITTING} else _admitted(room, bids)


def _admitted(room: Room, bids: Sequence[OpenedBid]) -> list[str]:
    return [verdict.bid for verdict in verdicts(room, bids) if verdict.admitted]


def points(room: Room, edition: int | None = None) -> dict[str, dict[str, dict[str, Decimal]]]:
    """Points by seat, bid and criterion, from the signed score sheets."""
    rows = signed(room, Part.SCORES, edition or room.edition)
    return {row.seat.code: points_of(decode(ScoreSheet, bytes(row.record))) for row in rows}


def outcome(room: Room, bids: Sequence[OpenedBid]) -> Outcome:
    """The ranking of the admitted bids, once every sheet is signed."""
    admitted = set(_admitted(room, bids))
    ranked = [offer for offer in offers(bids) if offer.code in admitted]
    return engine.outcome(method.parse(room.lot.method), ranked, points(room), room.decided)
