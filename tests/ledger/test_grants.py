"""Evidence is never changed: by triggers on both databases, and on PostgreSQL by the rights of the site's role too."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import ClassVar

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, models, transaction
from django.db.models.functions import Lower
from django.test.utils import isolate_apps

from ledger.errors import Broken
from ledger.evidence import Evidence, check_triggers, evidence_tables, install_triggers, unguarded, unique_keys
from ledger.grants import check_rights
from ledger.models import CheckpointRow, TreeState
from tests.experts.drawing import enter
from tests.migrated import empty_database
from tests.postgresql import Server, running
from tests.world import World

ROOT = Path(__file__).resolve().parents[2]
ATTEMPTS = {
    "update": "UPDATE ledger_tree SET size = size",
    "update of nothing": "UPDATE ledger_tree SET size = size WHERE size < 0",
    "delete": "DELETE FROM ledger_tree",
    "truncate": "TRUNCATE ledger_tree",
    "truncate others": "TRUNCATE ledger_entry CASCADE",
    "upsert": "INSERT INTO ledger_tree (size, root, token) VALUES (1, '', 1) ON CONFLICT (size) DO UPDATE SET size = 7",
    "take the trigger away": "DROP TRIGGER ledger_tree_evidence ON ledger_tree",
    "switch the trigger off": "ALTER TABLE ledger_tree DISABLE TRIGGER ALL",
    "be a replica": "SET session_replication_role = replica",
    "replace the function": "CREATE OR REPLACE FUNCTION sunlight_evidence() RETURNS trigger LANGUAGE plpgsql AS "
    "'BEGIN RETURN NULL; END'",
    "drop the table": "DROP TABLE ledger_tree CASCADE",
    "rename the table": "ALTER TABLE ledger_tree RENAME TO ledger_wood",
    "a rule instead": "CREATE RULE away AS ON INSERT TO ledger_tree DO INSTEAD NOTHING",
    "be the owner": "SET ROLE sunlight_owner",
    "a table of its own": "CREATE TABLE mine (id int)",
    "forget a migration": "DELETE FROM django_migrations",
}
BY_TRIGGER = ("update", "delete", "truncate", "truncate others", "upsert")


@pytest.fixture
def state(world: World) -> TreeState:
    return TreeState.objects.create(size=1, root=bytes(32))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_tree SET size = 2",
        "DELETE FROM ledger_tree",
        "INSERT OR REPLACE INTO ledger_tree (id, size, root, token) VALUES ({pk}, 1, 'x', 0)",
        "INSERT OR REPLACE INTO ledger_tree (size, root, token) VALUES (1, 'x', 0)",
        "INSERT INTO ledger_tree (size, root, token) VALUES (1, 'x', 0) ON CONFLICT (size) DO UPDATE SET root = 'x'",
        "REPLACE INTO ledger_tree (size, root, token) VALUES (1, 'x', 0)",
        "UPDATE OR REPLACE ledger_tree SET size = 2",
    ],
)
@pytest.mark.parametrize("recursive", ["ON", "OFF"])  # OFF is how anybody else opens the file
@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's own ways")
def test_sqlite_changes_no_evidence(state: TreeState, statement: str, recursive: str) -> None:
    with by_hand(recursive), pytest.raises(DatabaseError, match="evidence is never changed"), transaction.atomic():
        connection.cursor().execute(statement.format(pk=state.pk))
    assert bytes(TreeState.objects.get().root) == bytes(32)


@contextmanager
def by_hand(recursive: str) -> Iterator[None]:
    """The connection of somebody who sets no pragmas, or of the site."""
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA recursive_triggers={recursive}")
        try:
            yield
        finally:
            cursor.execute("PRAGMA recursive_triggers=ON")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's own ways")
def test_no_row_of_any_table_is_replaced_by_hand(world: World) -> None:
    enter(world, 3)
    world.sequence()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA recursive_triggers")
        assert cursor.fetchone() == (1,)
        everything = {table: f"SELECT * FROM {table}" for table in evidence_tables()}  # noqa: S608  our own names
        filled = {table for table, rows in everything.items() if cursor.execute(rows).fetchone()}
    assert filled >= {"ledger_entry", "ledger_place", "ledger_node", "ledger_tree", "ledger_checkpoint"}
    for table in filled:
        with by_hand("OFF"), pytest.raises(DatabaseError, match="evidence is never changed"), transaction.atomic():
            connection.cursor().execute(f"INSERT OR REPLACE INTO {table} {everything[table]}")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The database file of a site, with a row of evidence."""
    empty_database(tmp_path)
    found = tmp_path / "db" / "sunlight.sqlite3"
    with closing(sqlite3.connect(found, isolation_level=None)) as line:
        line.execute("INSERT INTO ledger_tree (size, root, token) VALUES (1, x'00', 0)")
    return found


CHANGES = (
    "INSERT OR REPLACE INTO ledger_tree (size, root, token) VALUES (1, x'07', 0)",
    "REPLACE INTO ledger_tree (id, size, root, token) SELECT id, size, x'07', 0 FROM ledger_tree",
    "UPDATE OR REPLACE ledger_tree SET root = x'07'",
    "DELETE FROM ledger_tree",
)


def tried(file: Path) -> list[str]:
    """What SQLite answers to somebody who opens the file with no site and no pragma, one change after the other."""
    said = []
    with closing(sqlite3.connect(file, isolation_level=None)) as line:
        assert line.execute("PRAGMA recursive_triggers").fetchone() == (0,)
        for statement in CHANGES:
            try:
                line.execute(statement)
            except sqlite3.DatabaseError as error:
                said.append(str(error))
            else:
                said.append("done")
        assert (line.execute("SELECT root FROM ledger_tree").fetchall() == [(b"\x00",)]) == ("done" not in said)
    return said


def test_another_process_with_the_file_changes_no_evidence(file: Path) -> None:
    assert tried(file) == ["evidence is never changed"] * len(CHANGES)


def test_an_older_file_gets_its_triggers_when_it_is_migrated(file: Path) -> None:
    var, url = file.parents[1], f"sqlite:///{file}"
    start = ("check", "--deploy", "--tag", "sunlight", "--database", "default")
    with closing(sqlite3.connect(file, isolation_level=None)) as line:
        made = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%_no_insert'"
        names = [name for (name,) in line.execute(made).fetchall()]
        assert len(names) > 8
        for name in names:
            line.execute(f"DROP TRIGGER {name}")
    shutil.copy(file, file.parent / "copy")
    assert tried(file.parent / "copy")[:2] == ["done", "done"]
    assert "ledger.E005" in manage(url, var, *start).stderr
    done = manage(url, var, "migrate", "--verbosity", "0")
    assert (done.returncode, "ledger.W001" in done.stderr) == (0, True), done.stderr
    assert tried(file) == ["evidence is never changed"] * len(CHANGES)
    assert "ledger.E005" not in manage(url, var, *start).stderr


def test_a_file_that_lacks_one_trigger_is_not_old(file: Path) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as line:
        line.execute("DROP TRIGGER ledger_tree_no_insert")
    done = manage(f"sqlite:///{file}", file.parents[1], "migrate", "--verbosity", "0")
    assert done.returncode == 1
    assert "(ledger.E001) ledger_tree can be changed" in done.stderr


@pytest.mark.parametrize(
    "constraint",
    [
        models.UniqueConstraint(fields=["number"], condition=models.Q(number__gt=0), name="odd"),
        models.UniqueConstraint(Lower("word"), name="odd"),
        models.UniqueConstraint(fields=["word"], nulls_distinct=False, name="odd"),
    ],
)
def test_a_constraint_that_no_trigger_can_say_is_refused(constraint: models.UniqueConstraint) -> None:
    with isolate_apps("ledger"):

        class Odd(models.Model):
            number = models.IntegerField()
            word = models.TextField(null=True)

            class Meta:
                app_label = "ledger"
                constraints: ClassVar[list[models.BaseConstraint]] = [constraint]

    with pytest.raises(Broken, match="odd: no trigger of ledger_odd can say"):
        unique_keys(Odd)


def test_the_unique_columns_of_a_model_are_its_keys() -> None:
    with isolate_apps("ledger"):

        class Even(models.Model):
            number = models.IntegerField(unique=True)
            word = models.TextField()
            entry = models.IntegerField(db_column="other")

            class Meta:
                app_label = "ledger"
                unique_together = (("number", "entry"),)
                constraints: ClassVar[list[models.BaseConstraint]] = [
                    models.UniqueConstraint(fields=["word", "entry"], name="even")
                ]

    assert unique_keys(Even) == [["id"], ["number"], ["word", "other"], ["number", "other"]]


def test_a_row_that_stands_already_is_still_an_integrity_error(state: TreeState) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        TreeState.objects.create(size=state.size, root=bytes(32))


def test_every_evidence_model_is_guarded(world: World) -> None:
    assert len(evidence_tables()) > 8
    assert unguarded(connection) == []
    assert check_triggers(["default"]) == []
    assert issubclass(CheckpointRow, Evidence)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's own words")
def test_a_trigger_that_does_nothing_is_found_and_replaced(world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER ledger_tree_no_update")
        cursor.execute("CREATE TRIGGER ledger_tree_no_update BEFORE UPDATE ON ledger_tree BEGIN SELECT 1; END")
    assert [error.msg for error in check_triggers(["default"])] == ["ledger_tree can be changed"]
    install_triggers()
    assert check_triggers(["default"]) == []


@pytest.mark.skipif(connection.vendor != "sqlite", reason="where there are no roles")
def test_roles_are_refused_on_another_database(world: World) -> None:
    assert check_rights(["default"]) == []
    with pytest.raises(CommandError, match="on PostgreSQL only"):
        call_command("grants", "--to", "site")


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running() as found:
        yield found


def manage(url: str, var: Path, *words: str) -> subprocess.CompletedProcess[str]:
    own = {
        "DATABASE_URL": url,
        "SUNLIGHT_VAR": str(var),
        "REDIS_URL": "memory://",
        "OBJECTS_URL": f"file://{var}/objects",
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SUNLIGHT_")}
    command = [sys.executable, "manage.py", *words]
    return subprocess.run(command, cwd=ROOT, env=kept | own, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def house(server: Server, tmp_path_factory: pytest.TempPathFactory) -> tuple[Server, Path]:
    """A migrated database whose site works under the role `site`."""
    var, url = tmp_path_factory.mktemp("var"), server.create("house")
    for words in (("migrate", "--verbosity", "0"), ("grants", "--to", "site")):
        done = manage(url, var, *words)
        assert done.returncode == 0, done.stderr
    return server, var


def attempt(server: Server, user: str, statement: str) -> str:
    """What the database answers to one statement of a role, in a transaction of its own that is taken back."""
    import psycopg

    line = psycopg.connect(f"host={server.folder} user={user} dbname=house")
    try:
        line.execute(statement.encode())
    except psycopg.Error as error:
        return str(error)
    else:
        return "done"
    finally:
        line.rollback()
        line.close()


@pytest.mark.parametrize("name", sorted(ATTEMPTS))
def test_the_role_of_the_site_may_not(house: tuple[Server, Path], name: str) -> None:
    said = attempt(house[0], "site", ATTEMPTS[name])
    assert "permission denied" in said or "must be owner" in said, said


@pytest.mark.parametrize("name", BY_TRIGGER)
def test_the_owner_meets_the_triggers(house: tuple[Server, Path], name: str) -> None:
    assert "evidence is never changed" in attempt(house[0], "sunlight_owner", ATTEMPTS[name])


def test_the_owner_in_a_session_of_a_replica_meets_them_too(house: tuple[Server, Path]) -> None:
    both = f"SET session_replication_role = replica; {ATTEMPTS['delete']}"
    assert "evidence is never changed" in attempt(house[0], "sunlight_owner", both)


def test_the_role_of_the_site_does_its_work(house: tuple[Server, Path]) -> None:
    insert = "INSERT INTO ledger_tree (size, root, token) VALUES (5, '', 1)"
    assert attempt(house[0], "site", insert) == "done"
    assert attempt(house[0], "site", "UPDATE ledger_waiting SET veiled = false") == "done"
    assert attempt(house[0], "site", "SELECT count(*) FROM ledger_entry") == "done"


def test_the_site_starts_as_its_role_and_not_as_the_owner(house: tuple[Server, Path]) -> None:
    server, var = house
    site = manage(server.url("house", "site"), var, "check", "--deploy", "--tag", "sunlight", "--database", "default")
    owner = manage(server.url("house"), var, "check", "--deploy", "--tag", "sunlight", "--database", "default")
    assert "ledger.E002" not in site.stderr, site.stderr
    assert "it owns tables, so it could take their triggers away" in owner.stderr
    assert "superuser" in owner.stderr


def test_migrating_again_as_the_site_changes_nothing(house: tuple[Server, Path]) -> None:
    server, var = house
    assert manage(server.url("house", "site"), var, "migrate", "--verbosity", "0").returncode == 0
