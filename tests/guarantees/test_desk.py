"""The desk of a guarantor shows the demands that wait, and nobody else's."""

from __future__ import annotations

from guarantees.claiming import file_claim
from guarantees.desk import claims
from ledger.actor import Role
from tests.guarantees.test_settling import BOND, _table, recognised  # noqa: F401  the same stage
from tests.world import MORNING, World
from trading.words import entry_words


def test_a_claim_waits_on_its_issuers_desk_alone(world: World) -> None:
    row = recognised(world, 1)
    assert list(claims(world.guarantor.actor, MORNING)) == []
    file_claim(row, BOND, "clause 3.4", actor=world.purchaser.actor)
    assert [item.href for item in claims(world.guarantor.actor, MORNING)] == [f"/guarantees/{row.code}/"]
    assert list(claims(world.account("other", Role.GUARANTOR).actor, MORNING)) == []


def test_entries_are_told_in_words() -> None:
    assert entry_words("guarantees:claim:paid") != "guarantees:claim:paid"
