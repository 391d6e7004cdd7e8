"""fsck: the tree that the database tells, entry by entry.

Enters: entries, places, nodes and states. Leaves: where a node, a state or a row is not what follows from the leaves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q

from ledger import fsck_entries, merkle
from ledger.as_stored import Number, NumberIfAny, Octets, OctetsIfAny
from ledger.models import EntryRow, Node, Place, TreeState, Waiting

AT_ONCE = 1024  # entries in memory, each of up to 64 KiB


@dataclass(frozen=True)
class State:
    """A state as stored; `root` None where it is no bytes, `edge` b"" there, `before` -1 where it is no number."""

    root: bytes | None
    edge: bytes | None
    before: int | None


def states() -> dict[int, State]:
    """The states by their sizes, smallest first; those of no size are left out."""
    columns = (Number("size"), Octets("root"), OctetsIfAny("edge"), NumberIfAny("before"))
    found = {size: State(*rest) for size, *rest in TreeState.objects.values_list(*columns) if size is not None}
    return dict(sorted(found.items()))


def newest() -> int:
    """How many entries the newest state has."""
    return max(states(), default=0)


def database(size: int) -> Iterator[str]:
    """Entries, places, nodes and states against each other, up to the newest state; `size` is the checkpoint's."""
    known = states()
    end = max(known, default=0)
    if end < size:
        yield f"the database ends at {end} entries, the last checkpoint at {size}"
    edge: merkle.Edge = []
    for start in range(0, end, AT_ONCE):
        stop = min(start + AT_ONCE, end)
        rows, nodes = fsck_entries.placed(start, stop), _nodes(start, stop)
        for index in range(start, stop):
            row = rows.get(index)
            if row is None or row.leaf is None:
                yield from fsck_entries.against_leaf(row) if row else [
                    f"entry {index}: the database has no entry at this place"
                ]
                return
            before, leaf = dict(edge), merkle.leaf_hash(bytes(row.leaf))
            edge = merkle.grow(edge, leaf)
            for level, number, digest in _completed(before, leaf, index):
                if nodes.pop((level, number), None) != digest:
                    yield f"entry {index}: node {number} of level {level} in the database is not what follows from it"
            if index + 1 in known:
                yield from _state(known[index + 1], index, edge)
            yield from fsck_entries.against_leaf(row)
        if nodes:
            level, number = min(nodes)
            yield f"node {number} of level {level} in the database belongs to no entry"
    yield from _too_many(end)


def chain() -> Iterator[str]:
    """Every state has a size and names the one before it."""
    for row in TreeState.objects.order_by("pk").values_list("pk", Number("size")):
        if row[1] is None or row[1] < 1:
            yield f"the tree state in row {row[0]} is over no number of entries"
    last = 0
    for size, state in states().items():
        if state.before not in (None, last):
            yield f"the tree state over {size} entries says it grew from {state.before}, not from {last}"
        last = size


def _state(state: State, index: int, edge: merkle.Edge) -> Iterator[str]:
    if state.root is None or merkle.edge_root(edge) != bytes(state.root):
        yield f"entry {index}: the root stored for {index + 1} entries is not what follows from them"
    if state.edge is not None and bytes(state.edge) != b"".join(node for _height, node in edge):
        yield f"entry {index}: the right edge stored for {index + 1} entries is not what follows from them"


def _completed(before: dict[int, bytes], leaf: bytes, index: int) -> Iterator[tuple[int, int, bytes]]:
    """The nodes (level, number, hash) that the leaf at `index` completes."""
    node, level, number = leaf, 0, index
    yield level, number, node
    while level in before:
        node, level, number = merkle.node_hash(before[level], node), level + 1, number >> 1
        yield level, number, node


def _nodes(start: int, stop: int) -> dict[tuple[int, int], bytes | None]:
    """The stored nodes that leaves [start, stop) complete; None for a hash that is no bytes."""
    found: dict[tuple[int, int], bytes | None] = {}
    for level in range(stop.bit_length()):
        if start >> level < stop >> level:
            some = hashes(level, start >> level, stop >> level)
            found |= {(level, number): digest for number, digest in some.items()}
    return found


def hashes(level: int, start: int, stop: int) -> dict[int, bytes | None]:
    """The stored hashes of the nodes [start, stop) of a level."""
    rows = Node.objects.filter(level=level, number__gte=start, number__lt=stop)
    found = rows.values_list(Number("number"), Octets("digest"))
    return {number: None if digest is None else bytes(digest) for number, digest in found if number is not None}


def _too_many(end: int) -> Iterator[str]:
    """Places and nodes beyond the tree. The log may have grown: the newest state is asked for after the rows."""
    beyond = Place.objects.annotate(at_index=Number("index")).filter(
        Q(at_index__isnull=True) | Q(index__lt=0) | Q(index__gte=end)
    )
    held = Node.objects.count()
    for row, index in beyond.order_by("pk").values_list("pk", "at_index")[:1]:
        if index is None or not 0 <= index < newest():
            yield f"the place in row {row} is {'no number' if index is None else index}, where the tree has none"
    now = newest()
    belong = sum(now >> level for level in range(now.bit_length()))
    if held > belong:
        yield f"the database holds {held} nodes, where {belong} follow from {now} entries"


def queue() -> Iterator[str]:
    """Entries that have neither place nor turn, or both; and the rows of those that wait."""
    for row in EntryRow.objects.filter(place__isnull=True, waiting__isnull=True).order_by("pk").values_list("pk")[:1]:
        yield f"the entry in row {row[0]} has no place and does not wait for one"
    for row in Waiting.objects.filter(entry__place__isnull=False).order_by("pk").values_list("entry_id")[:1]:
        yield f"the entry in row {row[0]} has its place and still waits for one"
    for waiting in fsck_entries.waiting():
        yield from fsck_entries.against_leaf(waiting)
