"""Sets the stage for `tests.bench.receipts` in a real site's environment: lots, bidders signed in, their sealed bids.

Enters: numbers of bidders as arguments. Leaves: rows, files, and on standard output one JSON object: for each number
the bids to send, each with path, metadata, cookies and the address to ask at.
"""

from __future__ import annotations

import base64
import json
import sys
from datetime import timedelta

import django


def stage(counts: list[int]) -> dict[str, list[dict[str, str]]]:
    """A lot for each count, with so many bidders."""
    from django.conf import settings
    from django.core.management import call_command

    from ledger import clock
    from tests.bidding.scenes import Scene
    from tests.world import TestClock, World

    call_command("migrate", verbosity=0)
    now, token = clock.now(), "a" * 32
    scene = Scene(World(TestClock()))
    lots = scene.lots(len(counts), deadline=now + timedelta(hours=1))
    found: dict[str, list[dict[str, str]]] = {}
    for lot, count in zip(lots, counts, strict=True):
        found[str(count)] = []
        for number in range(count):
            account = scene.world.bidder(number)
            sealed = scene.seal(lot, account, at=now)
            path = settings.VAR / f"{sealed.id}.age"
            path.write_bytes(sealed.data)
            session = scene.client(account).session.session_key
            words = {"lot": lot.code, "id": sealed.id}
            metadata = ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in words.items())
            cookie = f"sunlight_session={session}; sunlight_csrf={token}"
            ask = f"/bidding/lots/{lot.code}/submissions/{sealed.id}"
            found[str(count)].append(
                {"path": str(path), "metadata": metadata, "cookie": cookie, "token": token, "ask": ask}
            )
    return found


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(json.dumps(stage([int(word) for word in sys.argv[1:]])))
