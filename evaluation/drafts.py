"""Drafts: what a member is writing on the own sheet, kept as it is typed, seen by nobody else.

Enters: cells of one part of the own sheet. Leaves: the draft. A draft decides nothing and leaves no entry; a cell
that could never be signed is refused at once, so that nothing wrong is carried along.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from bidding.opening.opened import OpenedBid
from evaluation.engine import criteria, items
from evaluation.models import Draft, Room, SignedSheet
from evaluation.naming import readable
from evaluation.offers import read_bids
from evaluation.qualification import Vote
from evaluation.rules import room_of
from evaluation.sheet import LONGEST_REASON, Part
from evaluation.standing import admitted_codes
from experts.models import Seat
from ledger import rights
from ledger.actor import Actor
from ledger.errors import Broken, Reason, _, refuse, refused
from trading import method
from trading.models import Lot

POINTS = re.compile(r"(0|[1-9][0-9]{0,3})(\.[0-9]{1,2})?")
STAGE = {Part.ADMISSION: Room.ADMITTING, Part.SCORES: Room.SCORING}


@dataclass(frozen=True)
class Cell:
    """One cell: `value` is points as text, or "yes" or "no"; "" clears it. `reason` goes with "no"."""

    bid: str
    item: str
    value: str
    reason: str = ""


def save(lot: Lot, seat_code: str, part: Part, cells: Iterable[Cell], *, actor: Actor) -> Draft:
    """Keep `cells` of the own sheet. Refused evaluation.not_your_sheet, .sheet_final, .score_*, .vote_unknown."""
    rights.require("evaluation:draft:save", actor, lot)
    with transaction.atomic():
        seat = own_seat(lot, seat_code, actor)
        room = room_of(lot)
        if room is None:
            raise Broken(f"{lot.code} is evaluated without a room")
        refuse(writing_blockers(room, seat, part))
        written = list(cells)
        bids = read_bids(lot, actor)
        wrong = _cell_blockers(room, part, written, bids)
        refuse(readable(wrong, bids, method.parse(lot.method), seat))
        draft, _made = Draft.objects.select_for_update().get_or_create(seat=seat, part=part.value)
        for cell in written:
            draft.cells.setdefault(cell.bid, {})[cell.item] = {"value": cell.value, "reason": cell.reason.strip()}
        draft.save(update_fields=["cells"])
    return draft


def own_seat(lot: Lot, seat_code: str, actor: Actor) -> Seat:
    """The seat `seat_code` of the lot if `actor` sits in it; Refused evaluation.not_your_sheet."""
    seat = Seat.objects.filter(lot=lot, code=seat_code, sitting=True, expert__account__code=actor.code).first()
    if seat is None:
        refused("evaluation.not_your_sheet", _("This is another member's sheet."))
    return seat


def writing_blockers(room: Room, seat: Seat, part: Part) -> list[Reason]:
    """Why this part of the sheet cannot be written now: evaluation.room_stage, .sheet_final, trading.paused."""
    edition = edition_of(room, part)
    found = [
        (
            room.stage != STAGE[part],
            Reason(
                "evaluation.room_stage",
                _("The panel is past this step, or not there yet (%(stage)s)."),
                {"stage": room.stage},
            ),
        ),
        (
            SignedSheet.objects.filter(seat=seat, part=part.value, edition=edition).exists(),
            Reason("evaluation.sheet_final", _("This sheet is signed and final.")),
        ),
        (room.lot.paused, Reason("trading.paused", _("The regulator has paused this lot."))),
    ]
    return [reason for is_so, reason in found if is_so]


def edition_of(room: Room, part: Part) -> int:
    """Admission sheets have one edition; score sheets a new one each time objective items were disputed."""
    return room.edition if part is Part.SCORES else 1


def _cell_blockers(room: Room, part: Part, cells: list[Cell], bids: Sequence[OpenedBid]) -> list[Reason]:
    declared = method.parse(room.lot.method)
    if part is Part.ADMISSION:
        known, names = {bid.code for bid in bids}, {item.code for item in items(declared)}
        return [reason for cell in cells for reason in _vote_blockers(cell, known, names)]
    known = set(admitted_codes(room, bids))
    allowed = {one.code: one for one in criteria(declared)}
    reasons = []
    for cell in cells:
        facts = {"item": cell.item, "bid": cell.bid}
        if cell.bid not in known or cell.item not in allowed:
            text = _("There is no item %(item)s of %(bid)s to score.")
            reasons.append(Reason("evaluation.score_unknown", text, facts))
        elif cell.value and not (POINTS.fullmatch(cell.value) and allowed[cell.item].allows(Decimal(cell.value))):
            text = _("The score of item %(item)s of %(bid)s is not one this item allows.")
            reasons.append(Reason("evaluation.score_out_of_range", text, facts))
    return reasons


def _vote_blockers(cell: Cell, bids: set[str], names: set[str]) -> list[Reason]:
    facts = {"item": cell.item, "bid": cell.bid}
    if cell.bid not in bids or cell.item not in names or cell.value not in {"yes", "no", ""}:
        return [Reason("evaluation.vote_unknown", _("There is no item %(item)s of %(bid)s to vote on."), facts)]
    if len(cell.reason) > LONGEST_REASON:
        return [Reason("evaluation.reason_long", _("A reason has at most 300 characters."), facts)]
    return []


def votes_in(draft: Draft | None, seat: Seat) -> list[Vote]:
    """The votes a draft holds; empty cells are none."""
    cells = draft.cells if draft else {}
    return [
        Vote(seat.code, bid, item, cell["value"] == "yes", "" if cell["value"] == "yes" else cell["reason"])
        for bid, row in cells.items()
        for item, cell in row.items()
        if cell["value"]
    ]


def points_in(draft: Draft | None) -> dict[str, dict[str, Decimal]]:
    """The points a draft holds; empty cells are none."""
    cells = draft.cells if draft else {}
    return {
        bid: {item: Decimal(cell["value"]) for item, cell in row.items() if cell["value"]} for bid, row in cells.items()
    }
