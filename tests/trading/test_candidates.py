"""What the evaluation may hand down as candidates."""

from __future__ import annotations

from decimal import Decimal

import pytest

from trading.candidates import Bidder, Candidate, candidates_blockers

BIDDERS = tuple(Bidder(f"bid-{n}", f"code-{n}") for n in range(1, 6))


def candidate(rank: int, number: int | None = None) -> Candidate:
    number = number or rank
    return Candidate(rank, f"bid-{number}", f"code-{number}", Decimal(100), None, 10)


@pytest.mark.parametrize(
    ("candidates", "codes"),
    [
        ([candidate(1)], []),
        ([candidate(1), candidate(2), candidate(3)], []),
        ([], ["trading.candidates_count"]),
        ([candidate(1), candidate(2), candidate(3), candidate(4)], ["trading.candidates_count"]),
        ([candidate(1), candidate(3)], ["trading.candidates_ranks"]),
        ([candidate(1, 9)], ["trading.candidates_bidders"]),
        ([candidate(1, 1), candidate(2, 1)], ["trading.candidates_bidders"]),
    ],
)
def test_candidates_are_ranked_bidders_without_gaps(candidates: list[Candidate], codes: list[str]) -> None:
    assert [reason.code for reason in candidates_blockers(candidates, BIDDERS, 3)] == codes
