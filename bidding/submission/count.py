"""Pure. What a closing entry counts, however many there are: in the entry itself, or in a list that it names.

Enters: the live envelopes of a lot. Leaves: for few, the entry's own field; for many, since an entry has at most 65,535
bytes, the canonical record `sunlight.count/1`, kept as an object whose SHA-256 the entry names. Reading, the envelopes
of a closing entry, whichever way it holds them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bidding.events import ClosedEnvelope
from ledger.canon import Malformed, decode, encode, record

SPACE = "counts"
INLINE = 200  # envelopes that stand in the entry itself, of some 120 bytes each
Envelopes = tuple[ClosedEnvelope, ...]


@record("sunlight.count/1")
class Count:
    """The live envelopes of a lot in one round, ordered by receipt number."""

    lot: str
    round: int
    envelopes: Envelopes


def listed(lot: str, round_: int, envelopes: Sequence[ClosedEnvelope]) -> bytes | None:
    """The record to keep beside the closing entry, None while the entry holds them all."""
    return encode(Count(lot, round_, tuple(envelopes))) if len(envelopes) > INLINE else None


def counted_in(closing: Mapping[str, Any], find: Callable[[bytes], bytes]) -> Envelopes:
    """The envelopes of a closing entry (its values). `find` gives the bytes of the list with this SHA-256; `Malformed`
    when they are not that list, or it is of another lot or round, or the entry holds envelopes beside it.
    """
    envelopes: Envelopes = closing["envelopes"]
    digest: bytes | None = closing["listed"]
    if digest is None:
        return envelopes
    data = find(digest)
    count = decode(Count, data)
    right = (closing["lot"], closing["round"], digest, ())
    if (count.lot, count.round, hashlib.sha256(data).digest(), envelopes) != right:
        raise Malformed("the list of the counted bids is that of another closing entry")
    return count.envelopes
