"""The sequencer: gives committed entries their places, writes bundles and tiles, signs checkpoints (ledger.md, 1-4).

Enters: the queue of entries without a place. Leaves: places, nodes and a tree state in one transaction, then tiles in
object storage, then a checkpoint. Two at once can only lose the insert, write the same bytes or sign the same root.
"""

from __future__ import annotations

import secrets

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import IntegrityError, transaction

from ledger import clock, merkle, note, objects, tiles, tree
from ledger.models import CheckpointRow, EntryRow, Node, Place, TreeState, Waiting

BATCH = 2_000


def log_key() -> Ed25519PrivateKey:
    """The key that signs checkpoints and nothing else."""
    return Ed25519PrivateKey.from_private_bytes(settings.LOG_KEY)


def _take(*, veils: bool) -> list[EntryRow]:
    queue = Waiting.objects.select_related("entry").order_by("entry_id")
    plain = [row.entry for row in queue.filter(veiled=False)[:BATCH]]
    hidden = [row.entry for row in queue.filter(veiled=True)[:BATCH]] if veils else []
    secrets.SystemRandom().shuffle(hidden)  # order within a round tells nothing
    return plain + hidden


def _grow(start: int, entries: list[EntryRow]) -> tuple[list[Node], bytes]:
    edge, nodes = tree.edge_of(start), []
    for index, entry in enumerate(entries, start):
        leaf = merkle.leaf_hash(bytes(entry.leaf))
        nodes.append(Node(level=0, number=index, digest=leaf))
        before = dict(edge)
        edge = merkle.grow(edge, leaf)
        node, level, number = leaf, 0, index
        while level in before:
            node, level, number = merkle.node_hash(before[level], node), level + 1, number >> 1
            nodes.append(Node(level=level, number=number, digest=node))
    return nodes, merkle.edge_root(edge)


def sequence(*, veils: bool = True) -> int:
    """Give waiting entries their places, veiled ones only when `veils` (a round is due). Returns how many."""
    try:
        with transaction.atomic():
            entries = _take(veils=veils)
            if not entries:
                return 0
            last = TreeState.objects.order_by("-size").first()
            start = last.size if last else 0
            nodes, root = _grow(start, entries)
            TreeState.objects.create(size=start + len(entries), root=root)
            Place.objects.bulk_create(Place(entry=entry, index=index) for index, entry in enumerate(entries, start))
            Node.objects.bulk_create(nodes)
            Waiting.objects.filter(entry__in=[entry.pk for entry in entries]).delete()
            return len(entries)
    except IntegrityError:
        return 0  # another sequencer was faster; the next call goes on from its state


def _write_bundles(old: int, new: int) -> None:
    for number in range(old // tiles.WIDTH, (new - 1) // tiles.WIDTH + 1):
        start = number * tiles.WIDTH
        end = min(start + tiles.WIDTH, new)
        rows = EntryRow.objects.filter(place__index__gte=start, place__index__lt=end).order_by("place__index")
        data = tiles.bundle([bytes(row.leaf) for row in rows])
        objects.store().put("log/" + tiles.tile_path("entries", number, end - start), [data])


def _write_tiles(old: int, new: int) -> None:
    level, old_count, new_count = 0, old, new
    while new_count:
        for number in range(old_count // tiles.WIDTH, (new_count - 1) // tiles.WIDTH + 1):
            start = number * tiles.WIDTH
            width = min(tiles.WIDTH, new_count - start)
            rows = Node.objects.filter(level=8 * level, number__gte=start, number__lt=start + width).order_by("number")
            data = b"".join(bytes(row.digest) for row in rows)
            objects.store().put("log/" + tiles.tile_path(level, number, width), [data])
        level, old_count, new_count = level + 1, old_count >> 8, new_count >> 8


def publish() -> CheckpointRow | None:
    """Write and read back what the newest tree state adds, then sign its checkpoint; None when there is nothing new."""
    state = TreeState.objects.order_by("-size").first()
    last = tree.latest_checkpoint()
    old = last.size if last else 0
    if state is None or state.size <= old:
        return None
    _write_bundles(old, state.size)
    _write_tiles(old, state.size)
    signed = note.sign(note.Checkpoint(settings.LOG_ORIGIN, state.size, bytes(state.root)), log_key())
    made, _fresh = CheckpointRow.objects.get_or_create(size=state.size, defaults={"note": signed, "at": clock.now()})
    return made


def run_once(*, veils: bool = True) -> int:
    """Sequence what waits and publish a checkpoint. Returns how many entries got their place."""
    count = sequence(veils=veils)
    publish()
    return count
