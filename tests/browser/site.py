"""A whole site of its own for browsers: every process of embedded mode on a temporary folder, and the people at it.

Enters: a folder. Leaves: a site that is up until `stop`, and people with sessions and keys of their own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bidding.client import custodian, submitting
from bidding.client.keys import KeyFolder
from bidding.client.sealing import Offer, SealedBid, seal_bid
from bidding.client.session import ProblemError, Session
from config.secrets import receipt_text
from tests.bidding.live_stage import PASSWORD
from tests.migrated import empty_database

ROOT = Path(__file__).resolve().parents[2]
TENDER = "sl-2026-001"
LOT, SECOND, THIRD, FOURTH, FIFTH = (f"{TENDER}-{number}" for number in (1, 2, 3, 4, 5))
CUSTODIANS = ("agent", "centre", "regulator")
FIRST_PORT = 21400  # to 22200: no other test begins there
PATIENCE = 60.0


def until(fact: Callable[[], bool], what: str) -> None:
    """Wait for a fact that the clock or a worker makes true."""
    end = time.monotonic() + PATIENCE
    while not fact():
        if time.monotonic() > end:
            raise TimeoutError(f"{what} did not come true")
        time.sleep(0.2)


@dataclass
class Person:
    """Somebody with a session and a folder of keys."""

    site: LiveSite
    name: str
    session: Session = field(init=False)
    folder: KeyFolder = field(init=False)

    def __post_init__(self) -> None:
        """Sign in and enrol a key."""
        self.session = Session(self.site.url, language="en")
        self.session.sign_in(self.name, PASSWORD)
        self.folder = KeyFolder(self.site.home / self.name)
        self.folder.make_key()
        self.folder.enrol(self.session)

    def seal(self, lot: str, price: str) -> SealedBid:
        """Seal by the Python client."""
        files = self.site.home / f"{self.name}-files"
        files.mkdir(exist_ok=True)
        (files / "offer.txt").write_text(f"we build it for {price}")
        desk = self.session.get(f"/bidding/lots/{lot}/")
        to, roots, at = self.site.home / f"{self.name}.age", self.folder.roots(), self.session.clock()
        return seal_bid(Offer(price, 300, files), desk, pen=self.folder.pen(), roots=roots, at=at, to=to)


@dataclass
class LiveSite:
    """A site on `home / "var"`."""

    home: Path
    url: str = ""
    people: dict[str, Person] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """What its processes are started with: a centre's, with secrets of its own."""
        strange = ("SUNLIGHT_", "REDIS_URL", "DATABASE_URL", "OBJECTS_URL", "SECRET_KEY")
        clean = {name: value for name, value in os.environ.items() if not name.startswith(strange)}
        given = {
            f"SUNLIGHT_{name}_KEY": digit * 64 for name, digit in (("HANDLE", "1"), ("PLATFORM", "2"), ("LOG", "3"))
        }
        receipt = self.home / "receipt.pem"
        if not receipt.exists():
            receipt.write_text(receipt_text())
        return (
            clean
            | given
            | {
                "SECRET_KEY": "s" * 64,
                "SUNLIGHT_VAR": str(self.home / "var"),
                "SUNLIGHT_RECEIPT_KEY_FILE": str(receipt),
                "SUNLIGHT_PORT": str(FIRST_PORT + os.getpid() % 200 * 4),
                "SUNLIGHT_VEIL_SECONDS": "2",
                "DJANGO_SETTINGS_MODULE": "config.settings",
                "PYTHONPATH": str(ROOT),
            }
        )

    def run(self, *words: str) -> str:
        """Run python in the site's environment; its output."""
        done = subprocess.run(
            [sys.executable, *words], cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"{words}: {done.stdout}{done.stderr}")
        return done.stdout

    def stage(self, *words: str) -> Any:
        """A command of `tests.browser.stage`."""
        return json.loads(self.run("-m", "tests.browser.stage", *words))

    def begin(self) -> None:
        """Make the database, set the stage, start every part."""
        empty_database(self.home / "var")
        self.stage("cast")
        self.run("manage.py", "up", "--background")
        self.url = json.loads((self.home / "var" / "run" / "site.json").read_text())["pages"]

    def start(self) -> None:
        """Begin, and let the custodians sign."""
        self.begin()
        for name in CUSTODIANS:
            keeper = self.person(name)
            keeper.folder.make_custodian_key(plain=True)
            custodian.register_key(keeper.session, keeper.folder, TENDER)
        for name in CUSTODIANS:
            custodian.sign_sheets(self.people[name].session, self.people[name].folder, TENDER)

    def stop(self) -> None:
        """Stop every part."""
        for person in self.people.values():
            person.session.close()
        self.run("manage.py", "down")

    def person(self, name: str) -> Person:
        """Somebody of the cast."""
        if name not in self.people:
            self.people[name] = Person(self, name)
        return self.people[name]

    def submit(self, lot: str, prices: Mapping[str, str]) -> None:
        """Bids by the Python client: who offers which price."""
        for name, price in prices.items():
            person = self.person(name)
            submitting.submit(person.session, person.seal(lot, price), person.folder.roots())

    def open_lot(self, lot: str) -> dict[str, Any]:
        """Let the deadline pass, open the hall, let two custodians give; the board once the prices are read."""
        self.close_lot(lot)
        self.open_hall(lot)
        agent = self.person("agent").session
        for name in ("agent", "centre"):
            keeper = self.person(name)
            custodian.release(keeper.session, keeper.folder, lot)
        board: dict[str, Any] = {}

        def prices_read() -> bool:
            board.update(agent.get(f"/bidding/lots/{lot}/hall/"))
            return board["read_at"] is not None

        until(prices_read, "the reading of the prices")
        return board

    def close_lot(self, lot: str) -> None:
        """Let the deadline pass."""
        self.stage("publish", lot, "-1")
        until(lambda: self.lot_is(lot, "closed"), "the closing")

    def open_hall(self, lot: str) -> None:
        """The host opens the hall, which waits for a checkpoint over the count."""

        def opened() -> bool:
            try:
                self.person("agent").session.post(f"/bidding/lots/{lot}/hall/open", {})
            except ProblemError as problem:
                if problem.codes != ["bidding.closing_unproved"]:
                    raise
                return False
            return True

        until(opened, "the checkpoint over the count")

    def lot_is(self, lot: str, stage: str) -> bool:
        """Whether the lot has reached `stage`, as its hall tells everybody."""
        return bool(self.person("agent").session.get(f"/bidding/lots/{lot}/hall/")["stage"] == stage)
