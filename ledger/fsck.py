"""Checking the log against itself: the root derived again from all tiles, and from the database, entry by entry.

Enters: the last published checkpoint, what storage holds under `log/`, the rows of the database. Leaves: the first
difference, in a sentence, or none. Every stored bundle and hash tile (`fsck_tiles`), places, nodes, states
(`fsck_database`), the rows of entries against their leaves (`fsck_entries`), checkpoints. Values of another type than
their column's, which SQLite takes, are differences too (`as_stored`).

Not compared: cosignatures and timestamps of checkpoints (whoever uses them checks them against the keys of witnesses
and authorities), copies under `inner/` (rolling forward reads them), salts of committed fields, which may be erased.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings

from ledger import note, objects, sequencer
from ledger.as_stored import Instant, Number, Octets, instant
from ledger.errors import Absent, Broken
from ledger.fsck_database import State, chain, database, queue, states
from ledger.fsck_tiles import storage
from ledger.models import CheckpointRow


def differences() -> Iterator[str]:
    """Every difference; one may follow from another: the first is the one to look at."""
    newest = last_size()
    yield from chain()
    yield from _checkpoints(newest)
    yield from database(newest)
    yield from storage(newest, _signed_root(newest))
    yield from queue()


def first_difference() -> str | None:
    """The first difference, None when there is none."""
    return next(differences(), None)


def last_size() -> int:
    """How many entries the last checkpoint is over; 0 without one."""
    sizes = CheckpointRow.objects.values_list(Number("size"), flat=True)
    return max((size for size in sizes if size is not None), default=0)


def _signed(data: bytes | None) -> note.Checkpoint:
    if data is None:
        raise Broken("its note is no bytes")
    return note.read(bytes(data), note.raw_public(sequencer.log_key().public_key()))


def _signed_root(size: int) -> bytes | None:
    """The root that the checkpoint over `size` entries signs; None without one that can be read, which is named."""
    for data in CheckpointRow.objects.filter(size=size).values_list(Octets("note"), flat=True):
        try:
            return _signed(data).root
        except Broken:
            return None
    return None


def _checkpoints(newest: int) -> Iterator[str]:
    """Every published checkpoint: signed by the log's key, over a root that the database holds; the newest is kept in
    storage too.
    """
    roots = states()
    columns = (Number("size"), "pk", Octets("note"), Instant("at"), Instant("signed_at"))
    for size, pk, data, *times in CheckpointRow.objects.order_by("size").values_list(*columns).iterator():
        if size is None:
            yield f"the checkpoint in row {pk} is over no number of entries"
        elif size <= newest:  # another one may have come meanwhile
            try:
                yield from _checkpoint(size, data, roots.get(size), is_newest=size == newest)
                for one in times:
                    instant(one)
            except (Absent, Broken, OSError) as error:
                yield f"checkpoint over {size} entries: {error}"
                return
            except ValueError:
                yield f"checkpoint over {size} entries: its times in the database are no times"


def _checkpoint(size: int, data: bytes | None, state: State | None, *, is_newest: bool) -> Iterator[str]:
    signed = _signed(data)
    kept = _kept(size) if is_newest else None
    if (signed.origin, signed.size) != (settings.LOG_ORIGIN, size) or state is None:
        yield f"checkpoint over {size} entries: it speaks of another log or size"
    elif state.root is None or signed.root != bytes(state.root):
        yield f"checkpoint over {size} entries: it signs another root than the one stored"
    elif kept is not None and kept != data:
        yield f"checkpoint over {size} entries: storage keeps another one than the database"


def _kept(size: int) -> bytes | None:
    """The checkpoint as storage keeps it; None when it was let go meanwhile, because there is a newer one."""
    try:
        return objects.read(sequencer.checkpoint_name(size))
    except Absent:
        if last_size() == size:
            raise
        return None
