"""Many bidders at the same moment, on a real site: run as a module in the site's environment it sets the stage.

Enters: numbers of bidders. Leaves: a lot for each number, with so many bidders signed in and their sealed bids; and, of
all of them sent at once, the seconds until each answer and what came of it.
"""

from __future__ import annotations

import base64
import json
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import django
import httpx

from tests.bidding.server import Site


def set_up(site: Site, *counts: int) -> dict[str, list[dict[str, str]]]:
    """The bids to send, by the number of bidders."""
    found: dict[str, list[dict[str, str]]] = json.loads(site.run("-m", "tests.bidding.uploads.rush", *map(str, counts)))
    return found


def rush(site: Site, bids: Sequence[dict[str, str]]) -> list[tuple[float, str]]:
    """Send all `bids` at the same moment; for each the seconds until the answer, and what came of it."""
    barrier = threading.Barrier(len(bids))
    with ThreadPoolExecutor(len(bids)) as pool:
        return list(pool.map(lambda bid: send(site, bid, barrier), bids))


def send(site: Site, bid: dict[str, str], barrier: threading.Barrier) -> tuple[float, str]:
    """Begin an upload, wait for the others, send the whole file; seconds until the answer, and what came of it."""
    words: dict[str, Any] = {"Cookie": bid["cookie"], "X-CSRFToken": bid["token"], "Tus-Resumable": "1.0.0"}
    data = Path(bid["path"]).read_bytes()
    with httpx.Client(base_url=site.url, headers=words, timeout=120, trust_env=False) as client:
        declared = {"Upload-Metadata": bid["metadata"], "Upload-Length": str(len(data))}
        url = client.post("/bidding/tus/", headers=declared).headers["Location"]
        barrier.wait()
        begun = time.perf_counter()
        head = {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
        answer = client.patch(url, content=data, headers=head)
        seconds = time.perf_counter() - begun
        state = client.get(bid["ask"], headers={"Accept": "application/json"}).json().get("state", "")
    return seconds, state if answer.status_code == 204 else f"{answer.status_code}"


def stage(counts: list[int]) -> dict[str, list[dict[str, str]]]:
    """A lot for each count, with so many bidders."""
    from django.conf import settings

    from ledger import clock
    from tests.bidding.scenes import Scene
    from tests.migrated import empty_database
    from tests.world import TestClock, World

    empty_database(settings.VAR)
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
