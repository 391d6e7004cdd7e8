"""A tampered bundle: other heads, parts that belong elsewhere, archives that cannot be read.

Every single change of a field, byte, order, drop or splice is generated: test_mutants.py.
"""

from __future__ import annotations

import pytest

from ledger.bundle import pack, read_json, unpack, write_json
from ledger.errors import Broken
from supervision.verifier.case import Case, read_case
from supervision.verifier.check import run
from supervision.verifier.verifying import CHECKS, verify
from tests.supervision.bundles import Bundles

Parts = dict[str, bytes]


def first_fault(case: Case, bundles: Bundles) -> int | None:
    """The number of the first check that fails."""
    return next((check.number for check in CHECKS if run(check, case, bundles.trust).faults), None)


def is_found(parts: Parts, bundles: Bundles) -> bool:
    try:
        return first_fault(read_case(unpack(pack(parts))), bundles) is not None
    except Broken:
        return True


def test_the_untouched_bundle_passes(bundles: Bundles) -> None:
    assert first_fault(read_case(unpack(bundles.regulators)), bundles) is None


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


def test_an_archive_that_cannot_be_read_fails_check_1_and_reaches_no_other(bundles: Bundles) -> None:
    verdict = verify(bundles.public[:-10], bundles.trust)
    assert [one.number for one in verdict.failed] == [1]
    assert {one.undone for one in verdict.results[1:]} == {"was not reached"}
    assert not verdict.is_good
