"""Sheets: the same bytes for the same draft, and back."""

from __future__ import annotations

from decimal import Decimal

from evaluation.qualification import Vote
from evaluation.sheet import AdmissionSheet, Frame, ScoreSheet, admission_sheet, points_of, score_sheet, votes_of
from ledger.canon import decode, encode

FRAME = Frame("sl-1-1", 1, "seat", b"\x01" * 32, ("b1", "b2"))
VOTES = [
    Vote("seat", "b1", "x", True),
    Vote("seat", "b1", "y", False, "page 4: no seal"),
    Vote("seat", "b2", "x", True),
    Vote("seat", "b2", "y", True),
]
POINTS = {"b2": {"p": Decimal("3.50"), "q": Decimal(0)}, "b1": {"q": Decimal(7), "p": Decimal("1.25")}}


def test_admission_sheet_comes_back_as_the_votes() -> None:
    made = admission_sheet(FRAME, ["x", "y"], list(reversed(VOTES)))
    assert votes_of(decode(AdmissionSheet, encode(made))) == VOTES
    assert encode(made) == encode(admission_sheet(FRAME, ["x", "y"], VOTES))


def test_score_sheet_comes_back_as_the_points() -> None:
    made = score_sheet(FRAME, ["p", "q"], POINTS)
    assert points_of(decode(ScoreSheet, encode(made))) == POINTS
    assert [line.bid for line in made.lines] == ["b1", "b2"]
