"""The Merkle tree against the published reference, and against itself at every size."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import merkle
from tests.shared import shared_data

LEAVES = [merkle.leaf_hash(bytes([number])) for number in range(40)]
# RFC 6962 reference inputs and the root of all eight (Certificate Transparency's own test values).
INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOT_OF_EIGHT = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


def test_root_of_the_reference_inputs() -> None:
    leaves = [merkle.leaf_hash(bytes.fromhex(text)) for text in INPUTS]
    assert merkle.root_of(leaves).hex() == ROOT_OF_EIGHT
    assert merkle.root_of([]) == merkle.EMPTY


def test_roots_of_the_shared_reference() -> None:
    reference = json.loads(shared_data("rfc6962_reference.json").read_text())
    leaves = [merkle.leaf_hash(bytes.fromhex(text)) for text in reference["leaf_inputs"]]
    assert [merkle.root_of(leaves[:size]).hex() for size in range(9)] == reference["roots"]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 13, 40])
def test_inclusion_proofs_hold_for_their_leaf_alone(size: int) -> None:
    leaves = LEAVES[:size]
    root, subtree = merkle.root_of(leaves), merkle.subtree_of(leaves)
    for index, leaf in enumerate(leaves):
        proof = merkle.inclusion_proof(index, size, subtree)
        assert merkle.included(leaf, index, size, proof, root)
        assert not merkle.included(LEAVES[(index + 1) % 40], index, size, proof, root)
        assert not merkle.included(leaf, index, size + 1, [*proof, root], root)
        assert not any(merkle.included(leaf, other, size, proof, root) for other in range(size) if other != index)
        assert not merkle.included(leaf, index, size, [*proof, leaf], root)
        assert not proof or not merkle.included(leaf, index, size, proof[:-1], root)


@given(st.integers(1, 40), st.integers(1, 40))
def test_consistency_proofs_hold_and_name_one_past(one: int, other: int) -> None:
    old, new = sorted((one, other))
    roots = merkle.root_of(LEAVES[:old]), merkle.root_of(LEAVES[:new])
    proof = merkle.consistency_proof(old, new, merkle.subtree_of(LEAVES[:new]))
    assert merkle.consistent(old, new, *roots, proof)
    assert old == new or not merkle.consistent(old, new, roots[1], roots[1], proof)
    assert not merkle.consistent(old, new, roots[0], LEAVES[0] if new > 1 else LEAVES[1], proof)
    assert not merkle.consistent(old, new, *roots, [*proof, roots[0]])


def test_edges_give_the_same_roots() -> None:
    edge: list[tuple[int, bytes]] = []
    for size, leaf in enumerate(LEAVES, 1):
        edge = merkle.grow(edge, leaf)
        assert merkle.edge_root(edge) == merkle.root_of(LEAVES[:size])
        assert [height for height, _ in edge] == [bit for bit in range(6, -1, -1) if size >> bit & 1]


def test_command_answers_a_line_for_a_line() -> None:
    leaves = LEAVES[:7]
    case = {
        "kind": "inclusion",
        "index": 3,
        "size": 7,
        "leaf_hash": leaves[3].hex(),
        "proof": [step.hex() for step in merkle.inclusion_proof(3, 7, merkle.subtree_of(leaves))],
        "root": merkle.root_of(leaves).hex(),
    }
    lines = [json.dumps(case), json.dumps({**case, "index": 4}), "{}", "not json"]
    done = subprocess.run(
        [sys.executable, "-m", "ledger.merkle"], input="\n".join(lines), capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["true", "false", "false", "false"]
