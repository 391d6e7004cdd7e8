"""`manage.py operator NAME`: open the account of an operator at the console; who has the console provisions the site.

Enters: a user name, and a password typed twice or drawn. Leaves: the account with its entry; a drawn password on
standard output and nowhere else.
"""

from __future__ import annotations

import secrets
from argparse import ArgumentParser
from getpass import getpass

from django.core.management import BaseCommand, CommandError

from ledger.actor import Actor, Role
from ledger.errors import SunlightError
from trading.enrolment import open_account

CONSOLE = Actor("console", Role.OPERATOR)


class Command(BaseCommand):
    help = "Open an operator's account."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--display", default="系统运营 Operator", help="the name that people see")
        parser.add_argument("--draw", action="store_true", help="draw a password and print it, instead of asking")

    def handle(self, *args: object, name: str, display: str, draw: bool, **options: object) -> None:  # noqa: ARG002
        password = secrets.token_urlsafe(12) if draw else self._asked()
        try:
            open_account(name, password, Role.OPERATOR, display, None, actor=CONSOLE)
        except SunlightError as refusal:
            raise CommandError(str(refusal)) from refusal
        if draw:
            self.stdout.write(password)

    def _asked(self) -> str:
        password = getpass("Password: ")
        if password != getpass("Password (again): "):
            raise CommandError("the two passwords differ")
        return password
