"""Every check says of every lie what its golden file says: which finding, in which words, about which lot.

On an ordinary day a few lies are told, and SUNLIGHT_DEEP=1 tells them all. Under SUNLIGHT_MUTANTS=code, when the code
of the verifier is changed to see whether this is noticed (tests/deep/mutation.py), a check is told those of which it
has something to say, and all that are told by hand.
"""

from __future__ import annotations

import os

import pytest

from supervision.verifier.verifying import CHECKS
from tests.supervision.verifier.findings import (
    CHANGED,
    every_lie,
    forged,
    golden,
    of_the_lie,
    of_the_true,
    of_the_truth,
    sentences,
    told_to,
)
from tests.supervision.verifier.told import TOLD

DEEP = os.environ.get("SUNLIGHT_DEEP") == "1"
DAILY = 180  # every so manieth lie on an ordinary day
DAILY_BY_HAND = 40
NUMBERS = [check.number for check in CHECKS]


def asked(number: int) -> list[str]:
    """The lies that are told to one check."""
    if CHANGED:
        said = golden(number)
        return [name for name in reversed(list(told_to(number))) if name in said or name not in every_lie()]
    by_hand = [name for name in told_to(number) if name not in every_lie()]
    return by_hand[:: 1 if DEEP else DAILY_BY_HAND]


@pytest.mark.parametrize("number", NUMBERS)
def test_what_a_check_says(number: int) -> None:
    check, expected = CHECKS[number - 1], golden(number)
    for name, said in of_the_true(check):
        assert (name, said) == (name, expected[name])
    truth = of_the_truth(check)
    for name in asked(number):
        if (heard := of_the_lie(check, name)) is not None:
            assert (name, heard) == (name, expected.get(name, truth[name.partition("/")[0]]))


def test_what_every_check_says_of_every_lie() -> None:
    files = {number: golden(number) for number in NUMBERS}
    truths = {number: of_the_truth(CHECKS[number - 1]) for number in NUMBERS}
    for name in list(every_lie())[:: 1 if DEEP else DAILY]:
        found, about = forged(name), name.partition("/")[0]
        for number in NUMBERS if found else ():
            said = sentences(CHECKS[number - 1], *(found or ()))
            assert (number, name, said) == (number, name, files[number].get(name, truths[number][about]))


def test_the_true_bundles_have_no_fault_and_every_check_finds_some_lie() -> None:
    """Lies about the archive and the checkpoint, checks 1 and 2, are those of test_mutants.py."""
    for number in NUMBERS:
        said = golden(number)
        faults = {name for name, ones in said.items() if not all(one.startswith("undone: ") for one in ones)}
        assert not [name for name in faults if name.startswith("true ")], number
        assert faults or number < 3, number


def test_a_golden_file_knows_no_lie_that_nobody_tells() -> None:
    for number in NUMBERS:
        assert {name for name in golden(number) if not name.startswith("true ")} <= set(told_to(number)), number
    assert set(TOLD) <= set(NUMBERS)


def test_lies_by_hand_of_one_name_are_one_lie() -> None:
    told = {(about, what): lie.__code__ for ones in TOLD.values() for about, what, lie in ones}
    assert all(told[about, what] is lie.__code__ for ones in TOLD.values() for about, what, lie in ones)
