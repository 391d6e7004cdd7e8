"""fsck: what storage holds under `log/`, against itself, the database, and the root that is signed.

Enters: the size of the last checkpoint, and every file. Leaves: where a bundle or hash tile is not what the entries
give: full ones and partial ones, of every level, also those of earlier sizes that are still served, and those that go
beyond the checkpoint because it is not signed yet. A partial tile that is let go meanwhile is no difference.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ledger import fsck_database, fsck_entries, merkle, objects, sequencer, tiles
from ledger.errors import Absent, Broken

HASH = 32


@dataclass
class Walk:
    """The tree as it grows from the leaves of the bundles: `levels[n]` are the hashes of the tiles of level n, one
    after the other; `read` the tiles that the walk has compared.
    """

    size: int
    edge: merkle.Edge = field(default_factory=list)
    levels: list[bytearray] = field(default_factory=lambda: [bytearray()])
    read: set[str] = field(default_factory=set)

    def add(self, leaf: bytes) -> None:
        """Grow by one leaf hash."""
        self.edge = merkle.grow(self.edge, leaf)
        self.levels[0] += leaf

    def hashes(self, level: int, start: int, count: int) -> bytes:
        """The hashes [start, start + count) of tiles of a level, as far as they are known."""
        return bytes(self.levels[level][HASH * start : HASH * (start + count)]) if level < len(self.levels) else b""


def storage(size: int, root: bytes | None) -> Iterator[str]:
    """Bundles and tiles against each other, against the entries of the database, and against the signed root, None
    when there is none.
    """
    walk = Walk(size)
    for number in range((size + tiles.WIDTH - 1) // tiles.WIDTH):
        yield from _bundle(walk, number)
        if len(walk.levels[0]) < HASH * min(size, (number + 1) * tiles.WIDTH):
            return  # what follows cannot be derived
    yield from _upper_tiles(walk)
    if root is not None and merkle.edge_root(walk.edge) != root:
        yield "the root of the tiles is not the one that the checkpoint signs"
    yield from _others(walk)


def _bundle(walk: Walk, number: int) -> Iterator[str]:
    start = number * tiles.WIDTH
    width = min(tiles.WIDTH, walk.size - start)
    name = tiles.tile_path("entries", number, width)
    try:
        data, is_fuller = _stored(walk, "entries", number, width)
        entries = tiles.unbundle(data)[: width if is_fuller else None]
        tile, is_fuller = _stored(walk, 0, number, width)
        tile = tile[: HASH * width] if is_fuller else tile
    except (Absent, Broken, OSError) as error:
        yield f"{name} or its hashes cannot be read: {error}"
        return
    if (len(entries), len(tile)) != (width, HASH * width):
        yield f"{name} holds {len(entries)} entries and its tile {len(tile)} bytes, where {width} entries belong"
        return
    known = fsck_entries.leaves(start, start + width)
    for at, entry in enumerate(entries):
        index, leaf = start + at, merkle.leaf_hash(entry)
        if entry != known.get(index):
            yield f"entry {index}: {name} holds other bytes than the database"
        if leaf != tile[HASH * at : HASH * at + HASH]:
            yield f"entry {index}: {tiles.tile_path(0, number, width)} holds another hash than {name}"
        walk.add(leaf)


def _stored(walk: Walk, level: int | str, number: int, width: int) -> tuple[bytes, bool]:
    """A tile or bundle; the full one (True) where the partial one was let go meanwhile, because the log goes on."""
    name = tiles.tile_path(level, number, width)
    try:
        data = objects.read(f"{sequencer.SPACE}/{name}")
    except Absent:
        return objects.read(f"{sequencer.SPACE}/{tiles.tile_path(level, number)}"), True
    walk.read.add(name)
    return data, False


def _upper_tiles(walk: Walk) -> Iterator[str]:
    """The tiles above level 0: each hash is the root of a full tile below."""
    level = 0
    while full := len(walk.levels[level]) // HASH // tiles.WIDTH:
        above = (_split(walk.hashes(level, at * tiles.WIDTH, tiles.WIDTH)) for at in range(full))
        walk.levels.append(bytearray(b"".join(merkle.root_of(one) for one in above)))
        level += 1
        for number in range((full - 1) // tiles.WIDTH + 1):
            width = min(tiles.WIDTH, full - number * tiles.WIDTH)
            name = tiles.tile_path(level, number, width)
            try:
                found = objects.read(f"{sequencer.SPACE}/{name}")
            except (Absent, OSError) as error:
                yield f"{name} cannot be read: {error}"
                return
            walk.read.add(name)
            yield from _hashes(name, found, walk.hashes(level, number * tiles.WIDTH, width), None)


def _split(hashes: bytes) -> list[bytes]:
    return [hashes[at : at + HASH] for at in range(0, len(hashes), HASH)]


def _hashes(name: str, found: bytes, belong: bytes, first: int | None) -> Iterator[str]:
    """The bytes of a hash tile; `first` is the index of its first entry, None above level 0."""
    if found == belong:
        return
    pairs = enumerate(zip(_split(found), _split(belong), strict=False))
    at = next((at for at, (one, other) in pairs if one != other), None)
    if at is None:
        yield f"{name} holds {len(found)} bytes, where {len(belong)} belong"
    elif first is None:
        yield f"{name}: its hash {at} is not what the tile below gives"
    else:
        yield f"entry {first + at}: {name} holds another hash than follows from the entry"


def _others(walk: Walk) -> Iterator[str]:
    """The files that the walk did not need. They are listed first: the database knew of each before it was written."""
    names = sorted(name.removeprefix(f"{sequencer.SPACE}/") for name in objects.store().names(sequencer.SPACE))
    end = fsck_database.newest()
    held: tuple[int, Sequence[bytes | None]] = (-1, ())
    for name in names:
        if name in walk.read:
            continue
        try:
            level, number, width = tiles.parse_path(name)
        except Broken:
            yield f"{name} in storage is no tile of the log"
            continue
        start = number * tiles.WIDTH
        if (start + width) * tiles.WIDTH ** (0 if level == "entries" else int(level)) > end:
            yield f"{name} goes beyond the {end} entries that the database knows"
        elif level != "entries":
            yield from _tile(walk, name, int(level), start, width)
        else:
            if held[0] != number:
                known = fsck_entries.leaves(start, start + tiles.WIDTH)
                held = number, [known.get(start + at) for at in range(tiles.WIDTH)]
            yield from _old_bundle(name, start, held[1][:width])


def _read(name: str) -> Iterator[bytes | str]:
    """The bytes of a file, or what is the matter with it; nothing when it is a partial one that was let go."""
    try:
        yield objects.read(f"{sequencer.SPACE}/{name}")
    except Absent as error:
        if ".p/" not in name:
            yield f"{name} cannot be read: {error}"
    except OSError as error:
        yield f"{name} cannot be read: {error}"


def _tile(walk: Walk, name: str, level: int, start: int, width: int) -> Iterator[str]:
    """A hash tile against the walk and, where it goes beyond the checkpoint, the nodes of the database."""
    belong = walk.hashes(level, start, width)
    known = len(belong) // HASH
    nodes = fsck_database.hashes(8 * level, start + known, start + width) if known < width else {}
    belong += b"".join(nodes.get(number) or bytes(HASH) for number in range(start + known, start + width))
    for found in _read(name):
        if isinstance(found, str):
            yield found
        else:
            yield from _hashes(name, found, belong, None if level else start)


def _old_bundle(name: str, start: int, belong: Sequence[bytes | None]) -> Iterator[str]:
    """A bundle against the entries of the database, which the walk has compared with the bundles it needs."""
    for found in _read(name):
        if isinstance(found, str):
            yield found
            continue
        try:
            entries = tiles.unbundle(found)
        except Broken as error:
            yield f"{name} cannot be read: {error}"
            continue
        for at, (entry, leaf) in enumerate(zip(entries, belong, strict=False)):
            if entry != leaf:
                yield f"entry {start + at}: {name} holds other bytes than the database"
        if len(entries) != len(belong):
            yield f"{name} holds {len(entries)} entries, where {len(belong)} belong"
