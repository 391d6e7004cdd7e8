"""`manage.py play`: one whole tender through the running site, by clients that know nothing but its front door."""

from __future__ import annotations

import sys
from argparse import ArgumentParser

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from config.demo.play.cases import BUILT_IN, STILL_OPEN
from config.demo.play.cast import CAST
from config.demo.play.client import Site
from config.demo.play.log import Log
from config.demo.play.narrator import Narrator
from config.demo.play.story import tell
from config.demo.play.troupe import Troupe
from config.running import announced


class Command(BaseCommand):
    help = "Play a tender on the running demo."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--csv", help="replay the real tenders in this file instead")
        parser.add_argument("--only", type=int, help="the first so many tenders of the file")

    def handle(self, *args: object, csv: str | None, only: int | None, **options: object) -> None:  # noqa: ARG002
        site = announced(settings.VAR / "run")
        if site is None or not site.demo:
            raise CommandError("no demo is running; ./sunlight demo starts one")
        demo = settings.VAR / "demo"
        secret = demo / "operator"
        if not secret.exists():
            raise CommandError(f"no operator's password in {secret}; make one: manage.py operator operator --draw")
        narrator = Narrator(Log(site.pages), sys.stdout)
        troupe = Troupe(Site(site.pages, site.live), CAST, demo, secret.read_text(encoding="utf-8").strip(), narrator)
        tell(troupe, BUILT_IN, STILL_OPEN)
        narrator.line(f"({narrator.ended():.0f} s)")
