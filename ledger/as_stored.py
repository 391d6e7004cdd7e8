"""Columns as they lie in the database, whatever type their owner gave them: SQLite keeps any type in any column.

Enters: the name of a column. Leaves: an expression whose value is of one type, or tells that it is not: reading it
never fails, where the ordinary reading of a text that is no UTF-8, or of a time that is none, does. PostgreSQL keeps
the types of its columns.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar

from django.db.models import BigIntegerField, BinaryField, Field, Func


class _AsStored(Func):
    """`sqlite` is what SQLite answers for a column, `template` (Django's word) what another database does."""

    arity = 1
    template = "%(expressions)s"
    sqlite: ClassVar[str]

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """The statement for SQLite."""
        return self.as_sql(compiler, connection, template=self.sqlite, **extra)


class Number(_AsStored):
    """An integer, or None."""

    output_field: ClassVar[Field[Any, Any]] = BigIntegerField()
    sqlite = "CASE typeof(%(expressions)s) WHEN 'integer' THEN %(expressions)s END"


class NumberIfAny(Number):
    """An integer, None where there is nothing, -1 where there is something else."""

    sqlite = "CASE typeof(%(expressions)s) WHEN 'integer' THEN %(expressions)s WHEN 'null' THEN NULL ELSE -1 END"


class Octets(_AsStored):
    """Bytes, or None."""

    output_field: ClassVar[Field[Any, Any]] = BinaryField()
    sqlite = "CASE typeof(%(expressions)s) WHEN 'blob' THEN %(expressions)s END"


class OctetsIfAny(Octets):
    """Bytes, None where there is nothing, no bytes at all (b"") where there is something else."""

    sqlite = "CASE typeof(%(expressions)s) WHEN 'blob' THEN %(expressions)s WHEN 'null' THEN NULL ELSE x'' END"


class Text(_AsStored):
    """The bytes of a text, or None."""

    output_field: ClassVar[Field[Any, Any]] = BinaryField()
    template = "convert_to(%(expressions)s, 'UTF8')"
    sqlite = "CASE typeof(%(expressions)s) WHEN 'text' THEN CAST(%(expressions)s AS BLOB) END"


class Instant(_AsStored):
    """What `instant` reads."""

    output_field: ClassVar[Field[Any, Any]] = BinaryField()
    template = "convert_to(to_char(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'), 'UTF8')"
    sqlite = (
        "CASE typeof(%(expressions)s) WHEN 'text' THEN CAST(%(expressions)s AS BLOB) WHEN 'null' THEN NULL ELSE x'' END"
    )


def instant(stored: bytes | None) -> datetime | None:
    """The time in an `Instant`, None for none; `ValueError` when it is no time."""
    if stored is None:
        return None
    found = datetime.fromisoformat(bytes(stored).decode())
    return found if found.tzinfo else found.replace(tzinfo=UTC)
