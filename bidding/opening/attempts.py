"""Opening an envelope in a worker that may die at it: one worker at a time, and not for ever (promises.md, P14, P15).

Enters: the code of a bid, limits for the work. Leaves: the envelope decided, or the attempt on record for the next
one. Whatever ends a worker (its file, the kernel, a kill -9) leaves an attempt that never ended: after `MOST` of those
the envelope is decided "other", with its reason. A full disk or a database that is away is no fault of a file: such
an attempt is put off and does not count.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, suppress
from datetime import datetime, timedelta
from pathlib import Path

from django.db import Error as DatabaseError

from bidding.models.attempts import BROKEN, DONE, PUT_OFF, RUNNING, Attempt
from bidding.models.opening import FAILED, WAITING, Bid
from bidding.opening.deciding import Side
from bidding.opening.opening import Outcome, decide, open_bid
from bidding.opening.quorum import Given
from bidding.opening.resting import Heard
from ledger import clock
from ledger.errors import Reason, SunlightError, _

LEASE = timedelta(seconds=30)  # a worker on another machine that was silent for so long is gone
PULSE = 5.0  # seconds between two signs of life
MOST = 3
BROKE_OFF = Reason(
    "bidding.opening_broke_off", _("The opening of this envelope broke off again and again and was given up.")
)
Limits = Callable[[], AbstractContextManager[Heard]]


def _started(pid: int) -> str:
    """When the process began, in the kernel's ticks: a number that comes again has another; "" when it is gone."""
    with suppress(OSError):
        state, *words = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return "" if state in {"Z", "X"} else words[18]
    return ""


def this_worker() -> str:
    """Machine, process number and start of this process."""
    return f"{socket.gethostname()[:60]}/{os.getpid()}/{_started(os.getpid())}"


def _is_gone(worker: str) -> bool:
    """Whether the process is certainly no more; on another machine nobody can tell."""
    machine, pid, started = worker.split("/")
    return machine == socket.gethostname()[:60] and _started(int(pid)) != started


def is_over(attempt: Attempt, now: datetime) -> bool:
    """Whether nobody is at it any more: it ended, its worker is gone, or was silent too long."""
    return attempt.state != RUNNING or attempt.beat + LEASE < now or _is_gone(attempt.worker)


def broken(attempts: Iterable[Attempt]) -> int:
    """How many of the attempts count against the envelope; all of them must be over."""
    return sum(attempt.state != PUT_OFF for attempt in attempts)


def _begin(bid: Bid) -> tuple[Attempt | None, int]:
    """(attempt, how many broke off before); no attempt when another worker is at it."""
    now, before = clock.real_now(), list(Attempt.objects.filter(bid=bid))
    if not all(is_over(one, now) for one in before):
        return None, 0
    number = before[-1].number + 1 if before else 1
    begun = {"beat": now, "worker": this_worker()}
    mine, fresh = Attempt.objects.get_or_create(bid=bid, number=number, defaults=begun)
    return (mine if fresh else None), broken(before)


def _pulse(mine: Attempt, heard: Heard) -> Heard:
    """Pass every sign of life on, and write one down now and then."""
    last = time.monotonic()

    def beat() -> None:
        nonlocal last
        heard()
        if time.monotonic() - last >= PULSE:
            last = time.monotonic()
            Attempt.objects.filter(pk=mine.pk).update(beat=clock.real_now())

    return beat


def try_to_open(code: str, limits: Limits) -> Bid:
    """Open the envelope of the bid `code` within `limits`, unless it is decided or another worker is at it."""
    bid = Bid.objects.select_related("lot__tender", "envelope").get(code=code)
    if bid.state != WAITING:
        return bid
    mine, failed = _begin(bid)
    if mine is None:
        return bid
    state = BROKEN
    try:
        found = _give_up(bid) if failed >= MOST else _open(code, mine, limits)
    except (SunlightError, OSError, DatabaseError):
        state = PUT_OFF
        raise
    else:
        state = PUT_OFF if found.state == WAITING else DONE  # put off: more custodians must come first
        return found
    finally:
        Attempt.objects.filter(pk=mine.pk).update(state=state)


def _give_up(bid: Bid) -> Bid:
    return decide(bid, Outcome(FAILED, BROKE_OFF.code, Side.OTHER), Given({}, frozenset()))


def _open(code: str, mine: Attempt, limits: Limits) -> Bid:
    with limits() as heard:
        return open_bid(code, _pulse(mine, heard))
