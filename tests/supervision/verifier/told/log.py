"""Checks 3 to 5: leaves and trails that are not what they should be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ledger.bundle import Leaf
from supervision.verifier.case import LIFTED, Happened
from supervision.verifier.log import TRAIL
from tests.supervision.forger import Forger, Lie, other

Leaves = tuple[Leaf, ...]


def last(forger: Forger, tag: str, **values: object) -> Happened:
    """The last entry of a kind."""
    return forger.case.all(tag, **values)[-1]


def leaves(to: Callable[[Leaves], Leaves]) -> Lie:
    """Other leaves in a finished bundle."""

    def lie(forger: Forger) -> None:
        forger.afterwards = lambda case: replace(case, leaves=to(case.leaves), _worked_out={})

    return lie


def first_leaf(to: Callable[[Leaf], Leaf]) -> Lie:
    """Another first leaf in a finished bundle."""
    return leaves(lambda all_: (to(all_[0]), *all_[1:]))


def trail(**to: Callable[[int], Any]) -> Lie:
    """Let the last count say something else."""

    def lie(forger: Forger) -> None:
        forger.recounts = False
        one = last(forger, TRAIL)
        forger.say(one, **{name: of(one[name] if name != "upto" else one.index) for name, of in to.items()})

    return lie


def recounted(steps: int) -> Lie:
    """Let the last count end some entries before itself, and count what stands before that."""

    def lie(forger: Forger) -> None:
        one = last(forger, TRAIL)
        forger.say(one, upto=one["upto"] - steps)

    return lie


def same_identity(one: str, two: str) -> Lie:
    """Two entries under one identity."""
    return lambda forger: forger.say(last(forger, one), id=last(forger, two).id)


def unknown_lift(forger: Forger) -> None:
    """A veil that was lifted from an entry that is not here."""
    lift = forger.case.all(LIFTED)[0]
    forger.leaves[lift["index"]] = None


def uncounted(forger: Forger) -> None:
    """No count of the entries at all."""
    for one in forger.case.all(TRAIL):
        forger.drop(one)


LIES: list[tuple[int, str, str, Lie]] = [
    (3, "whole", "a leaf that stands there twice", leaves(lambda all_: (all_[0], *all_))),
    (3, "whole", "a leaf at another index", first_leaf(lambda one: replace(one, index=one.index + 1))),
    (3, "whole", "a leaf with another path", first_leaf(lambda one: replace(one, path=one.path[::-1]))),
    (3, "whole", "a leaf that is no entry", first_leaf(lambda one: replace(one, leaf=one.leaf + b"x"))),
    (3, "whole", "the last leaf with another path", leaves(
        lambda all_: (*all_[:-1], replace(all_[-1], path=(other(all_[-1].path[0]), *all_[-1].path[1:])))
    )),
    (4, "whole", "two entries with one identity", same_identity("trading:lot:noticed", "trading:notice:published")),
    (4, "whole", "an inner entry with the identity of an open one",
     same_identity("bidding:envelope:withdrawn", "trading:notice:published")),
    (4, "whole", "the leaves turned about", leaves(lambda all_: all_[::-1])),
    (4, "whole", "the veil of nothing lifted", unknown_lift),
    (5, "whole", "a count that counts itself", trail(upto=lambda index: index)),
    (5, "whole", "a count of what is to come", trail(upto=lambda index: index + 1)),
    (5, "whole", "a count up to the entry before it", trail(upto=lambda index: index - 1)),
    (5, "whole", "another count", trail(count=lambda count: count + 1)),
    (5, "whole", "another digest", trail(digest=other)),
    (5, "whole", "one entry uncounted", recounted(1)),
    (5, "whole", "many entries uncounted", recounted(40)),
    (5, "whole", "no count at all", uncounted),
]  # fmt: skip
