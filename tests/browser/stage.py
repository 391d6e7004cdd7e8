"""Sets the stage for a site that browsers visit: run as `python -m tests.browser.stage` in that site's environment.

Enters: a command and its arguments. Leaves: rows, and one JSON value on standard output.
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta

import django

from tests.bidding.live_stage import PASSWORD

PEOPLE = ("purchaser", "agent", "centre", "regulator", "guarantor", "operator")
BIDDERS = 3


def cast() -> list[str]:
    """An account with a password for each role, and a draft tender with two lots. Returns the user names."""
    from tests.world import TestClock, World
    from trading.stages import Stage

    world = World(TestClock())
    people = [getattr(world, name) for name in PEOPLE]
    people += [*(world.bidder(number) for number in range(1, BIDDERS + 1)), world.expert(1)]
    people[0].set_password(PASSWORD)
    for account in people:
        account.password = people[0].password
        account.save()
    for number in (1, 2):
        world.lot(Stage.DRAFT, number, days=300)
    return [account.username for account in people]


def publish(lot: str, seconds: str) -> None:
    """The lot takes bids until `seconds` from now."""
    from ledger import clock
    from trading.models import Lot, Tender

    now = clock.now()
    deadline = (now + timedelta(seconds=float(seconds))).replace(microsecond=0)
    row = Lot.objects.get(code=lot)
    Tender.objects.filter(pk=row.tender_id).update(stage="published", deadline=deadline, published_at=now)
    Lot.objects.filter(pk=row.pk).update(stage="bidding", deadline=deadline, next_at=deadline)


def bond(lot: str, amount: str) -> None:
    """The lot asks for a bond."""
    from trading.models import Lot

    Lot.objects.filter(code=lot).update(bond=amount)


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(json.dumps({one.__name__: one for one in (cast, publish, bond)}[sys.argv[1]](*sys.argv[2:])))
