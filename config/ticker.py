"""The ticker: gives entries their places, hands news to followers, and asks the rooms what is due.

Enters: nothing but time. Leaves: checkpoints, delivered news, due acts. It only triggers: whether an act may happen is
decided by the act's own reading of the clock. Safe to run twice.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial

import structlog
from django.conf import settings
from django.db import close_old_connections

from config import celery  # noqa: F401 followers send tasks through the current application: this one
from config.rooms import room_modules
from config.waking import LONGEST, Waking, until_due
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
        done = self._safely("feed", self._hand_out)
        for _prefix, module in room_modules("ticks"):
            done += self._safely(module.__name__, partial(module.tick, clock.now()))
        close_old_connections()
        return done

    def _hand_out(self) -> int:
        done, found = 0, feed.pending()
        while found:
            handed = sum(self._safely(name, partial(feed.hand, name, news)) for name, news in found)
            done += handed
            is_more = handed and any(len(news) == feed.BATCH for _name, news in found)
            found = feed.pending() if is_more else []
        return done

    def _safely(self, name: str, part: Callable[[], int]) -> int:
        try:
            return part()
        except Exception:
            logger.exception("tick failed", part=name)
            return 0


def run(stop: Callable[[], bool], pause: float) -> None:
    """Tick until `stop` says so; look every `pause` seconds whether anything is to be done."""
    room_modules("followers")
    ticker = Ticker()
    # A thread of its own: no follower, however slow, keeps an entry waiting for its checkpoint.
    rounds = min(LONGEST, settings.SUNLIGHT_VEIL_SECONDS / 4)
    work = ("places", ticker.sequence, lambda: rounds)
    places = threading.Thread(target=_again_and_again, args=(*work, stop, pause), name="sequencer")
    places.start()
    _again_and_again("news", ticker.tell, until_due, lambda: stop() or not places.is_alive(), pause)
    places.join()
    if not stop():
        raise SystemExit("the sequencer ended; the ticker ends too, to be started again")


def _again_and_again(
    name: str, part: Callable[[], int], rest: Callable[[], float], stop: Callable[[], bool], pause: float
) -> None:
    with closing(Waking(name, rest)) as waking:
        while not stop():
            if waking.is_time():
                waking.begin()
                part()
                waking.end()
            else:
                time.sleep(pause)
