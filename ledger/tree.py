"""The tree as stored: nodes of complete subtrees, and proofs from them.

Enters: indexes and sizes. Leaves: subtree hashes, inclusion proofs against the last checkpoint.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ledger import merkle
from ledger.errors import Broken
from ledger.models import CheckpointRow, EntryRow, Node, TreeState

AT_ONCE = 500  # rows asked for in one query


@dataclass(frozen=True)
class Proof:
    """That the leaf at `index` is in the tree of the signed `checkpoint`: `path` is lowest first."""

    index: int
    size: int
    path: tuple[bytes, ...]
    checkpoint: bytes


def subtree(start: int, end: int) -> bytes:
    """The hash of leaves [start, end) from stored nodes; RFC 6962 splits them so that they are aligned."""
    count = end - start
    if count & (count - 1) == 0:
        level = count.bit_length() - 1
        return bytes(Node.objects.get(level=level, number=start >> level).digest)
    middle = start + (1 << (count.bit_length() - 1))
    return merkle.node_hash(subtree(start, middle), subtree(middle, end))


def edge_of(size: int) -> merkle.Edge:
    """The right edge of the tree of `size` leaves: one complete subtree for each bit of its size."""
    edge, start = [], 0
    for level in range(size.bit_length() - 1, -1, -1):
        if size >> level & 1:
            edge.append((level, subtree(start, start + (1 << level))))
            start += 1 << level
    return edge


def edge_after(state: TreeState | None) -> merkle.Edge:
    """The right edge at a stored state, as it was stored with it."""
    if state is None:
        return []
    if state.edge is None:
        return edge_of(state.size)
    heights = [level for level in range(state.size.bit_length() - 1, -1, -1) if state.size >> level & 1]
    hashes = bytes(state.edge)
    return [(height, hashes[32 * at : 32 * at + 32]) for at, height in enumerate(heights)]


def latest_checkpoint() -> CheckpointRow | None:
    """The largest published checkpoint."""
    return CheckpointRow.objects.order_by("-size").first()


def prove(entry: EntryRow) -> Proof | None:
    """The inclusion proof of an entry under the last checkpoint, or None while no checkpoint covers it."""
    place, last = getattr(entry, "place", None), latest_checkpoint()
    if place is None or last is None or place.index >= last.size:
        return None
    path = merkle.inclusion_proof(place.index, last.size, subtree)
    return Proof(place.index, last.size, tuple(path), bytes(last.note))


def entry_at(index: int) -> EntryRow:
    """The entry whose place is `index`; `Broken` when there is none."""
    found = EntryRow.objects.filter(place__index=index).first()
    if found is None:
        raise Broken(f"no entry at {index}")
    return found


def paths(indexes: Iterable[int], size: int) -> dict[int, tuple[bytes, ...]]:
    """The inclusion paths of many leaves under the tree of `size`, lowest first, with few queries."""
    wanted: dict[int, set[int]] = defaultdict(set)

    def note(start: int, end: int) -> bytes:
        for level, number in _aligned(start, end):
            wanted[level].add(number)
        return b""

    leaves = sorted(set(indexes))
    for index in leaves:
        merkle.inclusion_proof(index, size, note)
    known: dict[tuple[int, int], bytes] = {}
    for level, numbers in wanted.items():
        ordered = sorted(numbers)
        for at in range(0, len(ordered), AT_ONCE):
            found = Node.objects.filter(level=level, number__in=ordered[at : at + AT_ONCE])
            rows = found.values_list("number", "digest")
            known |= {(level, number): bytes(digest) for number, digest in rows}

    def kept(start: int, end: int) -> bytes:
        edge = [(level, known[level, number]) for level, number in _aligned(start, end)]
        return merkle.edge_root(edge)

    return {index: tuple(merkle.inclusion_proof(index, size, kept)) for index in leaves}


def _aligned(start: int, end: int) -> Iterator[tuple[int, int]]:
    """The complete subtrees (level, number) that make up leaves [start, end), highest first."""
    while start < end:
        level = (end - start).bit_length() - 1
        yield level, start >> level
        start += 1 << level
