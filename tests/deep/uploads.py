"""1 GiB by tuspy and by tus-js-client: the server is killed in the midst of a request, started again, and the same
file goes on where it broke off. Leaves: what lay on the disk at the kill, the time, and that the bytes are identical.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path

from bidding.client.sealing import SealedBid
from tests.bidding.server import Site
from tests.bidding.uploads.clients import Guest, KilledHalfWay, killed_and_resumed, lodging, node, stored, tus_js
from tests.parts import NotHere, say

SIZE = 1 << 30
FREE = 6 << 30


def by_tuspy(site: Site, guest: Guest, bid: SealedBid) -> int:
    """Half, a kill, the rest."""
    return killed_and_resumed(site, guest, bid)


def by_tus_js(site: Site, guest: Guest, bid: SealedBid) -> int:
    """One request, a kill, and the client goes on by itself."""
    killer = KilledHalfWay(site, int(bid.size * 0.4))
    killer.start()
    said = tus_js(guest, bid)
    killer.join()
    assert "url" in said[-1], said[-1]
    return killer.at


def run() -> None:
    """Both clients, one after the other."""
    if node() is None:
        raise NotHere("needs node and the npm packages: ./sunlight build")
    with tempfile.TemporaryDirectory(prefix="sunlight-uploads-") as name:
        home = Path(name)
        if shutil.disk_usage(home).free < FREE:
            raise NotHere(f"{FREE >> 30} GiB must be free in {home.parent}; TMPDIR names another place")
        with lodging(home) as site:
            for number, (client, send) in enumerate((("tuspy", by_tuspy), ("tus-js-client", by_tus_js)), start=1):
                guest = Guest(site, f"bidder{number}", home)
                bid = guest.seal(SIZE)
                begun = time.monotonic()
                killed = send(site, guest, bid)
                taken = time.monotonic() - begun
                receipt = guest.arrived(bid)["receipt"]
                assert 0 < killed < bid.size, "the kill came too late"
                assert receipt["says"]["digest"] == stored(site, receipt) == bid.digest, "the bytes differ"
                guest.session.close()
                bid.path.unlink()
                say(f"{client:<14}{bid.size:>12} bytes, killed with {killed} on the disk, {taken:.1f} s, identical")
