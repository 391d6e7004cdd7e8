"""When the log stood where: timestamps over its checkpoints, kept as they come (ledger.md, "Witnesses").

Enters: a token over the newest checkpoint, fetched by a room that knows an authority (trading/dating_log.py). Leaves:
rows that nobody changes; which checkpoint waits for a token, and since when; the token that dates a given size.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from ledger import clock, tree
from ledger.dated import Dated
from ledger.models import CheckpointRow, CheckpointToken


def newest() -> CheckpointToken | None:
    """The token over the largest checkpoint that has one."""
    return CheckpointToken.objects.order_by("-size").first()


def waiting() -> CheckpointRow | None:
    """The newest checkpoint, if no token covers it yet."""
    last, token = tree.latest_checkpoint(), newest()
    return last if last and (token is None or token.size < last.size) else None


def oldest_waiting() -> CheckpointRow | None:
    """The oldest checkpoint that no token covers."""
    token = newest()
    return CheckpointRow.objects.filter(size__gt=token.size if token else 0).order_by("size").first()


def standing() -> Mapping[str, Any] | None:
    """The newest token for pages: size of its checkpoint, its time, its age by our clock; None before the first."""
    row = newest()
    return {"size": row.size, "at": row.at, "age": clock.now() - row.taken_at} if row else None


def keep(size: int, token: bytes, at: datetime) -> CheckpointToken:
    """Keep a token over the checkpoint of `size`, checked by whoever fetched it. A second one changes nothing."""
    facts = {"token": token, "at": at, "taken_at": clock.now()}
    with transaction.atomic():
        return CheckpointToken.objects.get_or_create(size=size, defaults=facts)[0]


def signed_note(size: int) -> bytes:
    """The bytes that a token over the checkpoint of `size` is over."""
    return bytes(CheckpointRow.objects.get(size=size).note)


def dating(size: int) -> Dated | None:
    """What dates the tree of `size`: the first token over it or a later one, with the proof; None while none covers it.

    `ledger.dated.dated` checks it.
    """
    row = CheckpointToken.objects.filter(size__gte=size).order_by("size").first()
    if row is None:
        return None
    proof = tuple(tree.consistency(size, row.size)) if 0 < size < row.size else ()
    return Dated(signed_note(row.size), bytes(row.token), proof)
