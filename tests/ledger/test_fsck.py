"""fsck: tiles, database and checkpoint say the same, or the first place where they do not is named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from ledger import fsck, merkle, objects, sequencer, tree
from ledger.act import act, veiled
from ledger.actor import THE_CLOCK, Role
from ledger.errors import Broken
from ledger.events import event
from ledger.evidence import evidence_tables
from ledger.models import EntryRow, Node, TreeState
from ledger.rights import ACTS, Act, roles
from tests.world import World


@event("tests:line:written")
class LineWritten:
    """A line of the test's log."""

    number: int


def write(count: int) -> None:
    ACTS["tests:line:write"] = Act("tests:line:write", roles(Role.CLOCK))
    with act("tests:line:write", THE_CLOCK, on=None) as this:
        this.record_all([(LineWritten(number), "line") for number in range(count - 1)])
        this.record(veiled(LineWritten(count)), scope="line")


@pytest.fixture
def log(world: World) -> World:
    """600 entries in three states: two full tiles, a partial one, and one above."""
    for count in (5, 300, 295):
        write(count)
        sequencer.run_once()
    return world


def path(name: str) -> Path:
    return objects.store().path(name)  # type: ignore[attr-defined,no-any-return]  # the folder store of tests


def flip(name: str, at: int) -> None:
    """One bit of an object."""
    data = bytearray(path(name).read_bytes())
    data[at] ^= 1
    path(name).chmod(0o644)
    path(name).write_bytes(data)


def run_raw(statement: str) -> None:
    """SQL of one who owns the database: the triggers go first."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for table in evidence_tables():
                for verb in ("update", "delete", "insert"):
                    cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no table is altered while a key is still to be looked at
            for table in evidence_tables():
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement)


def test_a_whole_log_has_no_difference(log: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert list(fsck.differences()) == []
    call_command("fsck")
    assert capsys.readouterr().out == "600 entries: tiles, database and checkpoint say the same.\n"


@pytest.mark.parametrize(
    ("name", "at", "said"),
    [
        ("log/tile/entries/000", 40, "tile/entries/000 holds other bytes than the database"),
        ("log/tile/0/001", 32 * 7, "entry 263: tile/0/001 holds another hash than tile/entries/001"),
        ("log/tile/0/002.p/88", 0, "entry 512: tile/0/002.p/88 holds another hash"),
        ("log/tile/1/000.p/2", 33, "tile/1/000.p/2: its hash 1 is not what the tile below gives"),
        ("log/tile/entries/001", 0, "tile/entries/001 or its hashes cannot be read: an entry bundle ends early"),
        ("checkpoints/600", 120, "checkpoint over 600 entries: storage keeps another one"),
    ],
)
def test_one_bit_in_storage_is_named(log: World, name: str, at: int, said: str) -> None:
    flip(name, at)
    assert said in (fsck.first_difference() or "")


def test_what_a_full_tile_holds_too_is_let_go(log: World) -> None:
    names = set(objects.store().names("log")) | set(objects.store().names("checkpoints"))
    assert names == {
        "log/tile/0/000", "log/tile/0/001", "log/tile/0/002.p/88", "log/tile/1/000.p/1", "log/tile/1/000.p/2",
        "log/tile/entries/000", "log/tile/entries/001", "log/tile/entries/002.p/88", "checkpoints/600",
    }  # fmt: skip
    for name in ("log/tile/0/000", "inner/ab", "checkpoints/x"):
        with pytest.raises(Broken):
            objects.store().drop(name)


def test_a_lost_tile_is_named(log: World) -> None:
    path("log/tile/0/001").unlink()
    assert "tile/entries/001 or its hashes cannot be read" in (fsck.first_difference() or "")


def test_a_lost_checkpoint_is_named(log: World) -> None:
    path("checkpoints/600").unlink()
    assert fsck.first_difference() == "checkpoint over 600 entries: objects.absent: There is no such file here."


def test_a_checkpoint_that_is_let_go_meanwhile_is_no_difference(log: World) -> None:
    run_raw("UPDATE ledger_tree SET before = 1 WHERE size = 305")
    found = fsck.differences()
    assert next(found) == "the tree state over 305 entries says it grew from 1, not from 5"
    write(200)
    sequencer.run_once()
    assert not path("checkpoints/600").exists()
    assert list(found) == []


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            "UPDATE ledger_entry SET leaf = (SELECT leaf FROM ledger_entry WHERE id = {2}) WHERE id = {1}",
            "entry 1: node 1",
        ),
        ("DELETE FROM ledger_place WHERE {index} = 77", "entry 77: the database has no entry at this place"),
        ("UPDATE ledger_place SET {index} = 600 WHERE {index} = 77", "entry 77: the database has no entry"),
        ("UPDATE ledger_node SET digest = {zero} WHERE level = 3 AND number = 4", "entry 39: node 4 of level 3"),
        ("UPDATE ledger_tree SET root = {zero} WHERE size = 305", "checkpoint over 305 entries: it signs another root"),
        ("UPDATE ledger_checkpoint SET note = {zero} WHERE size = 305", "checkpoint over 305 entries: "),
        ("UPDATE ledger_entry SET scope = 'line' WHERE id = {1}", None),
    ],
)
def test_one_row_changed_by_its_owner_is_named(log: World, statement: str, said: str | None) -> None:
    first = EntryRow.objects.order_by("place__index").values_list("pk", flat=True)[:3]
    sqlite = connection.vendor == "sqlite"
    zero = f"X'{'00' * 32}'" if sqlite else f"'\\x{'00' * 32}'::bytea"
    run_raw(statement.format(*first, index='"index"', zero=zero))
    found = fsck.first_difference()
    assert (found is None) if said is None else said in (found or "")


def test_an_entry_that_was_lost_from_the_queue_is_named(log: World) -> None:
    write(1)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM ledger_waiting")
    assert "has no place and does not wait for one" in (fsck.first_difference() or "")
    with pytest.raises(CommandError, match="has no place"):
        call_command("fsck")


def test_the_edge_that_is_stored_is_the_edge_of_the_nodes(log: World) -> None:
    for state in TreeState.objects.all():
        assert tree.edge_after(state) == tree.edge_of(state.size)
        state.edge = None
        assert tree.edge_after(state) == tree.edge_of(state.size)
    assert Node.objects.filter(level=0).count() == 600
    assert merkle.edge_root(tree.edge_of(600)) == bytes(TreeState.objects.get(size=600).root)


def test_every_change_of_a_leaf_hash_is_found(log: World) -> None:
    named: Callable[[int], str] = lambda index: f"entry {index}:"  # noqa: E731  one line says it
    for index in (0, 255, 256, 511, 512, 599):
        name = f"log/tile/0/{index // 256:03}" + (".p/88" if index >= 512 else "")
        flip(name, 32 * (index % 256) + index % 32)
        assert (fsck.first_difference() or "").startswith(named(index))
        flip(name, 32 * (index % 256) + index % 32)
    assert fsck.first_difference() is None
