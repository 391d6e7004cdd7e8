"""The tree as stored: nodes of complete subtrees, and proofs from them.

Enters: indexes and sizes. Leaves: subtree hashes, inclusion proofs against the last checkpoint.
"""

from __future__ import annotations

from dataclasses import dataclass

from ledger import merkle
from ledger.errors import Broken
from ledger.models import CheckpointRow, EntryRow, Node


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


def edge_of(size: int) -> list[tuple[int, bytes]]:
    """The right edge of the tree of `size` leaves: one complete subtree for each bit of its size."""
    edge, start = [], 0
    for level in range(size.bit_length() - 1, -1, -1):
        if size >> level & 1:
            edge.append((level, subtree(start, start + (1 << level))))
            start += 1 << level
    return edge


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
