"""Two entries in one place, of which no proof can hold: whoever asks what came first must not take it for an order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from supervision.verifier.case import Case, Happened
from tests.supervision.forger import Forger, Lie


def in_one_place(find: Callable[[Case], tuple[Happened, Happened]]) -> Lie:
    """The first of two entries at the index of the second, before it in the bundle."""

    def lie(forger: Forger) -> None:
        one, two = find(forger.case)

        def moved(case: Case) -> Case:
            leaves = [replace(leaf, index=two.index) if leaf.index == one.index else leaf for leaf in case.leaves]
            return replace(case, leaves=tuple(leaves), _worked_out={})

        forger.afterwards = moved

    return lie


def beside(one: str, two: str, lot: str = "sl-2026-0001-1") -> Lie:
    """The last entry of one kind about a lot in the place of the first of another kind."""

    def find(case: Case) -> tuple[Happened, Happened]:
        return _about(case, one, lot)[-1], _about(case, two, lot)[0]

    return in_one_place(find)


def _about(case: Case, tag: str, lot: str) -> list[Happened]:
    return case.all(tag, lot=lot) or case.all(tag)
