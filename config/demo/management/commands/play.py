"""`manage.py play`: one whole tender through the running site, by clients that know nothing but its front door."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from config.demo.play.cases import BUILT_IN, STILL_OPEN
from config.demo.play.cast import CAST
from config.demo.play.log import Log
from config.demo.play.narrator import Narrator
from config.demo.play.replay import Replay, Running, cast_of
from config.demo.play.site import Site
from config.demo.play.story import tell
from config.demo.play.tenders_csv import RealTender, labels, read
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
        self._play(Site(site.pages, site.live), demo, secret.read_text(encoding="utf-8").strip(), csv, only)

    def _play(self, site: Site, demo: Path, password: str, csv: str | None, only: int | None) -> None:
        narrator = Narrator(Log(site.pages), sys.stdout, brief=csv is not None)
        if csv is None:
            tell(Troupe(site, CAST, demo, password, narrator), BUILT_IN, STILL_OPEN)
        else:
            tenders = self._read(csv)[:only]
            troupe = Troupe(site, cast_of(labels(tenders), len(tenders)), demo, password, narrator)
            self._compare(Replay(troupe, tenders).play())
        narrator.line(f"({narrator.ended():.0f} s)")

    def _read(self, csv: str) -> list[RealTender]:
        try:
            with Path(csv).open(encoding="utf-8", newline="") as lines:
                return read(lines)
        except (OSError, ValueError) as error:
            raise CommandError(f"{csv}: {error}") from error

    def _compare(self, played: list[Running]) -> None:
        for one in played:
            came = "流标 failed" if one.fails else f"{one.winner} {one.price}"
            self.stdout.write(f"  {'✓' if one.agrees else '✗'} {one.real.name}: {came}")
        same = sum(one.agrees for one in played)
        self.stdout.write(f"{same} / {len(played)} 与实际结果一致 as it really came out")
        if same < len(played):
            raise CommandError("not every tender came out as it did")
