"""Proofs from stored nodes: for many leaves at once, under any size that was ever signed."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from ledger import merkle, tree
from ledger.act import act
from ledger.actor import THE_CLOCK, Role
from ledger.errors import Broken
from ledger.events import event
from ledger.models import EntryRow
from ledger.rights import ACTS, Act, roles
from tests.world import World


@event("tests:leaf:grown")
class LeafGrown:
    """A leaf of the test's tree."""

    number: int


@pytest.fixture
def leaves(world: World) -> list[bytes]:
    """Thirteen sequenced entries."""
    ACTS["tests:leaf:grow"] = Act("tests:leaf:grow", roles(Role.CLOCK))
    for number in range(13):
        with act("tests:leaf:grow", THE_CLOCK, on=None) as this:
            this.record(LeafGrown(number))
        world.sequence()
    rows = EntryRow.objects.order_by("place__index")
    return [merkle.leaf_hash(bytes(row.leaf)) for row in rows]


@pytest.mark.parametrize("size", [1, 2, 7, 8, 13])
def test_paths_prove_every_leaf_under_every_size(leaves: list[bytes], size: int) -> None:
    root = merkle.root_of(leaves[:size])
    found = tree.paths(range(size), size)
    assert [merkle.included(leaves[at], at, size, found[at], root) for at in range(size)] == [True] * size


def test_paths_ask_one_query(leaves: list[bytes], django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        tree.paths(range(13), 13)


@pytest.mark.parametrize("old", [1, 2, 5, 8, 12, 13])
def test_consistency_holds_and_names_its_past(leaves: list[bytes], old: int) -> None:
    proof = tree.consistency(old, 13)
    roots = merkle.root_of(leaves[:old]), merkle.root_of(leaves)
    assert merkle.consistent(old, 13, *roots, proof)
    assert merkle.edge_root(tree.edge_of(old)) == roots[0]
    assert tree.subtree(0, old) == roots[0]


def test_a_missing_node_is_said(leaves: list[bytes]) -> None:
    with pytest.raises(Broken, match="nodes of the tree are missing"):
        tree.paths([0], 20)
