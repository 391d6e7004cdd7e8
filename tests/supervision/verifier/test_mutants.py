"""Whoever lacks the log's key changes one thing in a bundle, and a check finds it: every kind of change, every day.

SUNLIGHT_MUTANTS=all tries every single one, on both bundles: `./sunlight deep` does (tests/deep/bundle_mutants.py).
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator

import pytest

from ledger.bundle import unpack
from ledger.errors import Broken
from supervision.verifier.case import Case, read_case
from supervision.verifier.check import run
from supervision.verifier.trust import Trust
from supervision.verifier.verifying import CHECKS
from tests.supervision.bundles import Bundles
from tests.supervision.mutants import Made, Material, Mutant, mutants, one_of_each

ALL = os.environ.get("SUNLIGHT_MUTANTS") == "all"
GROUPS = {"archive", "bundle.json", "entries.json", "checkpoint", "objects/paper", "private/*.batch", "leaf", "leaves"}
# A long chain of its own: beside the other tests of the verifier, not behind them.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("mutants")]


def is_found(made: Made, trust: Trust) -> bool:
    """Whether the archive cannot be read, or a check fails."""
    try:
        parts = unpack(made) if isinstance(made, bytes) else made
        case = parts if isinstance(parts, Case) else read_case(parts)
    except Broken:
        return True
    return any(run(check, case, trust).faults for check in CHECKS)


def tried(every: Iterator[Mutant]) -> Iterator[Mutant]:
    return every if ALL else one_of_each(every)


@pytest.mark.parametrize("kind", ["regulators", "public"] if ALL else ["regulators"])
def test_every_single_change_is_found(bundles: Bundles, kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    archives = {"regulators": bundles.regulators, "public": bundles.public, "early": bundles.early}
    others = {f"the {word} bundle": unpack(data) for word, data in archives.items() if word != kind}
    material = Material(unpack(archives[kind]), others, bundles.strangers)
    assert not is_found(material.parts, bundles.trust)
    count, unseen = Counter[str](), []
    for one in tried(mutants(material)):
        made = one.made()
        if made in (material.parts, material.case):
            continue
        count[one.kind.partition(",")[0].partition(" ")[0].partition("[")[0]] += 1
        if not is_found(made, bundles.trust):
            unseen.append((one.kind, one.where))
    if ALL:
        with capsys.disabled():
            print(f"\n{kind}: {count.total()} changes of {len(count)} sorts, {len(unseen)} not found")  # noqa: T201
    assert unseen == []
    assert count.keys() >= GROUPS - ({"private/*.batch"} if kind == "public" else set())
    assert count.total() > 800
