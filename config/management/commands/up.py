"""`manage.py up`: start the site in embedded mode and keep it until it is told to stop."""

from __future__ import annotations

import subprocess
import sys
import time
from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core import checks
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from config.checks import TAG
from config.parts import CannotStartError
from config.running import announced, holder, take_lock
from config.supervisor import STARTING, Supervisor


class Command(BaseCommand):
    help = "Start broker, pages, live rooms, worker and ticker, and keep them until SIGTERM."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--background", action="store_true", help="return when everything answers")

    def handle(self, *args: object, background: bool, **options: object) -> None:  # noqa: ARG002 Django passes them
        run = settings.VAR / "run"
        if holder(run) is not None:
            site = announced(run)
            self.stdout.write(f"Sunlight is already up at {site.pages}/" if site else "Sunlight is already starting.")
            return
        if background:
            self._in_background(run)
        else:
            self._here(run)

    def _here(self, run: Path) -> None:
        refuse_what_is_not_ready()
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        lock = take_lock(run)
        if lock is None:
            raise CommandError("another start was faster")
        connections.close_all()
        with lock:
            try:
                Supervisor(settings.VAR, demo=settings.SUNLIGHT_DEMO).run(self.stdout.write)
            except CannotStartError as reason:
                raise CommandError(str(reason)) from reason

    def _in_background(self, run: Path) -> None:
        """Start the same command in a session of its own and wait until the site is announced or the start failed."""
        said = settings.VAR / "log" / "up.out"
        with said.open("wb") as out:
            child = subprocess.Popen(
                [sys.executable, str(settings.BASE_DIR / "manage.py"), "up"],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        limit = time.monotonic() + 2 * STARTING
        while (site := announced(run)) is None:
            if child.poll() is not None or time.monotonic() > limit:
                reason = said.read_text(encoding="utf-8", errors="replace").strip()
                raise CommandError(reason.removeprefix("CommandError: ") or "the start failed without a word")
            time.sleep(0.1)
        self.stdout.write(f"Pages {site.pages}/   live rooms {site.live}/live/")


def refuse_what_is_not_ready() -> None:
    """Stop with a sentence when a check fails or the database lacks a migration."""
    found = checks.run_checks(databases=["default"])
    found += checks.run_checks(tags=[TAG], include_deployment_checks=True, databases=["default"])
    serious = list(dict.fromkeys(str(message) for message in found if message.is_serious()))
    if serious:
        raise CommandError("\n".join(serious))
    executor = MigrationExecutor(connections["default"])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise CommandError("the database is older than the code; run: manage.py migrate")
