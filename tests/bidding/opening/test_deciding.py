"""Which way an envelope goes, from what custodians gave: the whole table for two of three."""

from __future__ import annotations

import itertools

import pytest

from bidding.envelope.policy import parse_policy
from bidding.opening.deciding import Way, way_of

TWO_OF_THREE = parse_policy("2(a,c,r)")


def expected(given: tuple[str, str, str]) -> Way:
    """The rule in words: two shares open, two testimonies close, all three without either are too few, else wait."""
    if given.count("share") >= 2:
        return Way.OPEN
    if given.count("closed") >= 2:
        return Way.CLOSED
    return Way.WAIT if "absent" in given else Way.FEW


@pytest.mark.parametrize("given", list(itertools.product(("share", "closed", "absent"), repeat=3)))
def test_every_combination_of_three_custodians(given: tuple[str, str, str]) -> None:
    shares = {index for index, said in enumerate(given) if said == "share"}
    closed = {index for index, said in enumerate(given) if said == "closed"}
    assert way_of(TWO_OF_THREE, shares, closed) is expected(given)


def test_when_all_must_give_one_testimony_leaves_it_to_the_other_side() -> None:
    policy = parse_policy("3(a,c,r)")
    assert way_of(policy, {0, 1}, {2}) is Way.FEW
    assert way_of(policy, {0}, {2}) is Way.WAIT


@pytest.mark.parametrize(
    ("shares", "closed", "way"),
    [
        ({0, 1, 2}, set(), Way.OPEN),
        ({1, 2, 3}, set(), Way.ABSENT),
        ({1, 2}, set(), Way.ABSENT),  # whether the third comes changes nothing
        ({1}, set(), Way.WAIT),
        ({0, 1}, set(), Way.WAIT),
        ({0, 1}, {2}, Way.WAIT),
        ({0, 1}, {2, 3}, Way.CLOSED),
        ({0}, {1, 2}, Way.CLOSED),
        (set(), {1, 2}, Way.CLOSED),
        ({1}, {2}, Way.WAIT),
    ],
)
def test_a_bidder_who_is_needed_and_gave_no_share_in_time(shares: set[int], closed: set[int], way: Way) -> None:
    assert way_of(parse_policy("2(b,2(a,c,r))"), shares, closed) is way


@pytest.mark.parametrize(
    ("shares", "closed", "way"),
    [
        ({1, 2, 3}, set(), Way.OPEN),  # nobody needs the bidder
        ({0, 1, 2}, set(), Way.OPEN),
        ({1, 2}, set(), Way.WAIT),  # the third custodian may still come
        ({1, 2}, {3}, Way.ABSENT),  # with the bidder's share it would have opened
        ({0, 1}, {2, 3}, Way.FEW),
        ({0}, {1, 2, 3}, Way.CLOSED),
        ({0}, {1, 2}, Way.WAIT),  # two custodians and a bidder's word are no testimony of three
    ],
)
def test_a_bidder_who_may_help_and_need_not(shares: set[int], closed: set[int], way: Way) -> None:
    assert way_of(parse_policy("3(b,a,c,r)"), shares, closed) is way
