"""Rolling forward: a restored database gets back what the log holds beyond it, from bundles and kept inner entries.

Enters: a database behind the last signed checkpoint. Leaves: the same entries, places, nodes and state as the log's, or
nothing: the root that comes out must be the signed one. What the rooms stored beside their entries is not in the log;
the tags that are returned say which acts have to be looked at by hand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from django.db import transaction

from ledger import clock, lease, merkle, objects, rounds, sequencer, standing, tiles, tree
from ledger.canon import tag_of
from ledger.errors import Broken
from ledger.events import VeiledAdded, VeiledLifted, read_entry, veiled_leaf
from ledger.keeping import Hidden, all_kept
from ledger.models import CheckpointRow, EntryRow, Inner, Lifted, Place, TreeState, Waiting
from ledger.sealed import sealed_scopes

VEILED, LIFTED = tag_of(VeiledAdded), tag_of(VeiledLifted)


def roll_forward() -> Mapping[str, int]:
    """Bring the database up to the last signed checkpoint; how many entries of each tag that took. `Broken` when the
    bundles do not give the signed root.
    """
    signed = standing.last_signed()
    have = standing.reached()
    if signed is None or have >= signed.size:
        return {}
    leaves = _leaves(have, signed.size)
    now = clock.real_now()
    with transaction.atomic():
        lease.find(sequencer.LEASE, now)
        held = lease.take(sequencer.LEASE, now)
        if held is None:
            raise Broken("a sequencer is at work; stop the site first")
        entries = _entries(leaves)
        nodes, edge = sequencer.grow(tree.edge_after(TreeState.objects.order_by("-size").first()), have, entries)
        if merkle.edge_root(edge) != signed.root:
            raise Broken("the entry bundles do not give the root that was signed")
        sequencer.settle(held, have, entries, nodes, edge)
        _mark(have, entries)
        CheckpointRow.objects.create(
            size=signed.size, note=objects.read(sequencer.checkpoint_name(signed.size)), at=clock.now()
        )
    return Counter(entry.tag for entry in entries)


def _mark(start: int, entries: list[EntryRow]) -> None:
    """Note which veils are lifted already, and that the others are to be."""
    said = [(entry, read_entry(bytes(entry.leaf)).values) for entry in entries if entry.tag == LIFTED]
    places = Place.objects.filter(index__in=[values["index"] for _entry, values in said])
    hidden = dict(places.values_list("index", "entry_id"))
    Lifted.objects.bulk_create(Lifted(entry_id=hidden[values["index"]], by=entry) for entry, values in said)
    rounds.note_round(start, entries, sealed_scopes())


def _leaves(start: int, end: int) -> list[bytes]:
    """The leaves [start, end) out of the bundles."""
    found: list[bytes] = []
    for number in range(start // tiles.WIDTH, (end - 1) // tiles.WIDTH + 1):
        width = min(tiles.WIDTH, end - number * tiles.WIDTH)
        data = objects.read(f"{sequencer.SPACE}/{tiles.tile_path('entries', number, width)}")
        found += tiles.unbundle(data)[max(0, start - number * tiles.WIDTH) :]
    return found


def _entries(leaves: list[bytes]) -> list[EntryRow]:
    """Rows for the leaves in their order: those that wait in this database, or new ones."""
    waiting = {bytes(row.entry.leaf): row.entry for row in Waiting.objects.select_related("entry")}
    missing = [leaf for leaf in leaves if leaf not in waiting]
    made = EntryRow.objects.bulk_create(_row(leaf) for leaf in missing)
    rows = waiting | dict(zip(missing, made, strict=True))
    _unveil({bytes(row.leaf): row for row in made if row.tag == VEILED})
    return [rows[leaf] for leaf in leaves]


def _row(leaf: bytes) -> EntryRow:
    entry = read_entry(leaf)
    said = [entry.values[name] for name in ("lot", "tender") if isinstance(entry.values.get(name), str)]
    at = entry.stamp.at if entry.stamp else None
    return EntryRow(leaf=leaf, tag=entry.tag, scope=said[0] if said else "", at=at)


def _unveil(rows: Mapping[bytes, EntryRow]) -> None:
    """Put back what lies under these veiled leaves; `Broken` when a copy is missing."""
    found: dict[bytes, tuple[str, Hidden]] = {}
    if rows:
        for kept in all_kept():
            found |= {veiled_leaf(one.salt, one.inner): (kept.scope, one) for one in kept.hidden}
    if missing := [leaf for leaf in rows if leaf not in found]:
        raise Broken(f"{len(missing)} veiled entries have no kept copy")
    Inner.objects.bulk_create(
        Inner(entry=row, inner=found[leaf][1].inner, salt=found[leaf][1].salt, scope=found[leaf][0])
        for leaf, row in rows.items()
    )
