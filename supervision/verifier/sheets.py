"""Pure. The members' sheets as the log discloses them.

Enters: a case and a lot. Leaves: admission and score sheets with the entries that signed them.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from evaluation.engine import criteria, items, method_digest
from evaluation.qualification import Vote, vote_blockers
from evaluation.scoring import sheet_blockers
from evaluation.sheet import (
    AdmissionSheet,
    Frame,
    Part,
    ScoreSheet,
    admission_sheet,
    points_of,
    score_sheet,
    votes_of,
)
from ledger.canon import PLAIN, Malformed, Reader, decode
from ledger.errors import _, refuse
from supervision.verifier.case import Case, Happened, Missing, fault, missing, once_a_case
from supervision.verifier.notice import method_of
from supervision.verifier.opening import readout_of

SIGNED = "evaluation:sheet:signed"
Points = dict[str, dict[str, Decimal]]
S = TypeVar("S", AdmissionSheet, ScoreSheet)


@dataclass(frozen=True)
class Disclosed:
    """A signed sheet: the entry that signed it, its disclosure, the record's bytes."""

    entry: Happened
    said: Happened
    record: bytes

    @property
    def seat(self) -> str:
        """Whose sheet it is."""
        return str(self.entry["seat"])


def signed(case: Case, lot: str, part: Part, edition: int = 1) -> list[Happened]:
    """The entries by which the sheets of one part and edition were signed."""
    return case.all(SIGNED, lot=lot, part=part.value, edition=edition)


def disclosed(case: Case, entry: Happened) -> Disclosed:
    """The sheet behind an entry; `Missing` when it was not disclosed, or is no sheet at all."""
    said = case.disclosed.get((entry.id, "record"))
    if said is None:
        raise missing(_("a member's sheet"))
    try:
        reader = Reader(said["value"])
        record: bytes = PLAIN[bytes].read(reader)
        reader.end()
    except Malformed:
        raise missing(_("a member's sheet")) from None
    return Disclosed(entry, said, record)


@once_a_case
def admission_sheets(case: Case, lot: str) -> list[tuple[Disclosed, AdmissionSheet]]:
    """Every admission sheet of the lot."""
    return [_own(AdmissionSheet, disclosed(case, entry)) for entry in signed(case, lot, Part.ADMISSION)]


@once_a_case
def score_sheets(case: Case, lot: str, edition: int) -> list[tuple[Disclosed, ScoreSheet]]:
    """Every score sheet of one edition."""
    return [_own(ScoreSheet, disclosed(case, entry)) for entry in signed(case, lot, Part.SCORES, edition)]


def _own(cls: type[S], one: Disclosed) -> tuple[Disclosed, S]:
    """The sheet that was signed, which names the seat it was signed for."""
    sheet = decode(cls, one.record)
    _fits(sheet.seat == one.seat, sheet.seat)
    return one, sheet


def _frame(case: Case, lot: str, seat: str, bids: tuple[str, ...]) -> Frame:
    """How a sheet of the lot must begin."""
    number = case.one("evaluation:room:opened", lot=lot)["round"]
    return Frame(lot, number, seat, method_digest(method_of(case, lot)), bids)


def votes(case: Case, lot: str, sheet: AdmissionSheet) -> list[Vote]:
    """The votes on a sheet for every opened bid. `Missing` when it is another form; refused evaluation.vote_*."""
    bids = tuple(bid.code for bid in readout_of(case, lot).bids)
    asked = items(method_of(case, lot))
    found = votes_of(sheet)
    _fits(
        sheet == admission_sheet(_frame(case, lot, sheet.seat, bids), [item.code for item in asked], found), sheet.seat
    )
    refuse(vote_blockers(asked, [sheet.seat], bids, found))
    return found


def points(case: Case, lot: str, sheet: ScoreSheet, admitted: tuple[str, ...]) -> Points:
    """The points on a sheet for every admitted bid. `Missing` when it is another form; refused evaluation.score_*."""
    asked = criteria(method_of(case, lot))
    found = points_of(sheet)
    _fits(sheet == score_sheet(_frame(case, lot, sheet.seat, admitted), [one.code for one in asked], found), sheet.seat)
    refuse(sheet_blockers(asked, admitted, found))
    return found


def _fits(is_so: bool, seat: str) -> None:  # noqa: FBT001  the one fact asked about
    if not is_so:
        text = _("The sheet of member %(seat)s is not one for the bids and the method of this lot.")
        raise Missing(fault("sheet_form", text, seat=seat))
