"""`manage.py fsck`: derive the log's root again from all tiles and from the database; name the first difference."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from ledger import fsck, standing
from ledger.errors import Broken, Reason


class Command(BaseCommand):
    help = "Derive the root of the log again from all tiles and from the database, and name the first difference."

    def handle(self, *args: object, **options: object) -> None:  # noqa: ARG002 the signature is Django's
        reasons, unread = _standing()
        for reason in reasons:
            raise CommandError(str(reason))
        found = fsck.first_difference() or unread
        if found:
            raise CommandError(found)
        self.stdout.write(f"{fsck.last_size()} entries: tiles, database and checkpoint say the same.")


def _standing() -> tuple[list[Reason], str | None]:
    """Why the database does not fit the log, or what kept that from being known: then fsck has a better name for it."""
    try:
        return standing.standing_blockers(), None
    except (Broken, DatabaseError, TypeError, ValueError) as error:  # a value of another type in a row
        return [], str(error)
