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


def test_the_bidder_is_not_waited_for_as_a_custodian() -> None:
    policy = parse_policy("2(b,2(a,c,r))")
    assert way_of(policy, {1, 2, 3}, set()) is Way.FEW
    assert way_of(policy, {0, 1, 2}, set()) is Way.OPEN
