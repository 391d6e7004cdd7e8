"""Checking the log against itself: the root derived again from all tiles, and from the database, entry by entry.

Enters: the last published checkpoint, what storage holds under `log/`, the rows of the database. Leaves: the first
difference, in a sentence, or none. Bundles, hash tiles of every level, entries, places, nodes, states, checkpoints.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.conf import settings

from ledger import merkle, note, objects, sequencer, tiles
from ledger.errors import Absent, Broken
from ledger.models import CheckpointRow, EntryRow, Node, Place, TreeState, Waiting


@dataclass
class _Walk:
    """The tree as it grows from the leaves of the bundles, and what is to be compared on the way."""

    size: int
    edge: merkle.Edge = field(default_factory=list)
    levels: list[list[bytes]] = field(default_factory=lambda: [[]])

    def add(self, leaf: bytes) -> None:
        """Grow by one leaf hash; `levels[n]` are the hashes of the tile of level n that is being filled."""
        self.edge = merkle.grow(self.edge, leaf)
        self.levels[0].append(leaf)


def differences() -> Iterator[str]:
    """Every difference that stops the walk is the last one: the first is the one to look at."""
    last = CheckpointRow.objects.order_by("-size").first()
    if last is None:
        return
    yield from _checkpoints()
    yield from _database(last.size)
    yield from _storage(last)
    yield from _beyond()


def first_difference() -> str | None:
    """The first difference, None when there is none."""
    return next(differences(), None)


def _database(size: int) -> Iterator[str]:
    """Entries, places, nodes and states against each other, up to the newest state."""
    states = dict(TreeState.objects.order_by("size").values_list("size", "root"))
    end = max(states, default=0)
    if end < size:
        yield f"the database ends at {end} entries, the last checkpoint at {size}"
    edge: merkle.Edge = []
    for start in range(0, end, tiles.WIDTH):
        stop = min(start + tiles.WIDTH, end)
        leaves = _leaves(start, stop)
        nodes = _nodes(start, stop)
        for index in range(start, stop):
            if index not in leaves:
                yield f"entry {index}: the database has no entry at this place"
                return
            before, leaf = dict(edge), merkle.leaf_hash(leaves[index])
            edge = merkle.grow(edge, leaf)
            for level, number, digest in _completed(before, leaf, index):
                if nodes.pop((level, number), None) != digest:
                    yield f"entry {index}: node {number} of level {level} in the database is not what follows from it"
            if index + 1 in states and merkle.edge_root(edge) != bytes(states[index + 1]):
                yield f"entry {index}: the root stored for {index + 1} entries is not what follows from them"
        if nodes:
            level, number = min(nodes)
            yield f"node {number} of level {level} in the database belongs to no entry"


def _completed(before: dict[int, bytes], leaf: bytes, index: int) -> Iterator[tuple[int, int, bytes]]:
    """The nodes (level, number, hash) that the leaf at `index` completes."""
    node, level, number = leaf, 0, index
    yield level, number, node
    while level in before:
        node, level, number = merkle.node_hash(before[level], node), level + 1, number >> 1
        yield level, number, node


def _leaves(start: int, stop: int) -> dict[int, bytes]:
    found = Place.objects.filter(index__gte=start, index__lt=stop).values_list("index", "entry__leaf")
    return {index: bytes(leaf) for index, leaf in found}


def _nodes(start: int, stop: int) -> dict[tuple[int, int], bytes]:
    """The stored nodes that leaves [start, stop) complete."""
    found: dict[tuple[int, int], bytes] = {}
    level = 0
    while stop >> level:
        rows = Node.objects.filter(level=level, number__gte=start >> level, number__lt=stop >> level)
        found |= {(level, number): bytes(digest) for number, digest in rows.values_list("number", "digest")}
        level += 1
    return found


def _storage(last: CheckpointRow) -> Iterator[str]:
    """Bundles and tiles against each other, against the entries of the database, and against the signed root."""
    walk = _Walk(last.size)
    for number in range((last.size - 1) // tiles.WIDTH + 1):
        yield from _bundle(walk, number)
    yield from _upper_tiles(walk)
    if merkle.edge_root(walk.edge) != _signed(last).root:
        yield "the root of the tiles is not the one that the checkpoint signs"


def _bundle(walk: _Walk, number: int) -> Iterator[str]:
    start = number * tiles.WIDTH
    width = min(tiles.WIDTH, walk.size - start)
    name = tiles.tile_path("entries", number, width)
    try:
        entries = tiles.unbundle(_stored("entries", number, width))[:width]
        tile = _stored(0, number, width)[: 32 * width]
    except (Absent, Broken) as error:
        yield f"{name} or its hashes cannot be read: {error}"
        return
    if (len(entries), len(tile)) != (width, 32 * width):
        yield f"{name} holds {len(entries)} entries and its tile {len(tile)} bytes, where {width} entries belong"
        return
    known = _leaves(start, start + width)
    for at, entry in enumerate(entries):
        index, leaf = start + at, merkle.leaf_hash(entry)
        if entry != known.get(index):
            yield f"entry {index}: {name} holds other bytes than the database"
        if leaf != tile[32 * at : 32 * at + 32]:
            yield f"entry {index}: {tiles.tile_path(0, number, width)} holds another hash than {name}"
        walk.add(leaf)


def _stored(level: int | str, number: int, width: int) -> bytes:
    """A tile or bundle; the full one where the partial one was let go meanwhile, because the log goes on."""
    try:
        return objects.read(f"{sequencer.SPACE}/{tiles.tile_path(level, number, width)}")
    except Absent:
        return objects.read(f"{sequencer.SPACE}/{tiles.tile_path(level, number)}")


def _upper_tiles(walk: _Walk) -> Iterator[str]:
    """The tiles above level 0: each hash is the root of a full tile below."""
    level, below = 0, walk.levels[0]
    while len(below) >= tiles.WIDTH:
        full = len(below) // tiles.WIDTH
        above = [merkle.root_of(below[at * tiles.WIDTH : (at + 1) * tiles.WIDTH]) for at in range(full)]
        level, below = level + 1, above
        for number in range((full - 1) // tiles.WIDTH + 1):
            hashes = above[number * tiles.WIDTH : (number + 1) * tiles.WIDTH]
            name = tiles.tile_path(level, number, len(hashes))
            try:
                found = objects.read(f"{sequencer.SPACE}/{name}")
            except Absent as error:
                yield f"{name} cannot be read: {error}"
                return
            if found != b"".join(hashes):
                at = next((at for at, one in enumerate(hashes) if found[32 * at : 32 * at + 32] != one), 0)
                yield f"{name}: its hash {at} is not what the tile below gives"


def _signed(row: CheckpointRow) -> note.Checkpoint:
    return note.read(bytes(row.note), note.raw_public(sequencer.log_key().public_key()))


def _checkpoints() -> Iterator[str]:
    """Every published checkpoint: signed by the log's key, over a root that the database holds; the newest is kept in
    storage too.
    """
    newest = CheckpointRow.objects.order_by("-size").values_list("size", flat=True)[0]
    roots = dict(TreeState.objects.values_list("size", "root"))
    for row in CheckpointRow.objects.filter(size__lte=newest).order_by("size").iterator():
        try:
            signed = _signed(row)
            is_newest = row.size == newest
            kept = objects.read(sequencer.checkpoint_name(row.size)) if is_newest else bytes(row.note)
        except (Absent, Broken) as error:
            yield f"checkpoint over {row.size} entries: {error}"
            return
        if (signed.origin, signed.size) != (settings.LOG_ORIGIN, row.size) or row.size not in roots:
            yield f"checkpoint over {row.size} entries: it speaks of another log or size"
        elif signed.root != bytes(roots[row.size]):
            yield f"checkpoint over {row.size} entries: it signs another root than the one stored"
        elif kept != bytes(row.note):
            yield f"checkpoint over {row.size} entries: storage keeps another one than the database"


def _beyond() -> Iterator[str]:
    """Entries that have neither place nor turn, or both."""
    lost = EntryRow.objects.filter(place__isnull=True, waiting__isnull=True).order_by("pk").first()
    if lost:
        yield f"the entry in row {lost.pk} has no place and does not wait for one"
    twice = Waiting.objects.filter(entry__place__isnull=False).order_by("pk").first()
    if twice:
        yield f"the entry in row {twice.entry_id} has its place and still waits for one"
