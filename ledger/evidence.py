"""Evidence tables: rows that the database itself refuses to change (ledger.md, "Storage").

Enters: models that inherit `Evidence`. Leaves: triggers, installed again at every post_migrate (SQLite drops them when
a table is rebuilt), and a system check that they stand as they were installed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.apps import apps
from django.core.checks import CheckMessage, Error
from django.core.checks import Warning as Notice
from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

from ledger.errors import Broken


class Evidence(models.Model):
    """A row that is written once."""

    class Meta:
        abstract = True
        managed: ClassVar[bool] = True


def _evidence() -> Mapping[str, type[models.Model]]:
    """Evidence models by their tables."""
    found = (model for model in apps.get_models() if issubclass(model, Evidence))
    return {model._meta.db_table: model for model in found}  # noqa: SLF001


def evidence_tables() -> list[str]:
    """The tables of all evidence models."""
    return sorted(_evidence())


def unique_keys(model: type[models.Model]) -> list[list[str]]:
    """The sets of columns of which no two rows have the same values; `Broken` where that depends on more than them."""
    facts = model._meta  # noqa: SLF001
    columns = {one.name: str(one.column) for one in facts.concrete_fields}
    alone = [[str(one.column)] for one in facts.concrete_fields if one.unique]
    constraints = [one for one in facts.constraints if isinstance(one, models.UniqueConstraint)]
    for one in constraints:
        if one.condition is not None or one.expressions or one.nulls_distinct is False:
            raise Broken(f"{one.name}: no trigger of {facts.db_table} can say what row is in its way")
    sets = [one.fields for one in constraints] + [tuple(names) for names in facts.unique_together]
    return alone + [[columns[name] for name in fields] for fields in sets]


def _sqlite(table: str) -> Mapping[str, str]:
    """Trigger names and the statements that make them.

    INSERT OR REPLACE deletes the row in its way without asking the trigger on DELETE, unless a connection has
    `recursive_triggers` on: an insert in whose way a row stands is refused before that.
    """
    same = (" AND ".join(f'"{one}" = NEW."{one}"' for one in key) for key in unique_keys(_evidence()[table]))
    way = " OR ".join(f"EXISTS (SELECT 1 FROM {table} WHERE {key})" for key in same)  # noqa: S608  names of our own models
    moments = {"update": "", "delete": "", "insert": f" WHEN {way}"}
    return {
        f"{table}_no_{verb}": f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table}{when} "
        "BEGIN SELECT RAISE(ABORT, 'evidence is never changed'); END"
        for verb, when in moments.items()
    }


BODY = " BEGIN RAISE EXCEPTION 'evidence is never changed'; END "
FUNCTION = f"CREATE OR REPLACE FUNCTION sunlight_evidence() RETURNS trigger LANGUAGE plpgsql AS $${BODY}$$"


def _postgresql(table: str) -> list[str]:
    name, moments = f"{table}_evidence", "BEFORE UPDATE OR DELETE OR TRUNCATE"
    return [
        FUNCTION,
        f"DROP TRIGGER IF EXISTS {name} ON {table}",
        f"CREATE TRIGGER {name} {moments} ON {table} FOR EACH STATEMENT EXECUTE FUNCTION sunlight_evidence()",
        f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}",  # in a session of a replica too
    ]


def _statements(vendor: str, table: str) -> list[str]:
    if vendor == "sqlite":
        made = _sqlite(table)
        return [*(f"DROP TRIGGER IF EXISTS {name}" for name in made), *made.values()]
    return _postgresql(table)


def install_triggers(using: str = DEFAULT_DB_ALIAS, **_signal: Any) -> None:
    """Install the triggers of every evidence table that exists, where they do not stand as they should."""
    connection = connections[using]
    wrong = unguarded(connection)
    with connection.cursor() as cursor:
        for table in wrong:
            for statement in _statements(connection.vendor, table):
                cursor.execute(statement)


STANDING = """
SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
WHERE t.tgname = c.relname || '_evidence' AND t.tgenabled = 'A' AND t.tgtype = 58 AND p.prosrc = %s
AND c.relnamespace = current_schema()::regnamespace
"""  # 58: before (2) delete (8), update (16) or truncate (32), for each statement


def unguarded(connection: BaseDatabaseWrapper) -> list[str]:
    """Evidence tables that exist and lack their triggers, or have others under their names."""
    with connection.cursor() as cursor:
        present = [table for table in evidence_tables() if table in connection.introspection.table_names(cursor)]
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            found = dict(cursor.fetchall())
            return [table for table in present if not _sqlite(table).items() <= found.items()]
        cursor.execute(STANDING, [BODY])
        guarded = {row[0] for row in cursor.fetchall()}
    return [table for table in present if table not in guarded]


def _is_older(connection: BaseDatabaseWrapper) -> bool:
    """Whether no trigger was taken away, but the database was made before there were any on INSERT."""
    if connection.vendor != "sqlite":
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        found = dict(cursor.fetchall())
        present = connection.introspection.table_names(cursor)
    made = {name: sql for table in evidence_tables() if table in present for name, sql in _sqlite(table).items()}
    before = {name: sql for name, sql in made.items() if not name.endswith("_no_insert")}
    return before.items() <= found.items() and not (made.keys() - before.keys()) & found.keys()


def check_triggers(databases: list[str] | None = None, **_check: Any) -> list[CheckMessage]:
    """System check ledger.E001: every evidence table is guarded. An older database is let through to be migrated."""
    found: list[CheckMessage] = []
    for connection in (connections[alias] for alias in databases or []):
        wrong = unguarded(connection)
        if wrong and _is_older(connection):
            found.append(Notice(OLDER, hint=MIGRATE, id="ledger.W001"))
            continue
        found += [
            Error(
                f"{table} can be changed",
                hint="find out who took its trigger away; manage.py migrate --skip-checks installs it again",
                id="ledger.E001",
            )
            for table in wrong
        ]
    return found


OLDER = "no evidence table refuses an INSERT in whose way a row stands: the database is older than these triggers"
MIGRATE = "manage.py migrate installs them"


def check_age(databases: list[str] | None = None, **_check: Any) -> list[CheckMessage]:
    """System check ledger.E005, before a start: the triggers are those of this code."""
    older = [alias for alias in databases or [] if unguarded(connections[alias]) and _is_older(connections[alias])]
    return [Error(OLDER, hint=MIGRATE, id="ledger.E005") for _alias in older]
