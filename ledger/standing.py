"""Where the log stands apart from the database: how far bundles are written, and the last checkpoint that was signed.

Enters: what object storage holds. Leaves: whether the database tells the same history as far. A database that is
behind, because it was restored from a copy, is refused; it may only be rolled forward (ledger.md).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Max

from ledger import merkle, note, objects, sequencer, tiles, tree
from ledger.errors import Broken, Reason, _
from ledger.models import TreeState


def written() -> int:
    """How many entries the bundles in storage hold: full ones first, then the widest of those behind them."""
    full = _count_while(lambda number: _has_bundle(number, tiles.WIDTH))
    width = next((width for width in range(tiles.WIDTH - 1, 0, -1) if _has_bundle(full, width)), 0)
    return full * tiles.WIDTH + width


def _has_bundle(number: int, width: int) -> bool:
    return objects.store().exists(f"{sequencer.SPACE}/{tiles.tile_path('entries', number, width)}")


def _count_while(holds: Callable[[int], bool]) -> int:
    """The first number for which `holds` is false; it holds for every number before."""
    step = 1
    while holds(step - 1):
        step *= 2
    low, high = step // 2, step - 1  # holds below low, not at high
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if holds(middle) else (low, middle)
    return low


def last_signed() -> note.Checkpoint | None:
    """The newest checkpoint in storage, its signature checked; None when nothing was ever signed."""
    size = written()
    while size and not objects.store().exists(sequencer.checkpoint_name(size)):
        size -= 1  # bundles come before their checkpoint: at most a batch lies between
    if not size:
        return None
    public = note.raw_public(sequencer.log_key().public_key())
    found = note.read(objects.read(sequencer.checkpoint_name(size)), public)
    if found.origin != settings.LOG_ORIGIN or found.size != size:
        raise Broken(f"the checkpoint kept for {size} entries speaks of another log or size")
    return found


def reached() -> int:
    """How many entries have their place in the database."""
    return TreeState.objects.aggregate(size=Max("size"))["size"] or 0


def standing_blockers() -> list[Reason]:
    """Why this database may not go on writing the log: `ledger.behind`, `ledger.other_history`."""
    signed = last_signed()
    return against(signed) if signed else []


def check_standing(databases: list[str] | None = None, **_check: Any) -> list[CheckMessage]:
    """System check ledger.E003: the database is not behind the log, nor beside it."""
    if DEFAULT_DB_ALIAS not in (databases or []):
        return []
    with connection.cursor() as cursor:
        if "ledger_tree" not in connection.introspection.table_names(cursor):
            return []
    return [Error(reason.text % reason.facts, id="ledger.E003") for reason in standing_blockers()]


def against(signed: note.Checkpoint) -> list[Reason]:
    """Why the database does not fit a checkpoint that the log signed, whoever holds it."""
    have = reached()
    if have < signed.size:
        text = _(
            "The database knows %(have)s entries of the log, but a checkpoint over %(signed)s is signed: this database "
            "is an older copy. Roll it forward with manage.py rollforward; do not start from it."
        )
        return [Reason("ledger.behind", text, {"have": str(have), "signed": str(signed.size)})]
    if merkle.edge_root(tree.edge_of(signed.size)) != signed.root:
        text = _("The database tells another history than the checkpoint over %(signed)s entries that the log signed.")
        return [Reason("ledger.other_history", text, {"signed": str(signed.size)})]
    return []
