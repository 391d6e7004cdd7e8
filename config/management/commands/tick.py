"""`manage.py tick`: runs the ticker until it is told to stop."""

from __future__ import annotations

import signal
from types import FrameType

from django.core.management.base import BaseCommand, CommandError

from config import ticker
from ledger import standing

PAUSE = 0.05


class Command(BaseCommand):
    """Give entries their places, hand out news, trigger what is due."""

    help = "run the ticker: sequencer, followers, due acts"
    stopping = False

    def handle(self, *args: object, **options: object) -> None:  # noqa: ARG002 the signature is Django's
        """Loop until SIGTERM or SIGINT."""
        for reason in standing.standing_blockers():
            raise CommandError(str(reason))
        for sign in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sign, self.stop)
        ticker.run(lambda: self.stopping, PAUSE)

    def stop(self, _sign: int, _frame: FrameType | None) -> None:
        """Finish the round and end."""
        self.stopping = True
