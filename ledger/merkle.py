"""Pure. The RFC 6962 / RFC 9162 Merkle tree over SHA-256.

Enters: leaf hashes (32 bytes). Leaves: roots, inclusion and consistency proofs, and whether a proof holds.
`python -m ledger.merkle` reads JSON lines of proofs and answers `true` or `false` a line; one that it cannot read, an
empty one too, is answered `false`, so that answers and lines always pair up.
"""

from __future__ import annotations

import binascii
import json
import sys
from collections.abc import Callable, Sequence
from hashlib import sha256

from ledger.errors import Broken

EMPTY = sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """SHA-256(0x00 || entry)."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right)."""
    return sha256(b"\x01" + left + right).digest()


Edge = list[tuple[int, bytes]]


def grow(edge: Edge, leaf: bytes) -> Edge:
    """Append a leaf to a right edge: the complete subtrees as (height, hash), highest first."""
    height, node, left = 0, leaf, list(edge)
    while left and left[-1][0] == height:
        node, height = node_hash(left.pop()[1], node), height + 1
    return [*left, (height, node)]


def edge_root(edge: Sequence[tuple[int, bytes]]) -> bytes:
    """The root of the tree with this right edge."""
    if not edge:
        return EMPTY
    node = edge[-1][1]
    for _height, left in reversed(edge[:-1]):
        node = node_hash(left, node)
    return node


def root_of(leaves: Sequence[bytes]) -> bytes:
    """MTH of RFC 6962 2.1 over leaf hashes."""
    edge: Edge = []
    for leaf in leaves:
        edge = grow(edge, leaf)
    return edge_root(edge)


Subtree = Callable[[int, int], bytes]


def subtree_of(leaves: Sequence[bytes]) -> Subtree:
    """The hash of leaves[start:end), from a list in memory."""
    return lambda start, end: root_of(leaves[start:end])


def _split(size: int) -> int:
    return 1 << ((size - 1).bit_length() - 1)


def inclusion_proof(index: int, size: int, subtree: Subtree) -> list[bytes]:
    """PATH(index, D[size]) of RFC 6962 2.1.1, lowest first."""
    if not 0 <= index < size:
        raise Broken("no such leaf")
    start, end, path = 0, size, []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(subtree(middle, end))
            end = middle
        else:
            path.append(subtree(start, middle))
            start = middle
    return path[::-1]


def consistency_proof(old: int, new: int, subtree: Subtree) -> list[bytes]:
    """PROOF(old, D[new]) of RFC 6962 2.1.2."""
    if not 0 < old <= new:
        raise Broken("no consistency proof between these sizes")
    start, end, path = 0, new, []
    whole = True
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(subtree(middle, end))
            end = middle
        else:
            path.append(subtree(start, middle))
            start, whole = middle, False
    return ([] if whole else [subtree(start, end)]) + path[::-1]


def included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether `proof` shows `leaf` at `index` in the tree of `size` and `root` (RFC 9162 2.1.3.2)."""
    if not 0 <= index < size or any(len(one) != 32 for one in (leaf, *proof)):
        return False
    node, last, at = leaf, size - 1, index
    for step in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            node = node_hash(step, node)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            node = node_hash(node, step)
        at, last = at >> 1, last >> 1
    return last == 0 and node == root


def consistent(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether `proof` shows that the tree (new, new_root) extends (old, old_root) (RFC 9162 2.1.4.2)."""
    if old == new:
        return not proof and old_root == new_root
    if not 0 < old < new or not proof or any(len(step) != 32 for step in proof):
        return False
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    first = second = path[0]
    for step in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            first, second = node_hash(step, first), node_hash(step, second)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            second = node_hash(second, step)
        at, last = at >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root


def holds(line: bytes) -> bool:
    """Whether one JSON line of a proof holds; an unreadable one does not."""
    try:
        case = json.loads(line)
        proof = [_hex(step) for step in _list(case["proof"])]
        if case["kind"] == "inclusion":
            leaf, root = _hex(case["leaf_hash"]), _hex(case["root"])
            return included(leaf, _count(case["index"]), _count(case["size"]), proof, root)
        roots = _hex(case["root1"]), _hex(case["root2"])
        return case["kind"] == "consistency" and consistent(_count(case["size1"]), _count(case["size2"]), *roots, proof)
    except (ValueError, KeyError, TypeError, RecursionError):
        return False


def _hex(text: object) -> bytes:
    if not isinstance(text, str):
        raise TypeError
    return binascii.unhexlify(text)


def _list(found: object) -> list[object]:
    if found is not None and not isinstance(found, list):
        raise TypeError
    return found or []  # some languages write an empty list as null


def _count(found: object) -> int:
    if type(found) is not int or found < 0:
        raise TypeError
    return found


if __name__ == "__main__":
    for text in sys.stdin.buffer:
        print("true" if holds(text) else "false", flush=True)  # noqa: T201  the command's answer
