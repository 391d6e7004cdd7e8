"""A bidder's folder for tests: files, keys, and a session that speaks to the site without a network."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.test import Client

from bidding.client.keys import KeyFolder, Pen
from bidding.client.sealing import Offer, SealedBid, seal_bid
from bidding.client.session import ProblemError, plain
from bidding.client.submitting import check_own_receipt
from bidding.envelope.x25519 import Recipient
from bidding.submission.receipt import CheckedReceipt
from tests.bidding.scenes import Scene, Sealed
from trading import authority
from trading.models import Account, Lot


@dataclass
class DeskSession:
    """What `bidding.client.session.Session` is over the network, over Django's own test client."""

    browser: Client
    now: datetime
    language: str = "en"
    asked: list[str] = field(default_factory=list)

    def clock(self) -> datetime:
        """The test's clock."""
        return self.now

    def get(self, path: str) -> dict[str, Any]:
        """The facts at `path`."""
        self.asked.append(path)
        answer = self.browser.get(path, headers={"accept": "application/json"})
        return self._facts(answer.status_code, answer.content)

    def get_bytes(self, path: str) -> bytes:
        """The bytes at `path`."""
        return bytes(self.browser.get(path).getvalue())

    def post(self, path: str, form: Mapping[str, object]) -> dict[str, Any]:
        """Act."""
        answer = self.browser.post(
            path, json.dumps(plain(form)), "application/json", headers={"accept": "application/json"}
        )
        return self._facts(answer.status_code, answer.content)

    def _facts(self, status: int, content: bytes) -> dict[str, Any]:
        facts: dict[str, Any] = json.loads(content) if content else {}
        if status >= 400:
            raise ProblemError(status, facts)
        return facts


@dataclass
class BidderAtHome:
    """One bidder with a folder of keys and a folder of files."""

    scene: Scene
    lot: Lot
    home: Path
    number: int = 1

    @property
    def account(self) -> Account:
        return self.scene.world.bidder(self.number)

    @property
    def session(self) -> Any:
        return DeskSession(self.scene.client(self.account), self.scene.world.clock.now())

    @property
    def keys(self) -> KeyFolder:
        return KeyFolder(self.home / "keys")

    @property
    def files(self) -> Path:
        folder = self.home / "files"
        folder.mkdir(exist_ok=True)
        if not any(folder.iterdir()):
            (folder / "技术标.pdf").write_bytes(b"%PDF-1.7 how we build it")
            (folder / "清单.csv").write_text("1,开挖,9596000.00\n", encoding="utf-8")
        return folder

    def seal(self, own: Recipient | None = None, price: str = "9596000.00", *, name: str = "bid.age") -> SealedBid:
        """Seal by the client's own code."""
        signer = self.scene.pen(self.account)
        desk = self.session.get(f"/bidding/lots/{self.lot.code}/")
        return seal_bid(
            Offer(price, 300, self.files, (("quality", "合格"),)), desk, pen=Pen(signer.certificate, signer.key),
            roots=authority.roots(), at=self.scene.world.clock.now(), to=self.home / name, own=own,
        )  # fmt: skip

    def send(self, bid: SealedBid) -> CheckedReceipt:
        """Send it over the test client; the checked receipt."""
        answer = self.scene.send(self.lot, self.account, Sealed(bid.path.read_bytes(), bid.submission))
        assert answer.status_code == 204, answer.content
        receipt = self.scene.arrived(self.lot, self.account, bid.submission).json()["receipt"]
        return check_own_receipt(receipt, bid, authority.roots())
