"""The tree as stored: nodes of complete subtrees, and proofs from them.

Enters: indexes and sizes. Leaves: subtree hashes, inclusion proofs against the last checkpoint.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from django.db import connection

from ledger import merkle
from ledger.errors import Broken
from ledger.models import CheckpointRow, EntryRow, TreeState

AT_ONCE = 300  # nodes asked for in one query
# A join, because SQLite answers (level, number) IN (VALUES ...) by reading the whole table.
NODES = (
    "SELECT n.level, n.number, n.digest FROM (VALUES {}) AS wanted "
    "JOIN ledger_node n ON n.level = wanted.column1 AND n.number = wanted.column2"
)


@dataclass(frozen=True)
class Proof:
    """That the leaf at `index` is in the tree of the signed `checkpoint`: `path` is lowest first."""

    index: int
    size: int
    path: tuple[bytes, ...]
    checkpoint: bytes


T = TypeVar("T")
Numbers = set[tuple[int, int]]  # of nodes: level, number


def subtree(start: int, end: int) -> bytes:
    """The hash of leaves [start, end) from stored nodes; RFC 6962 splits them so that they are aligned."""
    return _with_nodes(lambda ask: ask(start, end))


def edge_of(size: int) -> merkle.Edge:
    """The right edge of the tree of `size` leaves: one complete subtree for each bit of its size."""
    wanted = list(_aligned(0, size))
    known = _nodes(set(wanted))
    return [(level, known[level, number]) for level, number in wanted]


def consistency(old: int, new: int) -> list[bytes]:
    """The proof that the tree of `new` leaves extends the one of `old`."""
    return _with_nodes(lambda ask: merkle.consistency_proof(old, new, ask))


def _with_nodes(work: Callable[[merkle.Subtree], T]) -> T:
    """Do `work`, which asks for subtrees, with few queries: once to hear what it asks for, once with the answers."""
    wanted: Numbers = set()

    def note(start: int, end: int) -> bytes:
        wanted.update(_aligned(start, end))
        return b""

    work(note)
    known = _nodes(wanted)
    return work(lambda start, end: merkle.edge_root([(one[0], known[one]) for one in _aligned(start, end)]))


def _nodes(wanted: Numbers) -> dict[tuple[int, int], bytes]:
    """The stored hashes of these nodes; `Broken` when one is missing."""
    ordered, found = sorted(wanted), dict[tuple[int, int], bytes]()
    with connection.cursor() as cursor:
        for at in range(0, len(ordered), AT_ONCE):
            some = ordered[at : at + AT_ONCE]
            cursor.execute(NODES.format(", ".join(["(%s, %s)"] * len(some))), [one for pair in some for one in pair])
            found |= {(level, number): bytes(digest) for level, number, digest in cursor.fetchall()}
    if len(found) != len(ordered):
        raise Broken(f"{len(ordered) - len(found)} nodes of the tree are missing")
    return found


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


def prove(entry: EntryRow, under: CheckpointRow | None = None) -> Proof | None:
    """The inclusion proof of an entry `under` a checkpoint, the last one by itself; None while it does not cover it."""
    place, last = getattr(entry, "place", None), under or latest_checkpoint()
    if place is None or last is None or place.index >= last.size:
        return None
    path = paths([place.index], last.size)[place.index]
    return Proof(place.index, last.size, path, bytes(last.note))


def entry_at(index: int) -> EntryRow:
    """The entry whose place is `index`; `Broken` when there is none."""
    found = EntryRow.objects.filter(place__index=index).first()
    if found is None:
        raise Broken(f"no entry at {index}")
    return found


def paths(indexes: Iterable[int], size: int) -> dict[int, tuple[bytes, ...]]:
    """The inclusion paths of many leaves under the tree of `size`, lowest first, with few queries."""
    leaves = sorted(set(indexes))
    return _with_nodes(lambda ask: {index: tuple(merkle.inclusion_proof(index, size, ask)) for index in leaves})


def _aligned(start: int, end: int) -> Iterator[tuple[int, int]]:
    """The complete subtrees (level, number) that make up leaves [start, end), highest first."""
    while start < end:
        level = (end - start).bit_length() - 1
        yield level, start >> level
        start += 1 << level
