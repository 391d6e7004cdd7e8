"""`manage.py down`: stop the site that `manage.py up` keeps, and return when nothing of it is left."""

from __future__ import annotations

import os
import signal
import time

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from config.running import holder

PATIENCE = 45.0  # seconds; each part has a grace of 10, and the broker goes last


class Command(BaseCommand):
    help = "Stop what `up` started."
    requires_system_checks: list[str] = []

    def handle(self, *args: object, **options: object) -> None:  # noqa: ARG002 Django passes them
        run = settings.VAR / "run"
        pid = holder(run)
        if pid is None:
            self.stdout.write("Sunlight is not running.")
            return
        os.kill(pid, signal.SIGTERM)
        limit = time.monotonic() + PATIENCE
        while holder(run) is not None:
            if time.monotonic() > limit:
                raise CommandError(f"process {pid} does not stop; its words are in {settings.VAR / 'log'}")
            time.sleep(0.1)
        self.stdout.write("Sunlight has stopped.")
