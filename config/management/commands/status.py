"""`manage.py status`: say whether the site is up, where, and which processes keep it. Code 3 when it is not."""

from __future__ import annotations

import sys

from django.conf import settings
from django.core.management import BaseCommand

from config.running import announced, holder

NOT_RUNNING = 3  # as the Linux Standard Base has it for services


class Command(BaseCommand):
    help = "Say whether the site is up."
    requires_system_checks: list[str] = []

    def handle(self, *args: object, **options: object) -> None:  # noqa: ARG002 Django passes them
        run = settings.VAR / "run"
        site = announced(run)
        if site is None:
            self.stdout.write("Sunlight is starting." if holder(run) else "Sunlight is not running.")
            sys.exit(NOT_RUNNING)
        self.stdout.write(f"Sunlight is up{' (demo)' if site.demo else ''}: {site.pages}/")
        for name, pid in {"supervisor": site.pid, **site.parts}.items():
            self.stdout.write(f"  {name:<10} process {pid}")
