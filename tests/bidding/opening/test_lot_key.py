"""What rests, rests encrypted: under its lot, for its purpose, in any length."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bidding.opening.lot_key import is_sealed, lot_key, open_file, open_record, seal_file, seal_record
from ledger.errors import Broken, Refused

PLATFORM = bytes(range(32))
KEY = lot_key(PLATFORM, "sl-2026-001-1")


def sealed_by(purpose: str, digest: bytes, blocks: Iterable[bytes]) -> bytes:
    """What `seal_file` writes."""
    sink = io.BytesIO()
    seal_file(KEY, purpose, digest, blocks, sink)
    return sink.getvalue()


@given(st.binary(max_size=300))
def test_a_record_opens_for_its_own_purpose_only(data: bytes) -> None:
    sealed = seal_record(KEY, "bid/x", data)
    assert open_record(KEY, "bid/x", sealed) == data
    for key, purpose in ((KEY, "bid/y"), (lot_key(PLATFORM, "sl-2026-001-2"), "bid/x")):
        with pytest.raises(Broken):
            open_record(key, purpose, sealed)


@given(st.integers(0, 400))
def test_a_changed_record_is_broken(place: int) -> None:
    sealed = bytearray(seal_record(KEY, "p", b"content"))
    sealed[place % len(sealed)] ^= 1
    with pytest.raises(Broken):
        open_record(KEY, "p", bytes(sealed))


@pytest.mark.parametrize("cut", [0, 5, 12, 20])
def test_a_short_record_is_broken(cut: int) -> None:
    with pytest.raises(Broken):
        open_record(KEY, "p", seal_record(KEY, "p", b"content")[:cut])


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 65_537, 2_500_000])
def test_files_of_every_length_come_back_and_are_sealed_the_same_twice(size: int) -> None:
    data = hashlib.shake_256(b"file").digest(size)
    digest = hashlib.sha256(data).digest()
    blocks = [data[at : at + 100_000] for at in range(0, size, 100_000)]
    sealed = sealed_by("opened/1", digest, blocks)
    assert sealed_by("opened/1", digest, [data]) == sealed
    assert sealed_by("opened/2", digest, [data]) != sealed
    assert open_file(KEY, "opened/1", io.BytesIO(sealed), len(sealed)).readall() == data
    if size:
        assert data[:32] not in sealed


def test_a_file_under_another_name_does_not_open() -> None:
    sealed = sealed_by("opened/1", bytes(32), [b"content"])
    with pytest.raises(Refused):
        open_file(KEY, "opened/2", io.BytesIO(sealed), len(sealed))


@pytest.mark.parametrize("size", [0, 70_000])
def test_a_sealed_file_is_known_again_and_no_other(size: int) -> None:
    data = hashlib.shake_256(b"file").digest(size)
    digest = hashlib.sha256(data).digest()
    sealed = sealed_by("opened/1", digest, [data])
    changed = [sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :] for at in (0, 16, len(sealed) - 1)]
    others = [*changed, sealed[:-1], sealed + b"x", sealed_by("opened/1", bytes(32), [data])]
    others.append(sealed_by("opened/2", digest, [data]))
    found = [is_sealed(KEY, "opened/1", digest, size, io.BytesIO(one)) for one in (sealed, *others)]
    assert found == [True, *[False] * len(others)]
