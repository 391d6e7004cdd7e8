"""Copies of inner entries: there before the receipt, readable with the platform key, telling nothing without it."""

from __future__ import annotations

import pytest

from guarantees.lodging import lodge
from ledger import objects
from ledger.errors import Broken
from ledger.events import VeiledAdded, commit_veiled, read_entry
from ledger.keeping import keep, read_kept
from ledger.models import EntryRow
from tests.guarantees.test_lodging import HANDLE, SEALED
from tests.world import World


def names() -> list[str]:
    return sorted(objects.store().names("inner"))


def test_a_lost_database_loses_no_veiled_entry(world: World) -> None:
    lot = world.lot()
    lodge(lot, HANDLE, SEALED, actor=world.bidder(1).actor)
    (name,) = names()
    kept, leaf = read_kept(name), read_entry(bytes(EntryRow.objects.get().leaf))
    (hidden,) = kept.hidden
    assert leaf.values == {"commitment": commit_veiled(hidden.salt, hidden.inner)}
    assert leaf.tag == VeiledAdded.__dict__["__canon_tag__"]
    assert (kept.scope, read_entry(hidden.inner).values["lot"]) == (lot.code, lot.code)
    assert lot.code.encode() not in objects.read(name)


def test_a_changed_or_moved_copy_is_broken(world: World) -> None:
    name = keep(b"\x01" * 32, "lot", b"inner")
    data = objects.read(name)
    objects.store().put("inner/moved", [data])
    objects.store().put("inner/changed", [data[:-1] + bytes([data[-1] ^ 1])])
    for wrong in ("inner/moved", "inner/changed"):
        with pytest.raises(Broken):
            read_kept(wrong)
