"""Pure. Who together may open, like `2(a,c,r)` or `2(1(a1,a2),1(c1,c2),r)` (sealing.md, "Policy" and "Bytes").

Enters: the text of a policy, leaves that are at hand. Leaves: its tree, the sets that satisfy it, a sentence.
The letter of a leaf names the body, its digit a person of it; `b` is the bidder.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, product
from typing import NoReturn

from ledger.errors import _, refused

MAX_DEPTH = 3
MAX_LEAVES = 16
MAX_CHILDREN = 8
TOKEN = re.compile(r"([1-8])\(|([a-z][1-9]?)|([,)])")
BIDDER = "b"


@dataclass(frozen=True)
class Leaf:
    """One key: its place from left to right, from 0, and its label."""

    index: int
    label: str

    @property
    def body(self) -> str:
        """The letter of the body it belongs to."""
        return self.label[0]


@dataclass(frozen=True)
class Node:
    """Any `k` of the children; `number` counts nodes in pre-order, the root is 0."""

    number: int
    k: int
    children: tuple[Node | Leaf, ...]


@dataclass(frozen=True)
class Policy:
    """A policy that passed every check; equal when the texts are equal."""

    text: str
    root: Node

    @cached_property
    def leaves(self) -> tuple[Leaf, ...]:
        """All leaves from left to right."""
        return tuple(_leaves(self.root))

    @property
    def labels(self) -> tuple[str, ...]:
        """Their labels."""
        return tuple(leaf.label for leaf in self.leaves)

    @property
    def asks_bidder(self) -> bool:
        """Whether the bidder holds a leaf."""
        return BIDDER in self.labels

    def satisfied(self, leaves: Collection[int]) -> bool:
        """Whether the leaves with these indices may open together."""
        return _pick(self.root, frozenset(leaves)) is not None

    def choose(self, leaves: Collection[int]) -> frozenset[int]:
        """The one satisfying set out of `leaves` that everybody takes: the lowest; refused when there is none."""
        chosen = _pick(self.root, frozenset(leaves))
        return refused("bidding.too_few", _("Too few custodians to open.")) if chosen is None else chosen

    @cached_property
    def smallest(self) -> tuple[frozenset[int], ...]:
        """Every satisfying set from which nobody can be missing, in the order of their leaves."""
        return tuple(sorted(_sets(self.root), key=sorted))


def parse_policy(text: str) -> Policy:
    """The policy written in `text`; refused with a code of its own for each rule it breaks."""
    reader = _Reader(text)
    root = reader.node(1)
    if reader.at != len(text):
        _malformed()
    policy = Policy(text, root)
    if len(policy.leaves) > MAX_LEAVES:
        refused("bidding.policy_leaves", _("A policy has at most 16 leaves."))
    if len(set(policy.labels)) < len(policy.leaves):
        refused("bidding.policy_twice", _("A leaf stands twice in the policy."))
    _check_bodies(policy)
    return policy


def _check_bodies(policy: Policy) -> None:
    for body in {leaf.body for leaf in policy.leaves}:
        if policy.satisfied([leaf.index for leaf in policy.leaves if leaf.body in {body, BIDDER}]):
            refused("bidding.policy_one_body", _("One body alone could open under this policy."))


def _malformed() -> NoReturn:
    refused("bidding.policy_grammar", _("The policy is not written as it must be."))


class _Reader:
    """Reads nodes from left to right, numbering nodes and leaves."""

    def __init__(self, text: str) -> None:
        self.text, self.at, self.nodes, self.leaves = text, 0, 0, 0

    def token(self) -> re.Match[str]:
        found = TOKEN.match(self.text, self.at)
        if found is None:
            _malformed()
        self.at = found.end()
        return found

    def node(self, depth: int) -> Node:
        k = self.token()[1]
        if k is None:
            _malformed()
        return self.children(int(k), depth)

    def children(self, k: int, depth: int) -> Node:
        if depth > MAX_DEPTH:
            refused("bidding.policy_depth", _("A policy is at most three levels deep."))
        number = self.nodes
        self.nodes += 1
        children = [self.child(depth)]
        while (mark := self.token()[3]) == ",":
            children.append(self.child(depth))
        if mark != ")" or not 2 <= len(children) <= MAX_CHILDREN:
            _malformed()
        if k > len(children):
            refused("bidding.policy_quorum", _("The policy asks for more than there are."))
        return Node(number, k, tuple(children))

    def child(self, depth: int) -> Node | Leaf:
        found = self.token()
        if found[1] is not None:
            return self.children(int(found[1]), depth + 1)
        label = found[2]
        if label is None or (label[0] == BIDDER and label != BIDDER):
            _malformed()
        self.leaves += 1
        return Leaf(self.leaves - 1, label)


def _leaves(node: Node) -> Iterator[Leaf]:
    for child in node.children:
        if isinstance(child, Leaf):
            yield child
        else:
            yield from _leaves(child)


def _pick(node: Node | Leaf, leaves: frozenset[int]) -> frozenset[int] | None:
    if isinstance(node, Leaf):
        return frozenset([node.index]) if node.index in leaves else None
    met = [chosen for child in node.children if (chosen := _pick(child, leaves)) is not None]
    return frozenset().union(*met[: node.k]) if len(met) >= node.k else None


def _sets(node: Node | Leaf) -> Iterator[frozenset[int]]:
    if isinstance(node, Leaf):
        yield frozenset([node.index])
        return
    ways = [tuple(_sets(child)) for child in node.children]
    for chosen in combinations(ways, node.k):
        for parts in product(*chosen):
            yield frozenset().union(*parts)


NAMES = {"a": _("the agent"), "c": _("the centre"), "r": _("the regulator"), "b": _("the bidder")}


def in_words(policy: Policy, say: Callable[[str], str] = str) -> str:
    """A sentence that says who may open; `say` translates each piece (gettext), English without it."""
    return say(_("%(who)s can open the bids together.")) % {"who": _node_words(policy.root, say)}


def _node_words(node: Node, say: Callable[[str], str]) -> str:
    parts = [_child_words(child, say) for child in node.children]
    between = say(_(", "))
    if node.k == len(parts):
        return say(_("all of %(parts)s")) % {"parts": between.join(parts)}
    return say(_("any %(count)s of %(parts)s")) % {"count": node.k, "parts": between.join(parts)}


def _child_words(child: Node | Leaf, say: Callable[[str], str]) -> str:
    if isinstance(child, Node):
        return say(_("(%(words)s)")) % {"words": _node_words(child, say)}
    body = say(NAMES[child.body]) if child.body in NAMES else say(_("body %(letter)s")) % {"letter": child.body}
    if child.label == child.body:
        return body
    return say(_("%(body)s (person %(number)s)")) % {"body": body, "number": child.label[1:]}
