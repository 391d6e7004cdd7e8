"""`manage.py rollforward`: bring a restored database up to the last signed checkpoint of the log."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError

from ledger import standing
from ledger.errors import Broken
from ledger.rolling import roll_forward


class Command(BaseCommand):
    help = "Give a restored database back the entries that the log holds beyond it; the site must be stopped."

    def handle(self, *args: object, **options: object) -> None:  # noqa: ARG002 the signature is Django's
        try:
            found = roll_forward()
        except Broken as reason:
            raise CommandError(str(reason)) from reason
        for blocker in standing.standing_blockers():
            raise CommandError(str(blocker))
        if not found:
            self.stdout.write("The database is not behind the log.")
            return
        self.stdout.write(f"{sum(found.values())} entries are back. What the rooms stored with them is not:")
        for tag, count in sorted(found.items()):
            self.stdout.write(f"  {count:6} {tag}")
