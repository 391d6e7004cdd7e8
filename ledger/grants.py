"""The rights of the application's role on PostgreSQL: it owns no table, and evidence it may only read and add to.

Enters: the name of the role, on a connection of the role that owns the tables. Leaves: grants; and a system check that
refuses a site whose own role could take a trigger away, change evidence or empty its tables (ledger.md, "Storage").
"""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from ledger.errors import Broken
from ledger.evidence import evidence_tables

FORBIDDEN = ("UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
MAKE = "DO $$ BEGIN CREATE ROLE {role} LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$"
OWNER = "SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'S', 'p') AND relowner = current_user::regrole"
MIGHTY = "SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolreplication FROM pg_roles WHERE rolname = current_user"


def grant_to(role: str, connection: BaseDatabaseWrapper) -> None:
    """Make the role if there is none, and give it what the site needs and no more. `Broken` on another database."""
    if connection.vendor != "postgresql":
        raise Broken("roles and grants exist on PostgreSQL only")
    quoted = connection.ops.quote_name(role)
    evidence = ", ".join(evidence_tables())
    with connection.cursor() as cursor:
        for statement in (
            MAKE.format(role=quoted),
            f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {quoted}",
            "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
            f"REVOKE CREATE ON SCHEMA public FROM {quoted}",
            f"GRANT USAGE ON SCHEMA public TO {quoted}",
            f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {quoted}",
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {quoted}",
            f"REVOKE {', '.join(FORBIDDEN)} ON {evidence} FROM {quoted}",
            f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {quoted}",
        ):
            cursor.execute(statement)


def too_mighty(connection: BaseDatabaseWrapper) -> list[str]:
    """What the connected role may do and must not, a sentence each."""
    if connection.vendor != "postgresql":
        return []
    found = []
    with connection.cursor() as cursor:
        cursor.execute(MIGHTY)
        if cursor.fetchone()[0]:
            found.append("it is a superuser, or may make roles, replicate or pass by row security")
        cursor.execute(OWNER)
        if cursor.fetchone()[0]:
            found.append("it owns tables, so it could take their triggers away")
        present = set(connection.introspection.table_names(cursor))
        for table in (table for table in evidence_tables() if table in present):
            cursor.execute("SELECT has_table_privilege(current_user, %s, %s)", [table, ", ".join(FORBIDDEN)])
            if cursor.fetchone()[0]:
                found.append(f"it may change {table}")
    return found


def check_rights(databases: list[str] | None = None, **_check: Any) -> list[CheckMessage]:
    """System check ledger.E002: the site's own role cannot change evidence."""
    found = [sentence for alias in databases or [] for sentence in too_mighty(connections[alias])]
    hint = "migrate as the owner, run manage.py grants --to ROLE as the owner, and start the site as that role"
    return [
        Error(f"the database role of the site may do too much: {sentence}", hint=hint, id="ledger.E002")
        for sentence in found
    ]
