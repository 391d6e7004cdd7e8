"""Pure. The trail of a tender: one digest over everything that the log holds about it, up to an index.

Enters: leaf bytes of the entries in index order. Leaves: SHA-256 of their leaf hashes, one after the other. The house
counts the trail after every milestone and says the figure in the log; who holds a bundle counts again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from ledger.merkle import leaf_hash

DOMAIN = b"sunlight.trail/1\x00"


def trail_digest(leaves: Iterable[bytes]) -> bytes:
    """SHA-256("sunlight.trail/1" 0x00 || leaf hash || leaf hash ...)."""
    digest = hashlib.sha256(DOMAIN)
    for leaf in leaves:
        digest.update(leaf_hash(leaf))
    return digest.digest()


# After these entries there is something to show: a trail is counted soon after each.
MILESTONES = frozenset(
    {
        "trading:notice:published",
        "trading:addendum:issued",
        "bidding:lot:closed",
        "bidding:lot:failed",
        "bidding:prices:read",
        "bidding:lot:opened",
        "bidding:opening:failed",
        "trading:deadline:extended",
        "experts:panel:completed",
        "evaluation:lot:evaluated",
        "evaluation:lot:failed",
        "trading:candidates:published",
        "trading:award:noticed",
        "trading:contract:signed",
        "guarantees:guarantee:released",
        "guarantees:claim:paid",
        "supervision:bundle:exported",
    }
)
