"""The construction procedure: every figure of domain.md 2.1, and what its limits refuse."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ledger.errors import Reason, Refused
from trading.periods import days
from trading.procedures.construction import PROCEDURE
from trading.procedures.known import known, procedure_of
from trading.procedures.procedure import Mechanism, Method
from trading.stages import MOVES


def test_terms() -> None:
    assert {name: (term.period, term.article) for name, term in PROCEDURE.terms.items()} == {
        "documents": (days(5), "Bidding Regulation, article 16"),
        "preparation": (days(20), "Bidding Law, article 24"),
        "clarification": (days(15), "Bidding Regulation, article 21"),
        "objection_to_papers": (days(10), "Bidding Regulation, article 22"),
        "answer": (days(3), "Bidding Regulation, articles 22 and 54"),
        "publicity_start": (days(3), "Bidding Regulation, article 54"),
        "publicity": (days(3), "Bidding Regulation, article 54"),
        "report": (days(15), "Bidding Law, article 47"),
        "contract": (days(30), "Bidding Law, article 46"),
        "bond_refund": (days(5), "Bidding Regulation, article 57"),
        "complaint": (days(10), "Bidding Regulation, article 60"),
    }


def test_the_rest_of_the_declaration() -> None:
    assert (PROCEDURE.code, PROCEDURE.mechanism, PROCEDURE.moves) == ("construction", Mechanism.SEALED, MOVES)
    assert PROCEDURE.methods == {Method.COMPREHENSIVE, Method.LOWEST_EVALUATED}
    assert (PROCEDURE.least_bidders, PROCEDURE.most_candidates) == (3, 3)


@pytest.mark.parametrize(
    ("estimate", "highest"),
    [
        ("10000000.00", "200000.00"),
        ("50353100.00", "800000.00"),  # 2 % would be 1,007,062
        ("40000000.00", "800000.00"),
        ("1234567.89", "24691.35"),  # 24,691.3578: fen are cut
    ],
)
def test_the_highest_bond(estimate: str, highest: str) -> None:
    assert str(PROCEDURE.bond.highest(Decimal(estimate))) == highest


def test_bond_blockers() -> None:
    estimate = Decimal("10000000.00")
    article = {"highest": "200,000.00", "article": "Bidding Regulation, article 26"}
    assert PROCEDURE.bond.blockers(Decimal("200000.00"), estimate) == []
    assert PROCEDURE.bond.blockers(Decimal("200000.01"), estimate) == [
        Reason("trading.bond_too_large", "The bond is at most %(highest)s (%(article)s).", article)
    ]
    assert [reason.code for reason in PROCEDURE.bond.blockers(Decimal("-0.01"), estimate)] == ["trading.bond_negative"]


@pytest.mark.parametrize(
    ("members", "experts", "codes"),
    [
        (5, 4, []),
        (5, 5, []),
        (7, 5, []),
        (9, 6, []),
        (5, 3, ["trading.committee_few_experts"]),
        (7, 4, ["trading.committee_few_experts"]),
        (6, 4, ["trading.committee_even"]),
        (3, 3, ["trading.committee_small"]),
        (4, 1, ["trading.committee_small", "trading.committee_even", "trading.committee_few_experts"]),
    ],
)
def test_committee(members: int, experts: int, codes: list[str]) -> None:
    assert [reason.code for reason in PROCEDURE.committee.blockers(members, experts)] == codes


def test_missing_papers() -> None:
    assert PROCEDURE.missing_papers(frozenset({"tender_document", "review_record"})) == []
    assert [str(reason) for reason in PROCEDURE.missing_papers(frozenset({"drawings", "review_record"}))] == [
        "trading.paper_missing: A required paper is missing: Tender document (Bidding Regulation, article 15)."
    ]


def test_procedures_are_found_by_code() -> None:
    assert procedure_of("construction") is PROCEDURE
    assert all(procedure.code == code for code, procedure in known().items())


def test_an_unknown_procedure_is_refused() -> None:
    with pytest.raises(Refused) as refusal:
        procedure_of("barter")
    assert refusal.value.codes == ["trading.procedure_unknown"]
