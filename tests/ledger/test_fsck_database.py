"""fsck on rows of the tree: what was changed, or is of another type than its column, is named and never a traceback."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from ledger import fsck
from ledger.models import CheckpointRow, EntryRow, Node, Place, TreeState
from tests.ledger.test_fsck import log, run_raw, write  # noqa: F401  the fixture
from tests.world import World

REPLACE = """
INSERT OR REPLACE INTO ledger_entry (id, leaf, tag, scope, at)
SELECT id, substr(leaf, 1, length(leaf) - 1) || x'07', tag, scope, at FROM ledger_entry WHERE id = {entry}
"""


def said_by_the_command() -> str:
    """What `manage.py fsck` says of a log that differs."""
    with pytest.raises(CommandError) as refusal:
        call_command("fsck")
    return str(refusal.value)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps the types of its columns")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entry SET leaf = CAST(leaf AS TEXT) || x'ff' WHERE id = {entry}",
        "UPDATE ledger_entry SET leaf = 'a line' WHERE id = {entry}",
        "UPDATE ledger_entry SET leaf = 7 WHERE id = {entry}",
        REPLACE,
    ],
)
def test_a_leaf_of_another_type_is_named(log: World, statement: str) -> None:  # noqa: F811
    run_raw(statement.format(entry=EntryRow.objects.get(place__index=1).pk))
    assert fsck.first_difference() == "entry 1: its leaf in the database is no bytes"
    assert said_by_the_command() == "entry 1: its leaf in the database is no bytes"
    assert len(list(fsck.differences())) > 1  # the tiles are read on, and differ from this row


NODE = "entry 39: node 4 of level 3 in the database is not what follows from it"
ROOT = "checkpoint over 305 entries: it signs another root than the one stored"
EDGE = "entry 304: the right edge stored for 305 entries is not what follows from them"
TIMES = "checkpoint over 305 entries: its times in the database are no times"


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps the types of its columns")
@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE ledger_node SET digest = CAST(digest AS TEXT) || x'ff' WHERE level = 3 AND number = 4", NODE),
        ("UPDATE ledger_node SET digest = 1.5 WHERE level = 3 AND number = 4", NODE),
        ("UPDATE ledger_node SET number = 'four' WHERE level = 3 AND number = 4", NODE),
        ("UPDATE ledger_tree SET root = CAST(root AS TEXT) || x'ff' WHERE size = 305", ROOT),
        ("UPDATE ledger_tree SET root = 0 WHERE size = 305", ROOT),
        ("UPDATE ledger_tree SET edge = CAST(edge AS TEXT) || x'ff' WHERE size = 305", EDGE),
        (
            "UPDATE ledger_tree SET size = 'many' WHERE size = 305",
            "the tree state in row {state} is over no number of entries",
        ),
        (
            "UPDATE ledger_tree SET size = x'ff' WHERE size = 600",
            "the tree state in row {last} is over no number of entries",
        ),
        (
            "UPDATE ledger_tree SET before = 'none' WHERE size = 305",
            "the tree state over 305 entries says it grew from -1, not from 5",
        ),
        (
            "UPDATE ledger_checkpoint SET note = CAST(note AS TEXT) || x'ff' WHERE size = 305",
            "checkpoint over 305 entries: its note is no bytes",
        ),
        ("UPDATE ledger_checkpoint SET note = 3 WHERE size = 600", "checkpoint over 600 entries: its note is no bytes"),
        (
            "UPDATE ledger_checkpoint SET size = 'x' WHERE size = 305",
            "the checkpoint in row {checkpoint} is over no number of entries",
        ),
        ("UPDATE ledger_checkpoint SET at = 'noon' WHERE size = 305", TIMES),
        ("UPDATE ledger_checkpoint SET signed_at = 7 WHERE size = 305", TIMES),
        (
            "UPDATE ledger_place SET {index} = x'4d' WHERE {index} = 77",
            "entry 77: the database has no entry at this place",
        ),
        (
            "UPDATE ledger_place SET {index} = 'row' || x'ff' WHERE {index} = 77",
            "entry 77: the database has no entry at this place",
        ),
    ],
)
def test_a_value_of_another_type_is_named(log: World, statement: str, said: str) -> None:  # noqa: F811
    rows = {
        "state": TreeState.objects.get(size=305).pk,
        "last": TreeState.objects.get(size=600).pk,
        "checkpoint": CheckpointRow.objects.get(size=305).pk,
    }
    run_raw(statement.format(index='"index"'))
    assert fsck.first_difference() == said.format(**rows)
    assert said_by_the_command() == said.format(**rows)
    list(fsck.differences())  # no difference keeps the others from being told


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            "UPDATE ledger_tree SET before = 4 WHERE size = 305",
            "the tree state over 305 entries says it grew from 4, not from 5",
        ),
        ("UPDATE ledger_tree SET edge = root WHERE size = 305", EDGE),
        (
            "INSERT INTO ledger_node (level, number, digest) SELECT 11, 1, root FROM ledger_tree WHERE size = 5",
            "the database holds 1197 nodes, where 1196 follow from 600 entries",
        ),
    ],
)
def test_what_does_not_follow_from_the_entries_is_named(log: World, statement: str, said: str) -> None:  # noqa: F811
    assert Node.objects.count() == 1196
    run_raw(statement)
    assert fsck.first_difference() == said


@pytest.mark.parametrize("index", [600, -1])
def test_a_place_beside_the_tree_is_named(log: World, index: int) -> None:  # noqa: F811
    write(1)
    entry = EntryRow.objects.get(place__isnull=True).pk
    run_raw(f'INSERT INTO ledger_place (entry_id, "index") VALUES ({entry}, {index})')  # noqa: S608  numbers of our own
    row = Place.objects.get(entry=entry).pk
    assert fsck.first_difference() == f"the place in row {row} is {index}, where the tree has none"


def test_a_log_that_has_places_and_no_checkpoint_yet_is_whole(log: World) -> None:  # noqa: F811
    run_raw("DELETE FROM ledger_checkpoint")
    assert list(fsck.differences()) == []
    run_raw('DELETE FROM ledger_place WHERE "index" = 77')
    assert fsck.first_difference() == "entry 77: the database has no entry at this place"
