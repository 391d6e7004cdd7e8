"""`manage.py fsck`: derive the log's root again from all tiles and from the database; name the first difference."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError

from ledger import fsck, standing
from ledger.tree import latest_checkpoint


class Command(BaseCommand):
    help = "Derive the root of the log again from all tiles and from the database, and name the first difference."

    def handle(self, *args: object, **options: object) -> None:  # noqa: ARG002 the signature is Django's
        for reason in standing.standing_blockers():
            raise CommandError(str(reason))
        found = fsck.first_difference()
        if found:
            raise CommandError(found)
        last = latest_checkpoint()
        self.stdout.write(f"{last.size if last else 0} entries: tiles, database and checkpoint say the same.")
