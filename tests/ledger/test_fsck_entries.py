"""fsck on the row of an entry: tag, time, what lies under its veil and what it lifts, against its leaf."""

from __future__ import annotations

import pytest
from django.db import connection

from ledger import fsck, sequencer
from ledger.act import act
from ledger.actor import THE_CLOCK
from ledger.models import EntryRow, Inner, Lifted
from ledger.veil import lift
from tests.ledger.test_fsck import log, run_raw, write  # noqa: F401  the fixture
from tests.world import World

sqlite = connection.vendor == "sqlite"
zero = f"X'{'00' * 32}'" if sqlite else f"'\\x{'00' * 32}'::bytea"
UNDER = "what the database holds under its veil is not what its leaf commits to"


def veiled() -> EntryRow:
    """The first veiled entry that hides a line."""
    return EntryRow.objects.filter(inner__scope="line", place__isnull=False).order_by("place__index")[0]


def changed(statement: str, row: EntryRow) -> str | None:
    run_raw(statement.format(row=row.pk, zero=zero))
    return fsck.first_difference()


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            "UPDATE ledger_entry SET tag = 'tests:line:read' WHERE id = {row}",
            "its tag in the database is 'tests:line:read', its leaf says tests:line:written",
        ),
        (
            "UPDATE ledger_entry SET at = NULL WHERE id = {row}",
            "its time in the database is none, its leaf says {at}",
        ),
        (
            "UPDATE ledger_entry SET at = '2026-01-02 03:04:05.000006' WHERE id = {row}",
            "its time in the database is '2026-01-02 03:04:05.000006', its leaf says {at}",
        ),
        (
            "INSERT INTO ledger_inner (entry_id, \"inner\", salt, scope) VALUES ({row}, {zero}, {zero}, '')",
            "the database holds something under its veil",
        ),
        (
            "INSERT INTO ledger_lifted (entry_id, by_id) VALUES ({row}, {row})",
            "the database says that it lifts a veil, its leaf does not",
        ),
    ],
)
def test_an_open_entry_is_as_its_leaf_says(log: World, statement: str, said: str) -> None:  # noqa: F811
    row = EntryRow.objects.get(place__index=2)
    said = said.format(at=row.at)
    assert changed(statement, row) == f"entry 2: {said}"


@pytest.mark.skipif(not sqlite, reason="PostgreSQL keeps the types of its columns")
@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            "UPDATE ledger_entry SET tag = CAST(tag AS BLOB) WHERE id = {row}",
            "its tag in the database is of another type, its leaf says tests:line:written",
        ),
        (
            "UPDATE ledger_entry SET tag = tag || x'ff' WHERE id = {row}",
            "its tag in the database is 'tests:line:written\ufffd', its leaf says tests:line:written",
        ),
        (
            "UPDATE ledger_entry SET at = 'soon' WHERE id = {row}",
            "its time in the database is 'soon', its leaf says {at}",
        ),
        (
            "UPDATE ledger_entry SET at = at || x'ff' WHERE id = {row}",
            "its time in the database is '{stored}\ufffd', its leaf says {at}",
        ),
        ("UPDATE ledger_entry SET at = 7 WHERE id = {row}", "its time in the database is '', its leaf says {at}"),
        ("UPDATE ledger_entry SET scope = x'ff' WHERE id = {row}", "its scope in the database is of another type"),
    ],
)
def test_a_value_of_another_type_is_named(log: World, statement: str, said: str) -> None:  # noqa: F811
    row = EntryRow.objects.get(place__index=2)
    assert row.at is not None
    said = said.format(at=row.at, stored=row.at.replace(tzinfo=None))
    assert changed(statement, row) == f"entry 2: {said}"


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ('UPDATE ledger_inner SET "inner" = {zero} WHERE entry_id = {row}', UNDER),
        ("UPDATE ledger_inner SET salt = {zero} WHERE entry_id = {row}", UNDER),
        ("DELETE FROM ledger_inner WHERE entry_id = {row}", "the database holds nothing under its veil"),
        (
            "UPDATE ledger_entry SET scope = 'line' WHERE id = {row}",
            "its scope in the database is 'line'",
        ),
        (
            "UPDATE ledger_entry SET at = '2026-01-02 03:04:05.000006' WHERE id = {row}",
            "its time in the database is '2026-01-02 03:04:05.000006', its leaf says none",
        ),
    ],
)
def test_a_veiled_entry_is_what_its_leaf_commits_to(log: World, statement: str, said: str) -> None:  # noqa: F811
    row = veiled()
    assert changed(statement, row) == f"entry {row.place.index}: {said}"


@pytest.mark.skipif(not sqlite, reason="PostgreSQL keeps the types of its columns")
@pytest.mark.parametrize("column", ["inner", "salt"])
def test_what_is_under_a_veil_and_no_bytes_is_named(log: World, column: str) -> None:  # noqa: F811
    row = veiled()
    found = changed(f'UPDATE ledger_inner SET "{column}" = CAST("{column}" AS TEXT) || x\'ff\'', row)  # noqa: S608
    first = EntryRow.objects.filter(inner__isnull=False).order_by("place__index").values_list("place__index", flat=True)
    assert found == f"entry {first[0]}: {UNDER}"


def test_an_entry_that_waits_is_as_its_leaf_says(log: World) -> None:  # noqa: F811
    write(2)
    row = EntryRow.objects.filter(place__isnull=True, inner__isnull=True).get()
    assert fsck.first_difference() is None
    found = changed("UPDATE ledger_entry SET tag = 'x' WHERE id = {row}", row)
    assert found == f"the entry in row {row.pk}: its tag in the database is 'x', its leaf says tests:line:written"


def test_a_lifting_is_as_its_leaf_says(log: World) -> None:  # noqa: F811
    with act("tests:line:write", THE_CLOCK, on=None) as this:
        assert lift(this, "line") > 1
    sequencer.run_once()
    assert fsck.first_difference() is None
    one, other = Lifted.objects.order_by("by__place__index")[:2]
    name, index, wrong = (f"entry {one.by.place.index}", one.entry.place.index, other.entry.place.index)
    run_raw(f"DELETE FROM ledger_lifted WHERE id = {other.pk}")  # noqa: S608  a number of our own
    run_raw(f"UPDATE ledger_lifted SET entry_id = {other.entry_id} WHERE id = {one.pk}")  # noqa: S608
    said = f"{name}: its leaf lifts the veil of entry {index}, the database says entry "
    assert fsck.first_difference() == f"{said}{wrong}"
    run_raw(f"DELETE FROM ledger_lifted WHERE id = {one.pk}")  # noqa: S608
    assert fsck.first_difference() == f"{said}none"


def test_the_scope_of_an_open_entry_is_in_no_leaf(log: World) -> None:  # noqa: F811
    row = EntryRow.objects.get(place__index=2)
    assert changed("UPDATE ledger_entry SET scope = 'other' WHERE id = {row}", row) is None
    assert Inner.objects.exists()
