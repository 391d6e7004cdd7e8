"""Which checkpoint the witnesses have cosigned enough: the first one from a given size on that has its quorum.

Enters: a size. Leaves: the checkpoint, or None: without a policy there is none to have.
"""

from __future__ import annotations

from collections import defaultdict

from ledger import witnessing
from ledger.models import CheckpointRow, Cosignature

LOOKED_AT = 1000  # cosignatures after a size: many rounds of any policy


def cosigned(size: int) -> CheckpointRow | None:
    """The smallest checkpoint of at least `size` entries with its quorum."""
    named = witnessing.policy()
    if named is None:
        return None
    who: dict[int, set[str]] = defaultdict(set)
    rows = Cosignature.objects.filter(size__gte=size).order_by("size", "witness")
    for at, name in rows.values_list("size", "witness")[:LOOKED_AT]:
        who[at].add(name)
    enough = [at for at, names in who.items() if named.satisfied(names)]
    return CheckpointRow.objects.get(size=min(enough)) if enough else None
