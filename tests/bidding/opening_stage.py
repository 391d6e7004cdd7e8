"""Sets the stage for real workers: run as `python -m tests.bidding.opening_stage` in the environment of a place.

Enters: a command and its arguments. Leaves: rows and objects in that place, one JSON value on standard output; `work`
becomes the worker of embedded mode, with its own command line.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from typing import Any

import django


def cast(count: str, size: str) -> dict[str, int]:
    """A lot whose `count` envelopes of about `size` bytes may be opened: counted, hall open, two custodians came."""
    from django.conf import settings

    from bidding.models import Bid
    from tests.bidding.full_hall import Hall, Offer
    from tests.migrated import empty_database
    from tests.world import TestClock, World

    empty_database(settings.VAR)
    hall = Hall(World(TestClock()))
    content = hashlib.shake_128(b"offer").digest(int(size))
    for number in range(1, int(count) + 1):
        hall.submit(number, Offer(files={"technical.pdf": content, "price.xlsx": b"PK"}))
    hall.count()
    hall.open()
    for label in ("a", "r"):
        hall.release(label)
    return dict(Bid.objects.values_list("code", "number"))


def tick() -> int:
    """What the ticker does for openings, once."""
    from bidding.opening.due import opening_due
    from config import celery  # noqa: F401 tasks are sent through the current application: this one
    from ledger import sequencer

    return opening_due() + sequencer.run_once()


def keep_ticking() -> None:
    """Tick until killed."""
    while True:
        tick()
        time.sleep(0.2)


def alone(count: str) -> list[float]:
    """Open the last `count` bids one after the other in this process, as a worker does. Returns seconds for each."""
    from bidding.models import Bid
    from bidding.opening.attempts import try_to_open
    from bidding.opening.limits import limited

    taken = []
    for code in list(Bid.objects.order_by("-number").values_list("code", flat=True)[: int(count)]):
        begun = time.perf_counter()
        try_to_open(code, limited)
        taken.append(time.perf_counter() - begun)
    return taken


def send_all() -> float:
    """A task for each bid that waits; the monotonic instant before the first. As the ticker that sends them on a site,
    this process has sent tasks before.
    """
    from bidding.models import Bid
    from bidding.opening.due import TASK
    from config.celery import app

    codes = list(Bid.objects.filter(state="waiting").values_list("code", flat=True))
    app.send_task("nothing", queue="nobody")
    begun = time.monotonic()
    for code in codes:
        app.send_task(TASK, args=[code])
    return begun


def send(times: str = "1") -> int:
    """Every task, so many times, as a broker may deliver it."""
    from bidding.models import Bid
    from bidding.opening.due import TASK
    from config.celery import app

    codes = [code for _time in range(int(times)) for code in Bid.objects.values_list("code", flat=True)]
    for code in codes:
        app.send_task(TASK, args=[code])
    return len(codes)


def found() -> dict[str, Any]:
    """What became of the bids, how often each was decided by the ledger, and whether every kept file is whole."""
    from bidding.models import Bid
    from bidding.opening.events import EnvelopeDecided
    from bidding.opening.opening import kept_blocks, kept_of
    from ledger.canon import tag_of
    from ledger.events import read_entry
    from ledger.models import EntryRow

    bids = list(Bid.objects.select_related("lot", "envelope"))
    rows = EntryRow.objects.filter(tag=tag_of(EnvelopeDecided))
    whole = [
        hashlib.sha256(b"".join(kept_blocks(bid, one.name))).digest() == one.sha256
        for bid in bids if bid.state == "opened" for one in kept_of(bid).files
    ]  # fmt: skip
    return {
        "bids": {bid.code: [bid.state, bid.reason, bid.side] for bid in bids},
        "decided": sorted(str(read_entry(bytes(row.leaf)).values["receipt"]) for row in rows),
        "receipts": sorted(bid.envelope.number for bid in bids),
        "whole": all(whole) and len(whole) > 0,
    }


def work() -> None:
    """Become the worker that `manage.py up` starts."""
    from config.parts import Ports, house_parts

    part = next(part for part in house_parts(Ports(1), os.environ["REDIS_URL"]) if part.name == "worker")
    os.execve(part.command[0], part.command, os.environ | part.environment)  # noqa: S606  our own command line


if __name__ == "__main__":
    django.setup()
    commands: dict[str, Any] = {one.__name__: one for one in (cast, keep_ticking, alone, send_all, send, found, work)}
    print(json.dumps(commands[sys.argv[1]](*sys.argv[2:])), flush=True)  # noqa: T201 what the caller reads
    os._exit(0)  # the ticker of a site does not end when it has sent: taking an interpreter down costs 0.25 s of a core
