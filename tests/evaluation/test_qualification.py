"""Qualification: the majority decides item by item, and no rejection goes without its reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.qualification import (
    Check,
    Item,
    Rejection,
    Verdict,
    Vote,
    competition_blockers,
    verdicts,
    vote_blockers,
)
from ledger.errors import Refused

SEAL = Item("seal", "Sealed and signed", Check.FORM, "Bidding Regulation 51 (1)")
LICENCE = Item("licence", "Licence in force", Check.QUALIFICATION, "Instructions 3.5.1")
ITEMS = [SEAL, LICENCE]
MEMBERS = ["m1", "m2", "m3"]
BIDS = ["a", "b"]


def ballots(against: dict[tuple[str, str, str], str]) -> list[Vote]:
    """Every member's votes: for, apart from those `against` with their reasons."""
    return [
        Vote(member, bid, item.code, (member, bid, item.code) not in against, against.get((member, bid, item.code), ""))
        for member in MEMBERS
        for bid in BIDS
        for item in ITEMS
    ]


def test_a_majority_rejects_with_clause_and_reasons() -> None:
    votes = ballots({("m1", "b", "licence"): "expired, p. 12", ("m3", "b", "licence"): "no renewal, p. 12"})
    assert verdicts(ITEMS, MEMBERS, BIDS, votes[::-1]) == [
        Verdict("a", ()),
        Verdict("b", (Rejection("licence", "Instructions 3.5.1", 2, 1, ("expired, p. 12", "no renewal, p. 12")),)),
    ]
    assert [verdict.admitted for verdict in verdicts(ITEMS, MEMBERS, BIDS, votes)] == [True, False]


def test_a_minority_does_not_reject() -> None:
    votes = ballots({("m2", "a", "seal"): "stamp unclear, p. 1"})
    assert verdicts(ITEMS, MEMBERS, BIDS, votes) == [Verdict("a", ()), Verdict("b", ())]


def test_half_is_no_majority() -> None:
    votes = [vote for vote in ballots({("m1", "a", "seal"): "no stamp"}) if vote.member != "m3"]
    assert verdicts(ITEMS, ["m1", "m2"], BIDS, votes) == [Verdict("a", ()), Verdict("b", ())]


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_no_reason_no_rejection(reason: str) -> None:
    votes = ballots({("m1", "a", "seal"): reason})
    with pytest.raises(Refused) as refusal:
        verdicts(ITEMS, MEMBERS, BIDS, votes)
    assert [(found.code, found.facts) for found in refusal.value.reasons] == [
        ("evaluation.reason_missing", {"member": "m1", "item": "seal", "bid": "a"})
    ]


def test_every_fault_is_named() -> None:
    votes = ballots({})[1:]  # m1 has not voted on seal of a
    votes += [votes[-1], Vote("m9", "a", "seal", passed=True), Vote("m1", "a", "colour", passed=False, reason="blue")]
    assert [(found.code, found.facts) for found in vote_blockers(ITEMS, MEMBERS, BIDS, votes)] == [
        ("evaluation.vote_unknown", {"member": "m9", "item": "seal", "bid": "a"}),
        ("evaluation.vote_unknown", {"member": "m1", "item": "colour", "bid": "a"}),
        ("evaluation.vote_missing", {"member": "m1", "item": "seal", "bid": "a"}),
        ("evaluation.vote_twice", {"member": "m3", "item": "licence", "bid": "b"}),
    ]


def test_too_few_admitted_asks_the_committee() -> None:
    assert competition_blockers(3, 3) == []
    assert [(reason.code, reason.facts) for reason in competition_blockers(2, 3)] == [
        ("evaluation.too_few_admitted", {"admitted": "2"})
    ]


@given(st.sets(st.tuples(st.sampled_from(MEMBERS), st.sampled_from(BIDS), st.sampled_from(["seal", "licence"]))))
def test_admitted_iff_no_item_has_a_majority_against(against: set[tuple[str, str, str]]) -> None:
    votes = ballots(dict.fromkeys(against, "p. 1"))
    for verdict in verdicts(ITEMS, MEMBERS, BIDS, votes):
        counts = [sum((member, verdict.bid, item.code) in against for member in MEMBERS) for item in ITEMS]
        assert verdict.admitted == (max(counts) < 2)
        assert [rejection.against for rejection in verdict.rejections] == [count for count in counts if count >= 2]
