"""Before a sealed file goes out: its bytes are those that were sealed, or not one of them is sent.

Enters: a sealed bid with the SHA-256 written at its sealing. Leaves: nothing; a refusal that says what to do.
"""

from __future__ import annotations

import hashlib

from bidding.client.sealing import Progress, SealedBid, no_progress
from ledger.errors import _, refused

BLOCK = 1 << 20


def check_unchanged(bid: SealedBid, progress: Progress = no_progress) -> None:
    """Read the file once, block by block; refused `client.changed_since_sealing`."""
    digest, done = hashlib.sha256(), 0
    if bid.path.stat().st_size == bid.size:
        with bid.path.open("rb") as file:
            while block := file.read(BLOCK):
                digest.update(block)
                done += len(block)
                progress(done, bid.size)
    if (digest.hexdigest(), done) != (bid.digest, bid.size):
        text = _("%(name)s is not as it was sealed: it was changed or damaged. Nothing was sent; seal the bid again.")
        refused("client.changed_since_sealing", text, name=str(bid.path))
