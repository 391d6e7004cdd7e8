"""The closing entry holds any number of envelopes: in itself, or by the digest of a list."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bidding.events import ClosedEnvelope, LotClosed
from bidding.models import Envelope
from bidding.opening import counted as opening
from bidding.submission import closing, count
from ledger import objects
from ledger.canon import EPOCH, Malformed
from ledger.events import Stamp, read_entry, write_entry
from ledger.models import EntryRow
from tests.bidding.scenes import Scene
from tests.world import MORNING
from trading.models import Lot
from trading.stages import Stage

LONGEST = 65_535


def envelope(number: int) -> ClosedEnvelope:
    digest = hashlib.sha256(number.to_bytes(4)).digest()
    return ClosedEnvelope(f"{number:016d}", digest, hashlib.sha256(digest).digest())


def entry_of(envelopes: tuple[ClosedEnvelope, ...]) -> tuple[dict[str, Any], bytes | None]:
    """The values of the closing entry over `envelopes` as read back from its bytes, and its list."""
    data = count.listed("sl-1-1", 1, envelopes)
    digest = hashlib.sha256(data).digest() if data is not None else None
    made = LotClosed("sl-1-1", 1, MORNING, len(envelopes), envelopes if data is None else (), digest)
    leaf = write_entry(made, Stamp(bytes(16), EPOCH, ""))
    assert len(leaf) <= LONGEST
    return dict(read_entry(leaf).values), data


@given(st.integers(0, 2000))
def test_what_was_counted_is_read_back_however_many(number: int) -> None:
    envelopes = tuple(map(envelope, range(number)))
    values, data = entry_of(envelopes)
    assert count.counted_in(values, lambda _digest: data or b"") == envelopes
    assert (data is None) == (number <= count.INLINE)


def test_a_list_that_is_another_is_refused() -> None:
    envelopes = tuple(map(envelope, range(300)))
    values, data = entry_of(envelopes)
    assert data is not None
    fewer = count.listed("sl-1-1", 1, envelopes[:-1]) or b""
    other = count.listed("sl-1-2", 1, envelopes) or b""
    for wrong in (b"", data[:-1], data + b"\0", fewer, other):
        with pytest.raises(Malformed):
            count.counted_in(values, lambda _digest, wrong=wrong: wrong)  # type: ignore[misc]
    with pytest.raises(Malformed):
        count.counted_in({**values, "envelopes": envelopes[:1]}, lambda _digest: data)
    with pytest.raises(Malformed):
        count.counted_in({**values, "round": 2}, lambda _digest: data)


def many(lot: Lot, number: int) -> None:
    """So many received envelopes of so many bidders, as rows."""
    leaves = [secrets.token_bytes(40) for _each in range(number)]
    rows = EntryRow.objects.bulk_create([EntryRow(leaf=leaf, tag="ledger:veiled:added", scope="") for leaf in leaves])
    Envelope.objects.bulk_create(
        Envelope(
            lot=lot, round=1, handle=secrets.token_hex(32), submission=secrets.token_hex(16), stamp=MORNING,
            number=secrets.token_hex(8), entry=row, record=b"", signature=b"", digest=secrets.token_hex(32), size=1,
            header=secrets.token_bytes(9), share=secrets.token_hex(32), sheet="", object=secrets.token_hex(16),
        )
        for row in rows
    )  # fmt: skip


@pytest.mark.parametrize("number", [count.INLINE, count.INLINE + 1, 2000])
def test_a_lot_with_that_many_bids_is_closed(scene: Scene, number: int) -> None:
    lot = scene.lot()
    many(lot, number)
    assert lot.deadline is not None
    scene.world.clock.set(lot.deadline)
    closing.close(scene.world.lot(Stage.CLOSING))
    entry = EntryRow.objects.get(tag="bidding:lot:closed")
    values = read_entry(bytes(entry.leaf)).values
    assert len(bytes(entry.leaf)) <= LONGEST
    assert (values["count"], len(values["envelopes"])) == (number, number if number <= count.INLINE else 0)
    rows = Envelope.objects.order_by("number")
    found = opening.counted(lot)
    assert [(one.number, one.digest.hex()) for one in found] == [(row.number, row.digest) for row in rows]
    if values["listed"] is not None:
        assert hashlib.sha256(objects.read(f"counts/{values['listed'].hex()}")).digest() == values["listed"]
