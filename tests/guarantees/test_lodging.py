"""Covers are lodged sealed, under a handle, before the deadline, and tell nobody's name."""

from __future__ import annotations

from datetime import timedelta

import pytest

from guarantees.lodging import lodge, lodged
from guarantees.models import SealedCover
from ledger.errors import Refused
from ledger.models import EntryRow
from tests.world import World
from trading.stages import Stage

SEALED = b"age-encryption.org/v1\n-> X25519 abc\nbody\n--- mac\n" + b"\x01" * 40
HANDLE = "ab" * 32


def test_the_last_cover_is_the_live_one(world: World) -> None:
    lot, bidder = world.lot(), world.bidder(1)
    lodge(lot, HANDLE, SEALED, actor=bidder.actor)
    lodge(lot, HANDLE, SEALED + b"2", actor=bidder.actor)
    found = lodged(lot, HANDLE)
    assert found is not None
    assert [row.live for row in SealedCover.objects.order_by("pk")] == [False, True]
    assert world.recorded() == ["ledger:veiled:added", "ledger:veiled:added"]


def test_no_row_ties_the_bidder_to_the_lot(world: World) -> None:
    lot, bidder = world.lot(), world.bidder(1)
    lodge(lot, HANDLE, SEALED, actor=bidder.actor)
    row, entry = SealedCover.objects.get(), EntryRow.objects.get()
    told = repr([vars(row), bytes(entry.leaf), entry.scope, bytes(entry.inner.inner)])
    assert bidder.party is not None
    for secret in (bidder.username, bidder.code, bidder.party.name, bidder.party.credit_code, bidder.party.code):
        assert secret not in told


@pytest.mark.parametrize(
    ("late", "sealed", "code"),
    [
        (timedelta(0), SEALED, "guarantees.late"),
        (timedelta(milliseconds=-1), b"plain", "guarantees.not_sealed"),
        (timedelta(milliseconds=-1), SEALED + bytes(70_000), "guarantees.too_large"),
    ],
)
def test_refusals(world: World, late: timedelta, sealed: bytes, code: str) -> None:
    lot = world.lot()
    assert lot.deadline is not None
    world.clock.set(lot.deadline + late)
    with pytest.raises(Refused) as refusal:
        lodge(lot, HANDLE, sealed, actor=world.bidder(1).actor)
    assert refusal.value.codes == [code]
    assert (list(SealedCover.objects.all()), world.recorded()) == ([], [])


def test_the_purchaser_and_others_lodge_nothing(world: World) -> None:
    for account in (world.purchaser, world.agent, world.regulator, world.expert(1)):
        with pytest.raises(Refused) as refusal:
            lodge(world.lot(), HANDLE, SEALED, actor=account.actor)
        assert refusal.value.codes == ["rights.role"]
    with pytest.raises(Refused) as refusal:
        lodge(world.lot(Stage.OPENING), HANDLE, SEALED, actor=world.bidder(1).actor)
    assert refusal.value.codes == ["rights.stage"]
    assert world.recorded() == []
