"""Whoever lacks the log's key changes one thing in a bundle, and a check finds it: every kind of change, every day.

SUNLIGHT_MUTANTS=all tries every single one, on both bundles and all cores: `./sunlight deep` does
(tests/deep/bundle_mutants.py).
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice

import pytest

from ledger.bundle import unpack
from ledger.errors import Broken
from supervision.verifier.case import Case, read_case
from supervision.verifier.check import Check, run
from supervision.verifier.trust import Trust
from supervision.verifier.verifying import CHECKS
from tests.cores import on_all_cores
from tests.supervision.bundles import Bundles
from tests.supervision.mutants import Made, Material, Mutant, mutants, one_of_each

ALL = os.environ.get("SUNLIGHT_MUTANTS") == "all"
GROUPS = {"archive", "bundle.json", "entries.json", "checkpoint", "objects/paper", "private/*.batch", "leaf", "leaves"}
# A long chain of its own: beside the other tests of the verifier, not behind them.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("mutants")]


@dataclass
class Tried:
    """What was tried, counted by sort, and what no check found: kind and place."""

    count: Counter[str] = field(default_factory=Counter)
    unseen: list[tuple[str, str]] = field(default_factory=list)

    def __add__(self, more: Tried) -> Tried:
        return Tried(self.count + more.count, self.unseen + more.unseen)


@dataclass(frozen=True)
class Finder:
    """Asks the checks whether one finds a change: first the one that found the last of its kind, then all in order.

    One finding is enough, whosever it is; of a hundred thousand changes nearly all are found at the first question.
    """

    trust: Trust
    last: dict[str, Check] = field(default_factory=dict)

    def finds(self, made: Made, kind: str = "") -> bool:
        """Whether the archive cannot be read, or a check fails."""
        try:
            parts = unpack(made) if isinstance(made, bytes) else made
            case = parts if isinstance(parts, Case) else read_case(parts)
        except Broken:
            return True
        asked = sorted(CHECKS, key=lambda check: check is not self.last.get(kind))
        found = next((check for check in asked if run(check, case, self.trust).faults), None)
        if found is not None:
            self.last[kind] = found
        return found is not None


def tried(every: Iterable[Mutant], material: Material, trust: Trust) -> Tried:
    """Try these changes; what changes nothing is none."""
    finder, told = Finder(trust), Tried()
    parts, case = material.parts, material.case
    for one in every:
        made = one.made()
        if made in (parts, case):
            continue
        told.count[one.kind.partition(",")[0].partition(" ")[0].partition("[")[0]] += 1
        if not finder.finds(made, one.kind):
            told.unseen.append((one.kind, one.where))
    return told


def all_tried(material: Material, trust: Trust) -> Tried:
    """Try every single change."""
    shares = on_all_cores(lambda number, count: tried(islice(mutants(material), number, None, count), material, trust))
    return sum(shares, Tried())


@pytest.mark.parametrize("kind", ["regulators", "public"] if ALL else ["regulators"])
def test_every_single_change_is_found(bundles: Bundles, kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    archives = {"regulators": bundles.regulators, "public": bundles.public, "early": bundles.early}
    others = {f"the {word} bundle": unpack(data) for word, data in archives.items() if word != kind}
    material = Material(unpack(archives[kind]), others, bundles.strangers)
    assert not Finder(bundles.trust).finds(material.parts)
    told = all_tried(material, bundles.trust) if ALL else tried(one_of_each(mutants(material)), material, bundles.trust)
    if ALL:
        sorts = ", ".join(f"{sort} {count:,}" for sort, count in told.count.most_common(6))
        with capsys.disabled():
            print(f"\n{kind}: {told.count.total():,} changes ({sorts}, …), {len(told.unseen)} not found")  # noqa: T201
    assert told.unseen == []
    assert told.count.keys() >= GROUPS - ({"private/*.batch"} if kind == "public" else set())
    assert told.count.total() > 800
