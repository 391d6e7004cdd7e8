"""The ticker: gives entries their places, hands news to followers, and asks the rooms what is due.

Enters: nothing but time. Leaves: checkpoints, delivered news, due acts. It only triggers: whether an act may happen is
decided by the act's own reading of the clock. Safe to run twice.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import structlog
from django.db import close_old_connections

from config import celery  # noqa: F401 followers send tasks through the current application: this one
from config.rooms import room_modules
from ledger import clock, feed, sequencer

logger = structlog.get_logger("sunlight.ticker")


class Ticker:
    """One round of the ticker after the other."""

    def round(self) -> int:
        """Do everything once. Returns how much was done; a part that fails is logged and leaves the others alone."""
        return self.sequence() + self.tell()

    def sequence(self) -> int:
        """Give entries their places and sign."""
        done = self._safely("sequencer", sequencer.run_once)
        close_old_connections()
        return done

    def tell(self) -> int:
        """Hand out news and trigger what is due."""
        done = 0
        for name in feed.FOLLOWERS:
            done += self._safely(name, lambda name=name: feed.deliver(name))  # type: ignore[misc]
        for _prefix, module in room_modules("ticks"):
            done += self._safely(module.__name__, lambda module=module: module.tick(clock.now()))  # type: ignore[misc]
        close_old_connections()
        return done

    def _safely(self, name: str, part: Callable[[], int]) -> int:
        try:
            return part()
        except Exception:
            logger.exception("tick failed", part=name)
            return 0


def run(stop: Callable[[], bool], pause: float) -> None:
    """Tick until `stop` says so; rest `pause` seconds after a round with nothing to do."""
    list(room_modules("followers"))
    ticker = Ticker()
    # A thread of its own: no follower, however slow, keeps an entry waiting for its checkpoint.
    places = threading.Thread(target=_again_and_again, args=(ticker.sequence, stop, pause), name="sequencer")
    places.start()
    _again_and_again(ticker.tell, stop, pause)
    places.join()


def _again_and_again(part: Callable[[], int], stop: Callable[[], bool], pause: float) -> None:
    while not stop():
        if not part():
            time.sleep(pause)
