"""Policies of the grammar for property tests: any tree that `parse_policy` takes, not only those that people choose."""

from __future__ import annotations

from hypothesis import assume
from hypothesis import strategies as st

from bidding.envelope.policy import MAX_CHILDREN, MAX_DEPTH, MAX_LEAVES, Policy, parse_policy
from ledger.errors import Refused

LETTERS = "acrdefgxyz"
LABELS = [*LETTERS, *(letter + digit for letter in LETTERS for digit in "12"), "b"]


@st.composite
def _tree(draw: st.DrawFn, labels: list[str], depth: int) -> str:
    """A node over all of `labels`, in their order: cut into pieces, a piece of one is a leaf."""
    most = min(len(labels), MAX_CHILDREN)
    least = 2 if depth < MAX_DEPTH else most
    count = draw(st.integers(least, most))
    cuts = sorted(draw(st.sets(st.integers(1, len(labels) - 1), min_size=count - 1, max_size=count - 1)))
    pieces = [labels[start:end] for start, end in zip([0, *cuts], [*cuts, len(labels)], strict=True)]
    assume(depth < MAX_DEPTH or all(len(piece) == 1 for piece in pieces))
    children = [piece[0] if len(piece) == 1 else draw(_tree(piece, depth + 1)) for piece in pieces]
    return f"{draw(st.integers(1, count))}({','.join(children)})"


@st.composite
def policies(draw: st.DrawFn, most: int = MAX_LEAVES) -> Policy:
    """A policy with at most `most` leaves that keeps every rule."""
    labels = draw(st.lists(st.sampled_from(LABELS), min_size=2, max_size=most, unique=True))
    text = draw(_tree(labels, 1))
    policy = _taken(text)
    assume(policy is not None)
    assert policy is not None
    return policy


def _taken(text: str) -> Policy | None:
    """Only one rule is left that the strategy may have broken."""
    try:
        return parse_policy(text)
    except Refused as refusal:
        if refusal.codes != ["bidding.policy_one_body"]:
            raise
        return None


@st.composite
def quorums(draw: st.DrawFn, policy: Policy) -> frozenset[int]:
    """A smallest satisfying set: leaves leave in any order as long as the others satisfy the policy."""
    left = frozenset(range(len(policy.leaves)))
    for index in draw(st.permutations(sorted(left))):
        if policy.satisfied(left - {index}):
            left -= {index}
    return left
