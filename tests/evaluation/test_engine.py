"""The declared method run over whole sets of bids: figures printed in domain.md 5.3, ties, what arithmetic rejects."""

from __future__ import annotations

from decimal import Decimal

import pytest

from evaluation.engine import (
    BY_RULE,
    Offer,
    criteria,
    items,
    method_digest,
    method_text,
    outcome,
    price_score,
    verdicts,
)
from evaluation.qualification import Vote
from evaluation.scoring import Sheet
from ledger.errors import Refused
from trading.method import LOWEST, WORKED, parse

PRICES = dict(
    zip("ABCDEFG", ("9850000", "9720000", "9680000", "9600000", "9550000", "9430000", "9120000"), strict=True)
)
OFFERS = [Offer(code, number, Decimal(price)) for number, (code, price) in enumerate(PRICES.items(), 1)]
METHOD = parse(WORKED)
MEMBERS = ("s1", "s2", "s3", "s4", "s5")


def sheets(points: str = "10", bids: str = "ABCDEFG") -> dict[str, Sheet]:
    """The same points everywhere."""
    return {m: {bid: {c.code: Decimal(points) for c in METHOD.scoring} for bid in bids} for m in MEMBERS}


def votes(against: dict[tuple[str, str], int] | None = None) -> list[Vote]:
    """Every member passes everything, but for so many members on a bid's item."""
    found = []
    for at, member in enumerate(MEMBERS):
        for offer in OFFERS:
            for item in items(METHOD):
                passed = at >= (against or {}).get((offer.code, item.code), 0)
                found.append(Vote(member, offer.code, item.code, passed, "" if passed else "page 3"))
    return found


def test_worked_set_scores_as_printed() -> None:
    made = outcome(METHOD, OFFERS, sheets())
    assert made.base == Decimal("9596000.00")
    assert {line.bid: (str(line.deviation), str(line.price_points)) for line in made.lines} == {
        "A": ("2.65", "57.35"), "B": ("1.29", "58.71"), "C": ("0.88", "59.12"), "D": ("0.04", "59.96"),
        "E": ("-0.48", "59.76"), "F": ("-1.73", "59.14"), "G": ("-4.96", "57.52"),
    }  # fmt: skip
    assert made.candidates == ("D", "E", "F")
    assert [(line.bid, line.total) for line in made.lines][:2] == [("D", Decimal("89.96")), ("E", Decimal("89.76"))]


def test_lowest_price_ranks_by_price_and_scores_nothing() -> None:
    made = outcome(parse(LOWEST), OFFERS, {})
    assert (made.base, made.candidates) == (None, ("G", "F", "E"))
    assert {line.total for line in made.lines} == {None}


def test_rejected_bids_do_not_move_the_base_of_the_rest() -> None:
    made = outcome(METHOD, OFFERS[:4], sheets(bids="ABCD"))
    assert made.base == Decimal("9712500.00")
    assert len(made.lines) == 4


def test_tie_is_left_open_until_the_committee_decides_it() -> None:
    method = parse(LOWEST)
    offers = [Offer("A", 1, Decimal(5)), Offer("B", 2, Decimal(5)), Offer("C", 3, Decimal(7))]
    made = outcome(method, offers, {})
    assert [reason.code for reason in made.open_ties] == ["evaluation.tied"]
    settled = outcome(method, offers, {}, ("B", "A"))
    assert (settled.open_ties, settled.candidates) == ((), ("B", "A", "C"))


def test_majority_rejects_and_arithmetic_needs_no_vote() -> None:
    offers = [*OFFERS[:6], Offer("G", 7, Decimal("10000000.01"), "bidding.above_ceiling")]
    found = {one.bid: one for one in verdicts(METHOD, offers, MEMBERS, votes({("A", "safety"): 3, ("B", "safety"): 2}))}
    assert [bid for bid, one in found.items() if not one.admitted] == ["A", "G"]
    assert found["A"].rejections[0].reasons == ("page 3",) * 3
    assert [(row.item, row.reasons) for row in found["G"].rejections] == [(BY_RULE, ("bidding.above_ceiling",))]


def test_sheet_out_of_range_is_refused() -> None:
    with pytest.raises(Refused) as refusal:
        outcome(METHOD, OFFERS[:1], sheets("10.5", "A"))
    assert set(refusal.value.codes) == {"evaluation.score_out_of_range"}


@pytest.mark.parametrize(
    ("price", "base"),
    [
        ({"rule": "two_step_mean", "full": "60", "above": "1", "below": "0.5"}, "9465476.19"),
        ({"rule": "second_lowest", "full": "60", "above": "1", "below": "0.5"}, "9430000.00"),
        ({"rule": "low_ratio", "full": "60"}, "9120000"),
        ({**dict(WORKED["price"]), "drop_from": 0, "factor": "0.97"}, "9277357.14"),  # type: ignore[call-overload]
    ],
)
def test_every_rule_of_the_method_runs(price: dict[str, object], base: str) -> None:
    rule = parse({**WORKED, "price": price}).price
    assert rule is not None
    assert price_score(rule).score({o.code: o.price for o in OFFERS}).base == Decimal(base)


def test_method_has_one_spelling() -> None:
    assert method_text(METHOD) == method_text(parse(dict(reversed(list(WORKED.items())))))
    assert len(method_digest(METHOD)) == 32
    assert [one.code for one in criteria(METHOD)] == ["plan", "quality", "schedule"]
