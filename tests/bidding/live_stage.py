"""Sets the stage for a real server: run as `python -m tests.bidding.live_stage` in that server's environment.

Enters: a command and its arguments. Leaves: rows, and one JSON value on standard output.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta

import django

PASSWORD = "correct horse battery"


def cast() -> dict[str, str]:
    """Accounts with a password, and a draft tender with two lots. Returns credit codes by user name."""
    from django.conf import settings

    from tests.migrated import empty_database
    from tests.world import TestClock, World
    from trading.stages import Stage

    empty_database(settings.VAR)
    world = World(TestClock())
    people = [world.agent, world.centre, world.regulator, *(world.bidder(number) for number in range(1, 5))]
    people[0].set_password(PASSWORD)
    for account in people:
        account.password = people[0].password
        account.save()
    for number in (1, 2):
        world.lot(Stage.DRAFT, number)
    return {account.username: account.party.credit_code for account in people if account.party}


def publish(seconds: str) -> None:
    """Every lot takes bids until `seconds` from now."""
    from trading.models import Lot, Tender

    deadline = (datetime.now(UTC) + timedelta(seconds=float(seconds))).replace(microsecond=0)
    Tender.objects.update(stage="published", published_at=datetime.now(UTC), deadline=deadline)
    Lot.objects.update(stage="bidding", deadline=deadline, next_at=deadline)


def tick(rounds: str = "1") -> int:
    """So many rounds of the ticker."""
    from config.ticker import Ticker

    return sum(Ticker().round() for _round in range(int(rounds)))


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(json.dumps({one.__name__: one for one in (cast, publish, tick)}[sys.argv[1]](*sys.argv[2:])))
