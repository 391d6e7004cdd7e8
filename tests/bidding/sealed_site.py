"""A running site in which sealed bids are in, each field of them a canary; and everything that it leaves lying about.

Enters: a folder. Leaves: every process of embedded mode; three bids with covers, a replacement, a withdrawal, a
refusal, an upload that was cut off, an organisation that only looked; the bytes of databases, objects, logs, caches,
parts on disk.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import redis

from bidding.client import submitting
from bidding.client.sealing import Offer, SealedBid, seal_bid
from bidding.client.session import ProblemError
from tests.bidding.canaries import Canaries
from tests.browser.site import LOT, LiveSite, Person

BOND = "200000.00"
CONTROL = "SUNLIGHT_SCAN_CONTROL"  # in the environment of every process: a search that misses it is worth nothing
STAGES = ("db", "objects", "uploads", "opening", "log", "valkey", "run")
NAMES = """
import django, json
django.setup()
from trading.models import Account
found = {}
for one in Account.objects.filter(role="bidder").select_related("party"):
    party = one.party
    found[one.username] = [one.username, one.code, party.credit_code, party.code, party.name, one.display]
print(json.dumps(found))
"""


class EnoughError(Exception):
    """The line was cut."""


@dataclass
class SealedSite(LiveSite):
    """A site on which bidders 1 to 3 bid, 4 was cut off, 5 was refused, 6 only looked, and 7 was never here."""

    canaries: Canaries = field(default_factory=Canaries)
    control: str = field(default_factory=lambda: Canaries().text())
    bids: list[SealedBid] = field(default_factory=list)
    prices: list[str] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        """With a control that every process holds."""
        return super().environment | {CONTROL: self.control}

    def fill(self) -> None:
        """Let everybody do their part."""
        self.stage("publish", LOT, "36000")
        self.stage("bond", LOT, BOND)
        for number in (1, 2, 3):
            self._submit(self.person(f"bidder{number}"), number)
        self._submit(self.person("bidder2"), 4)
        mine = self.person("bidder3")
        receipt = mine.session.get(f"/bidding/lots/{LOT}/")["receipts"][0]["number"]
        submitting.withdraw(mine.session, LOT, receipt, mine.folder.roots())
        self._cut_off(self.person("bidder4"))
        self._refused(self.person("bidder5"))
        self.person("bidder6").session.get(f"/bidding/lots/{LOT}/")
        self.person("bidder6").session.get(f"/lots/{LOT}")

    def price(self, number: int) -> str:
        """A price that stands nowhere else."""
        digits = int.from_bytes(self.canaries.mark[:4], "big") % 100_000
        self.prices.append(f"8{digits:05d}{number}.{digits % 90 + 10}")
        return self.prices[-1]

    def sealed(self, person: Person, number: int) -> SealedBid:
        """A bid whose every field is a canary: two files and the name of one, a quoted line, the cover."""
        files = self.home / f"{person.name}-{number}"
        files.mkdir()
        (files / "technical.pdf").write_bytes(b"%PDF-1.7 " + b"".join(self.canaries.bytes_() for _ in range(500)))
        (files / f"{self.canaries.text()}.txt").write_text(self.canaries.text())
        cover = self.home / f"{person.name}-{number}.cover.in"
        cover.write_text(f"guarantee {self.canaries.text()} over {BOND}")
        offer = Offer(self.price(number), 300, files, ((self.canaries.text(), self.canaries.text()),), cover)
        desk = person.session.get(f"/bidding/lots/{LOT}/")
        to, roots, at = self.home / f"{person.name}-{number}.age", person.folder.roots(), person.session.clock()
        return seal_bid(offer, desk, pen=person.folder.pen(), roots=roots, at=at, to=to)

    def _submit(self, person: Person, number: int) -> None:
        bid = self.sealed(person, number)
        submitting.submit(person.session, bid, person.folder.roots())
        self.bids.append(bid)

    def _cut_off(self, person: Person) -> None:
        bid = self.sealed(person, 5)

        def stop(done: int, _size: int) -> None:
            if done:
                raise EnoughError

        try:
            submitting.upload(person.session, bid, progress=stop, chunk=9000)
        except EnoughError:
            self.bids.append(bid)

    def _refused(self, person: Person) -> None:
        bid = self.sealed(person, 6)
        bid.path.write_bytes(b"this is not sealed" + bid.path.read_bytes()[18:])
        try:
            submitting.deliver(person.session, replace(bid, cover=None), person.folder.roots())
        except ProblemError:
            self.bids.append(bid)

    def names(self) -> dict[str, set[str]]:
        """What would give each bidder away, by user name."""
        return {user: {name for name in names if name} for user, names in json.loads(self.run("-c", NAMES)).items()}

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Every file of the site but its secrets and what it serves to everybody."""
        for stage in STAGES:
            for path in sorted((self.home / "var" / stage).rglob("*")):
                if path.is_file():
                    yield str(path.relative_to(self.home)), path.read_bytes()

    def cache(self) -> Iterator[tuple[str, bytes]]:
        """Every key of the broker's and its value: counters, queues, groups of the live rooms."""
        socket = (self.home / "var" / "run" / "valkey.socket").read_text().strip()
        with redis.Redis(unix_socket_path=socket) as line:
            line.set("control", self.control)
            for key in line.scan_iter():
                yield f"valkey {key!r}", key + b" " + _value(line, key)
            channels: Any = line.pubsub_channels()
            yield "valkey channels", b" ".join(channels)


def _value(line: Any, key: bytes) -> bytes:
    kind = line.type(key)
    if kind == b"string":
        parts = [line.get(key)]
    elif kind == b"list":
        parts = line.lrange(key, 0, -1)
    elif kind == b"hash":
        parts = [part for pair in line.hgetall(key).items() for part in pair]
    else:
        parts = list(line.smembers(key) if kind == b"set" else line.zrange(key, 0, -1))
    return b" ".join(parts)
