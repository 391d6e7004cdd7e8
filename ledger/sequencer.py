"""The sequencer: gives committed entries their places, writes bundles and tiles, signs checkpoints (ledger.md, 1-4).

Enters: the queue of entries without a place. Leaves: places, nodes and a tree state in one transaction, then tiles in
object storage, then a checkpoint. It works under a lease with a fencing token and does not rely on it: two at once can
only lose the compare-and-set on the size, write the same bytes or sign the same root.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import chain, islice

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import IntegrityError

from ledger import clock, lease, merkle, note, objects, rounds, tiles, tree
from ledger.errors import Broken
from ledger.models import CheckpointRow, EntryRow, Lease, Node, Place, TreeState, Waiting
from ledger.sealed import sealed_scopes
from ledger.turn import turn

BATCH = 2_000
LEASE = "sequencer"
SPACE = "log"
AT_ONCE = 8  # objects that are written side by side


def log_key() -> Ed25519PrivateKey:
    """The key that signs checkpoints and nothing else."""
    return Ed25519PrivateKey.from_private_bytes(settings.LOG_KEY)


def _open_entries() -> list[EntryRow]:
    queue = Waiting.objects.select_related("entry").filter(veiled=False).order_by("entry_id")
    return [row.entry for row in queue[:BATCH]]


def grow(edge: merkle.Edge, start: int, entries: list[EntryRow]) -> tuple[list[Node], merkle.Edge]:
    """The nodes that `entries` add to a tree of size `start` with this right edge, and the edge after them."""
    nodes = []
    for index, entry in enumerate(entries, start):
        leaf = merkle.leaf_hash(bytes(entry.leaf))
        before = dict(edge)
        edge = merkle.grow(edge, leaf)
        node, level, number = leaf, 0, index
        nodes.append(Node(level=0, number=index, digest=leaf))
        while level in before:
            node, level, number = merkle.node_hash(before[level], node), level + 1, number >> 1
            nodes.append(Node(level=level, number=number, digest=node))
    return nodes, edge


def sequence(now: datetime | None = None) -> int:
    """Give waiting entries their places, veiled ones when a round is due at `now` (the machine's time). Returns how
    many; 0 when another process holds the lease, or was faster.
    """
    now = now or clock.real_now()
    due = rounds.is_due(lease.find(LEASE, now), now)
    if not due and not Waiting.objects.filter(veiled=False).exists():
        return 0
    if due:
        rounds.stock_up(now)
    try:
        with turn():
            held = lease.take(LEASE, now)
            return _place(held, now) if held else 0
    except IntegrityError:
        return 0  # another sequencer was faster; the next call goes on from its state


def _place(held: Lease, now: datetime) -> int:
    # What is sealed is asked first: then the notice of every such lot stands in the log before this round.
    sealed = sealed_scopes() if rounds.is_due(held, now) else None
    shown = _open_entries()
    hidden = [] if sealed is None else rounds.draw(held, now)
    entries = shown + hidden
    if not entries:
        return 0
    last = TreeState.objects.order_by("-size").first()
    start = last.size if last else 0
    if last and last.token > held.token:
        raise Broken("a sequencer works under a token that was overtaken")
    nodes, edge = grow(tree.edge_after(last), start, entries)
    settle(held, start, entries, nodes, edge)
    rounds.note_round(start + len(shown), hidden, sealed or frozenset())
    return len(entries)


def settle(held: Lease, start: int, entries: list[EntryRow], nodes: list[Node], edge: merkle.Edge) -> None:
    """Insert the state after the one of size `start`, and the places of `entries`, inside a transaction."""
    TreeState.objects.create(
        size=start + len(entries),
        root=merkle.edge_root(edge),
        edge=b"".join(node for _height, node in edge),
        before=start,
        token=held.token,
    )
    Place.objects.bulk_create(Place(entry=entry, index=index) for index, entry in enumerate(entries, start))
    Node.objects.bulk_create(nodes)
    Waiting.objects.filter(entry__in=[entry.pk for entry in entries]).delete()


def _write(pieces: Iterator[tuple[str, bytes]]) -> None:
    """Put objects (name under `log/`, bytes), some at a time: the disk flushes those together."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        while some := list(islice(pieces, AT_ONCE)):
            list(pool.map(_put, some))


def _put(piece: tuple[str, bytes]) -> None:
    name, data = piece
    objects.store().put(f"{SPACE}/{name}", [data])


def _bundles(old: int, new: int) -> Iterator[tuple[str, bytes]]:
    for number in range(old // tiles.WIDTH, (new - 1) // tiles.WIDTH + 1):
        start = number * tiles.WIDTH
        end = min(start + tiles.WIDTH, new)
        rows = EntryRow.objects.filter(place__index__gte=start, place__index__lt=end).order_by("place__index")
        data = tiles.bundle([bytes(leaf) for leaf in rows.values_list("leaf", flat=True)])
        yield tiles.tile_path("entries", number, end - start), data


def _tiles(old: int, new: int) -> Iterator[tuple[str, bytes]]:
    level, old_count, new_count = 0, old, new
    while new_count > old_count:
        for number in range(old_count // tiles.WIDTH, (new_count - 1) // tiles.WIDTH + 1):
            start = number * tiles.WIDTH
            width = min(tiles.WIDTH, new_count - start)
            rows = Node.objects.filter(level=8 * level, number__gte=start, number__lt=start + width).order_by("number")
            data = b"".join(bytes(digest) for digest in rows.values_list("digest", flat=True))
            yield tiles.tile_path(level, number, width), data
        level, old_count, new_count = level + 1, old_count >> 8, new_count >> 8


def checkpoint_name(size: int) -> str:
    """The object that keeps the signed checkpoint of `size`, apart from the database."""
    return f"checkpoints/{size}"


def publish() -> CheckpointRow | None:
    """Write and read back what the newest tree state adds, then sign its checkpoint; None when there is nothing new."""
    state = TreeState.objects.order_by("-size").first()
    last = tree.latest_checkpoint()
    old = last.size if last else 0
    if state is None or state.size <= old:
        return None
    _write(chain(_bundles(old, state.size), _tiles(old, state.size)))
    signed = note.sign(note.Checkpoint(settings.LOG_ORIGIN, state.size, bytes(state.root)), log_key())
    objects.store().put(checkpoint_name(state.size), [signed])
    with turn():
        if CheckpointRow.objects.filter(size__gt=state.size).exists():
            return None  # never a smaller one after a larger
        made, _new = CheckpointRow.objects.get_or_create(size=state.size, defaults={"note": signed, "at": clock.now()})
    _drop_superseded(old, state.size)
    return made


def _drop_superseded(old: int, new: int) -> None:
    """Once tiles are full, let go of their partial forms and of the checkpoints over those (tlog-tiles allows it)."""
    full_before, full = old - old % tiles.WIDTH, new - new % tiles.WIDTH
    for size in CheckpointRow.objects.filter(size__gt=full_before, size__lt=full).values_list("size", flat=True):
        number, width = divmod(size, tiles.WIDTH)
        for level in ("entries", 0) if width else ():
            objects.store().drop(f"{SPACE}/{tiles.tile_path(level, number, width)}")
        objects.store().drop(checkpoint_name(size))


def run_once(now: datetime | None = None) -> int:
    """Sequence what waits and publish a checkpoint. Returns how many entries got their place."""
    count = sequence(now)
    publish()
    return count
