"""What a proof must not be taken from: no leaf, no step, a short one, sizes that do not follow."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ledger import merkle
from ledger.errors import Broken
from ledger.merkle import consistent, holds, included, node_hash

MOST = 20
LEAVES = [merkle.leaf_hash(bytes([number])) for number in range(MOST)]
SUBTREE = merkle.subtree_of(LEAVES)
ROOTS = [merkle.root_of(LEAVES[:size]) for size in range(MOST + 1)]
ONE, SHORT = LEAVES[0], LEAVES[1][:31]


def test_hashes_are_told_apart_by_their_prefix() -> None:
    """RFC 6962, 2.1: SHA-256(0x00 || entry) and SHA-256(0x01 || left || right); the empty tree is SHA-256()."""
    assert merkle.leaf_hash(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert node_hash(b"", b"").hex() == "4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a"
    assert node_hash(b"a", b"b") != node_hash(b"b", b"a")
    assert merkle.root_of([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert merkle.edge_root([]) == merkle.EMPTY


def test_every_proof_between_every_two_sizes_holds_alone() -> None:
    subtree = merkle.subtree_of(LEAVES)
    for new in range(1, MOST + 1):
        for index in range(new):
            proof = merkle.inclusion_proof(index, new, subtree)
            assert included(LEAVES[index], index, new, proof, ROOTS[new])
            assert not included(LEAVES[index], index, new, [*proof, ONE], ROOTS[new])
            assert not included(LEAVES[index], index, new, proof, ROOTS[new - 1])
        for old in range(1, new + 1):
            proof = merkle.consistency_proof(old, new, subtree)
            assert consistent(old, new, ROOTS[old], ROOTS[new], proof)
            assert not consistent(old, new, ROOTS[old - 1], ROOTS[new], proof)
            assert not consistent(old, new, ROOTS[old], ROOTS[new - 1], proof)
            assert not consistent(old, new, ROOTS[old], ROOTS[new], [*proof, ONE])
            assert not proof or not consistent(old, new, ROOTS[old], ROOTS[new], proof[:-1])


def test_an_edge_is_the_complete_subtrees_of_its_size() -> None:
    edge: merkle.Edge = []
    for size, leaf in enumerate(LEAVES, 1):
        edge = merkle.grow(edge, leaf)
        assert [height for height, _hash in edge] == [bit for bit in range(5, -1, -1) if size >> bit & 1]
        assert merkle.edge_root(edge) == ROOTS[size]


@pytest.mark.parametrize("index", [-1, 7, 8])
def test_no_leaf_no_proof(index: int) -> None:
    with pytest.raises(Broken) as refused:
        merkle.inclusion_proof(index, 7, SUBTREE)
    assert str(refused.value) == "no such leaf"


@pytest.mark.parametrize(("old", "new"), [(0, 7), (-1, 7), (7, 6), (8, 7)])
def test_no_consistency_proof_where_nothing_follows(old: int, new: int) -> None:
    with pytest.raises(Broken) as refused:
        merkle.consistency_proof(old, new, SUBTREE)
    assert str(refused.value) == "no consistency proof between these sizes"


def test_equal_sizes_need_no_step() -> None:
    assert merkle.consistency_proof(7, 7, SUBTREE) == []
    assert consistent(7, 7, ROOTS[7], ROOTS[7], [])
    assert not consistent(7, 7, ROOTS[7], ROOTS[6], [])
    assert not consistent(7, 7, ROOTS[7], ROOTS[7], [ONE])


def test_places_outside_the_tree_hold_nothing() -> None:
    assert included(ONE, 0, 1, [], ONE)
    assert not included(ONE, 1, 1, [], ONE)
    assert not included(ONE, -1, 1, [], ONE)
    assert not included(ONE, 0, 0, [], ONE)


def test_hashes_of_another_length_hold_nothing() -> None:
    """Whatever root they would add up to: 31 bytes here and 33 there could be moved against each other."""
    assert not included(SHORT, 0, 1, [], SHORT)
    assert not included(ONE, 0, 2, [SHORT], node_hash(ONE, SHORT))
    assert not consistent(1, 2, ONE, node_hash(ONE, SHORT), [SHORT])


def test_sizes_that_do_not_follow_hold_nothing() -> None:
    assert not consistent(3, 1, ONE, ONE, [ONE])
    assert not consistent(0, 7, merkle.EMPTY, ROOTS[7], [ONE])
    assert not consistent(0, 7, merkle.EMPTY, ROOTS[7], [])
    assert not consistent(3, 7, ROOTS[3], ROOTS[7], [])


INCLUSION: dict[str, Any] = {
    "kind": "inclusion", "index": 3, "size": 7, "leaf_hash": LEAVES[3].hex(), "root": ROOTS[7].hex(),
    "proof": [step.hex() for step in merkle.inclusion_proof(3, 7, SUBTREE)],
}  # fmt: skip
CONSISTENCY: dict[str, Any] = {
    "kind": "consistency", "size1": 3, "size2": 7, "root1": ROOTS[3].hex(), "root2": ROOTS[7].hex(),
    "proof": [step.hex() for step in merkle.consistency_proof(3, 7, SUBTREE)],
}  # fmt: skip
SINGLE = {**INCLUSION, "index": 0, "size": 1, "leaf_hash": ONE.hex(), "root": ONE.hex()}


def says(case: object) -> bool:
    return holds(json.dumps(case).encode())


def test_lines_of_both_kinds_hold() -> None:
    assert says(INCLUSION)
    assert says(CONSISTENCY)
    assert says({**SINGLE, "proof": []})
    assert says({**SINGLE, "proof": None})  # how some languages write an empty list


@pytest.mark.parametrize("case", [INCLUSION, CONSISTENCY], ids=["inclusion", "consistency"])
def test_a_line_with_one_thing_missing_or_other_does_not_hold(case: dict[str, Any]) -> None:
    for name, value in case.items():
        assert says({key: one for key, one in case.items() if key != name}) is False
        text = str(value).upper() if name == "kind" else str(value)
        others: list[Any] = [None, [], {}, text, f"{value}0", 2.0, True, "zz"]
        for wrong in others:
            if wrong != value:
                assert says({**case, name: wrong}) is False, (name, wrong)


@pytest.mark.parametrize(
    "wrong",
    [{"proof": {}}, {"proof": ""}, {"proof": 0}, {"proof": [7]}, {"proof": [None]}, {"index": False}, {"size": True}],
)
def test_a_single_leaf_proved_by_another_type_does_not_hold(wrong: dict[str, Any]) -> None:
    assert says({**SINGLE, "proof": [], **wrong}) is False


def test_other_kinds_and_what_cannot_be_read_do_not_hold() -> None:
    assert says({**CONSISTENCY, **INCLUSION, "kind": "both"}) is False
    for line in (b"", b"{}", b"[]", b"7", b'"kind"', b"not json", b"\xff", b"[" * 100_000):
        assert holds(line) is False


def test_a_tree_of_no_entries_is_one_and_a_tree_of_less_is_none() -> None:
    case = {"kind": "consistency", "size1": 0, "size2": 0, "root1": "ab", "root2": "ab", "proof": []}
    assert says(case)
    assert not says({**case, "size1": -1, "size2": -1})
