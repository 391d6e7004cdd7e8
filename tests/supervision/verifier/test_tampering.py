"""A tampered bundle: every leaf, field, path and part that is dropped, doubled, swapped or changed is found out.

Archives are packed again in their one form after each change, so that it is the checks that find it, not the packing.
Checks are asked in their order until one fails; a change that none of them finds fails the test.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace

import pytest

from ledger.bundle import Leaf, pack, read_json, unpack, write_json
from ledger.canon import Malformed
from ledger.errors import Broken
from ledger.events import read_entry
from supervision.verifier.case import Case, read_case
from supervision.verifier.check import run
from supervision.verifier.verifying import CHECKS, verify
from tests.supervision.conftest import Bundles
from tests.supervision.forger import changed, other, written

Parts = dict[str, bytes]


def first_fault(case: Case, bundles: Bundles) -> int | None:
    """The number of the first check that fails."""
    return next((check.number for check in CHECKS if run(check, case, bundles.trust).faults), None)


def is_found(parts: Parts, bundles: Bundles) -> bool:
    try:
        return first_fault(read_case(unpack(pack(parts))), bundles) is not None
    except Broken:
        return True


@pytest.fixture
def case(bundles: Bundles) -> Case:
    return read_case(unpack(bundles.regulators))


def with_leaves(case: Case, leaves: list[Leaf]) -> Case:
    return replace(case, leaves=tuple(leaves), _worked_out={})


def one_of_each(case: Case) -> list[int]:
    """For every kind of entry the place of one leaf."""
    found: dict[str, int] = {}
    for at, one in enumerate(case.leaves):
        found.setdefault(read_entry(one.leaf).tag, at)
    return sorted(found.values())


def test_the_untouched_bundle_passes(case: Case, bundles: Bundles) -> None:
    assert first_fault(case, bundles) is None
    assert len(one_of_each(case)) > 50


def test_any_dropped_leaf_is_found(case: Case, bundles: Bundles) -> None:
    leaves = list(case.leaves)
    kept = [at for at in range(len(leaves)) if at % 2 == 0] + one_of_each(case)
    unseen = [
        at for at in sorted(set(kept)) if not first_fault(with_leaves(case, leaves[:at] + leaves[at + 1 :]), bundles)
    ]
    assert unseen == []


def shuffles(leaves: list[Leaf], at: int) -> Iterator[tuple[str, list[Leaf]]]:
    """Ways to put one leaf wrong; the rest stays."""
    one, two = leaves[at], leaves[(at + 1) % len(leaves)]
    before, after = leaves[:at], leaves[at + 1 :]
    yield "twice", [*before, one, one, *after]
    yield "under another index", [*before, replace(one, index=one.index + 10_000), *after]
    yield "in another's place", [*before, replace(one, leaf=two.leaf), *after]
    yield "with a step less", [*before, replace(one, path=one.path[:-1]), *after]
    yield "with a step changed", [*before, replace(one, path=(other(one.path[0]), *one.path[1:])), *after]
    yield "with a byte changed", [*before, replace(one, leaf=one.leaf[:-1] + other(one.leaf[-1:])), *after]


def test_any_leaf_put_wrong_is_found(case: Case, bundles: Bundles) -> None:
    leaves = list(case.leaves)
    unseen = [
        (at, how)
        for at in one_of_each(case)
        for how, wrong in shuffles(leaves, at)
        if not first_fault(with_leaves(case, wrong), bundles)
    ]
    assert unseen == []


def test_any_changed_field_is_found(case: Case, bundles: Bundles) -> None:
    leaves, unseen = list(case.leaves), []
    for at in one_of_each(case):
        entry = read_entry(leaves[at].leaf)
        for name, value in {**entry.values, "at": None, "by": None}.items():
            new = other(entry.stamp.at) if name == "at" and entry.stamp else "nobody" if name == "by" else other(value)
            try:
                wrong = written(changed(entry, **{name: new}))
            except Malformed:
                continue
            leaf = replace(leaves[at], leaf=wrong)
            if wrong != leaves[at].leaf and not first_fault(
                with_leaves(case, [*leaves[:at], leaf, *leaves[at + 1 :]]), bundles
            ):
                unseen.append((entry.tag, name))
    assert unseen == []


def damages(parts: Parts, name: str) -> Iterator[tuple[str, Parts]]:
    """Ways to damage one part."""
    data, others = parts[name], {key: value for key, value in parts.items() if key != name}
    yield "dropped", others
    yield "emptied", {**others, name: b""}
    yield "longer", {**others, name: data + b"\0"}
    for at in (0, len(data) // 2, len(data) - 1):
        yield f"byte {at}", {**others, name: data[:at] + other(data[at : at + 1]) + data[at + 1 :]}
    yield "renamed", {**others, f"objects/{'0' * 64}": data}
    neighbour = max(key for key in parts if key != name)
    yield "swapped", {**parts, name: parts[neighbour], neighbour: data}


def test_any_damaged_part_is_found(bundles: Bundles) -> None:
    parts = unpack(bundles.regulators)
    unseen = [
        (name, how)
        for name in sorted(parts)
        for how, wrong in damages(parts, name)
        if wrong != parts and not is_found(wrong, bundles)
    ]
    assert unseen == []


def test_what_is_spliced_in_is_found(bundles: Bundles) -> None:
    parts, other_bundle = unpack(bundles.regulators), unpack(bundles.public)
    stranger = "objects/" + "ab" * 32
    assert is_found({**parts, "note.txt": b"hello"}, bundles)
    assert is_found({**parts, stranger: b"a paper of another tender"}, bundles)
    assert is_found({**parts, "private/sl-2026-0009-1/a.batch": b"x"}, bundles)
    assert is_found({**other_bundle, **{k: v for k, v in parts.items() if k.startswith("private/")}}, bundles)
    foreign = [*read_json(parts["entries.json"]), {"index": 9_999, "leaf": "00", "path": []}]
    assert is_found({**parts, "entries.json": write_json(foreign)}, bundles)


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "public"}, {"kind": "secret"}, {"tender": "sl-2026-0002"}, {"lots": []}, {"more": 1},
        {"lots": ["sl-2026-0001-1", "sl-2026-0001-2"]}, {"lots": ["sl-2026-0001-1"] * 3}, {"format": "x"},
    ],
)  # fmt: skip
def test_another_head_is_found(bundles: Bundles, change: dict[str, object]) -> None:
    parts = unpack(bundles.regulators)
    head = {**read_json(parts["bundle.json"]), **change}
    assert is_found({**parts, "bundle.json": write_json(head)}, bundles)


def test_any_flipped_byte_of_the_archive_is_found(bundles: Bundles) -> None:
    data, chance = bundles.public, random.Random(7)
    for at in [0, len(data) - 1, *(chance.randrange(len(data)) for _time in range(60))]:
        wrong = data[:at] + other(data[at : at + 1]) + data[at + 1 :]
        assert not verify(wrong, bundles.trust).is_good, at


def test_an_archive_that_cannot_be_read_fails_check_1_and_reaches_no_other(bundles: Bundles) -> None:
    verdict = verify(bundles.public[:-10], bundles.trust)
    assert [one.number for one in verdict.failed] == [1]
    assert {one.undone for one in verdict.results[1:]} == {"was not reached"}
    assert not verdict.is_good
