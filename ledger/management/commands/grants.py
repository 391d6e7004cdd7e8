"""`manage.py grants --to ROLE`: on PostgreSQL, as the owner of the tables, give the site's role its rights."""

from __future__ import annotations

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from ledger.errors import Broken
from ledger.grants import grant_to


class Command(BaseCommand):
    help = "Make the role that the site works under, and let it read and add to evidence, never change it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", required=True, help="the name of the role")

    def handle(self, *args: object, to: str, **options: object) -> None:  # noqa: ARG002 the signature is Django's
        try:
            grant_to(to, connection)
        except Broken as reason:
            raise CommandError(str(reason)) from reason
        self.stdout.write(f"{to} may work with the tables and change no evidence.")
