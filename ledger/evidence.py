"""Evidence tables: rows that the database itself refuses to change (ledger.md, "Storage").

Enters: models that inherit `Evidence`. Leaves: triggers, installed again at every post_migrate (SQLite drops
them when a table is rebuilt), and a system check that they stand.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.apps import apps
from django.core.checks import CheckMessage, Error
from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper


class Evidence(models.Model):
    """A row that is written once."""

    class Meta:
        abstract = True
        managed: ClassVar[bool] = True


def evidence_tables() -> list[str]:
    """The tables of all evidence models."""
    return sorted(model._meta.db_table for model in apps.get_models() if issubclass(model, Evidence))  # noqa: SLF001


def _sqlite(table: str, verb: str) -> list[str]:
    name = f"{table}_no_{verb.lower()}"
    return [
        f"DROP TRIGGER IF EXISTS {name}",
        f"CREATE TRIGGER {name} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, 'evidence is never changed'); END",
    ]


FUNCTION = (
    "CREATE OR REPLACE FUNCTION sunlight_evidence() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'evidence is never changed'; END $$"
)


def _postgresql(table: str) -> list[str]:
    trigger = (
        f"CREATE TRIGGER {table}_evidence BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION sunlight_evidence()"
    )
    return [FUNCTION, f"DROP TRIGGER IF EXISTS {table}_evidence ON {table}", trigger]


def _statements(vendor: str, table: str) -> list[str]:
    if vendor == "sqlite":
        return _sqlite(table, "UPDATE") + _sqlite(table, "DELETE")
    return _postgresql(table)


def install_triggers(using: str = DEFAULT_DB_ALIAS, **_signal: Any) -> None:
    """Install the triggers of every evidence table that exists."""
    connection = connections[using]
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
        for table in evidence_tables():
            for statement in _statements(connection.vendor, table) if table in present else []:
                cursor.execute(statement)


def unguarded(connection: BaseDatabaseWrapper) -> list[str]:
    """Evidence tables that exist and lack their triggers."""
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
        cursor.execute(query)
        triggers = {row[0] for row in cursor.fetchall()}
    ends = ["no_update", "no_delete"] if connection.vendor == "sqlite" else ["evidence"]
    return [t for t in evidence_tables() if t in present and not {f"{t}_{end}" for end in ends} <= triggers]


def check_triggers(databases: list[str] | None = None, **_check: Any) -> list[CheckMessage]:
    """System check ledger.E001: every evidence table is guarded."""
    found = [table for alias in databases or [] for table in unguarded(connections[alias])]
    return [
        Error(f"{table} can be changed", hint="run manage.py migrate; it installs the triggers", id="ledger.E001")
        for table in found
    ]
