"""An opening under any policy, with the code of clients on every side: bids, count, hall, releases, bidders' shares."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import dataclass, field
from datetime import timedelta

from bidding.envelope import stanza
from bidding.envelope.policy import BIDDER
from bidding.envelope.receiving import check_header
from bidding.envelope.sheet import policy_of, read_sheet
from bidding.envelope.x25519 import Identity, new_identity
from bidding.hall.entering import bids_of, open_hall
from bidding.models.opening import Bid, Release
from bidding.opening.giving import give
from bidding.opening.headers import header_facts
from bidding.opening.opening import open_bid
from bidding.opening.own_share import give_own_share, own_share_facts
from bidding.opening.quorum import is_complete
from bidding.opening.release import Batch, release
from bidding.submission.closing import close
from ledger import note
from ledger.sequencer import log_key
from tests.bidding.custody.officers import Officers
from tests.bidding.scenes import Scene, Sealed
from trading import progress
from trading.models import Lot

PRICES = ("9100000.00", "9200000.00", "9300000.00")


@dataclass
class PolicyHall:
    """Three bids for a lot under `policy`; `own` holds the bidders' own keys by number."""

    scene: Scene
    policy: str
    officers: Officers = field(init=False)
    lot: Lot = field(init=False)
    lots: int = 1
    own: dict[int, Identity] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.officers = Officers(self.scene, self.policy)
        self.lot = self.officers.notice(self.lots)[0]
        for number, price in enumerate(PRICES, 1):
            self.submit(number, price)

    def fresh(self) -> Lot:
        """The lot as it is stored now."""
        return Lot.objects.select_related("tender").get(pk=self.lot.pk)

    def submit(self, number: int, price: str, *, wrapped: Identity | None = None) -> None:
        """Bidder `number` seals and sends; leaf `b` is wrapped to the own key unless to another."""
        self.own[number] = new_identity()
        account = self.scene.world.bidder(number)
        asks = policy_of(self.scene.sheet(self.fresh())).asks_bidder
        own = self.own[number] if asks else None
        self.send(number, self.scene.seal(self.fresh(), account, price, own=own, wrapped=wrapped))

    def send(self, number: int, sealed: Sealed) -> str:
        """Bidder `number` sends this very file; its receipt number."""
        account = self.scene.world.bidder(number)
        self.scene.world.clock.pass_(timedelta(minutes=1))
        answer = self.scene.send(self.fresh(), account, sealed)
        assert answer.status_code == 204, answer.content
        return str(self.scene.arrived(self.fresh(), account, sealed.id).json()["receipt"]["says"]["number"])

    def count(self) -> None:
        """The deadline passes and the bids are counted."""
        deadline = self.fresh().deadline
        assert deadline is not None
        self.scene.world.clock.set(deadline)
        progress.close(self.fresh())
        close(self.fresh())
        self.scene.world.sequence()

    def open(self, minutes: int = 30) -> None:
        """The host opens the hall."""
        open_hall(self.fresh(), actor=self.scene.world.agent.actor, minutes=minutes)
        self.scene.world.sequence()

    def batch(self, label: str, *, facts: dict[str, object] | None = None) -> Batch:
        """What the person of a leaf gives, by the client's own code, signed."""
        shown = header_facts(self.fresh()) if facts is None else facts
        signed = b64decode(str(shown["sheet"]))
        made = give(
            shown, signed, self.officers.keys[label].private, now=self.scene.world.clock.now(),
            log_key=note.raw_public(log_key().public_key()),
        )  # fmt: skip
        return Batch(made.leaf, made.shares, self.scene.pen(self.officers.account(label)).sign(made.statement))

    def release(self, label: str) -> Release:
        """The person of a leaf comes and gives."""
        made = release(self.fresh(), self.batch(label), actor=self.officers.account(label).actor)
        self.scene.world.sequence()
        return made

    def own_share(self, number: int) -> bytes:
        """What bidder `number` decrypts of the own envelope."""
        facts = own_share_facts(self.fresh(), self.scene.world.bidder(number).actor)
        header, sheet = b64decode(facts["header"]), read_sheet(b64decode(facts["sheet"]))
        opening = check_header(header, sheet=sheet, submission=facts["submission"], size=facts["size"]).opening
        return stanza.unwrap(opening, opening.policy.labels.index(BIDDER), self.own[number].private)

    def give_own(self, number: int) -> None:
        """Bidder `number` gives the own share."""
        give_own_share(self.fresh(), self.own_share(number), actor=self.scene.world.bidder(number).actor)
        self.scene.world.sequence()

    def complete(self) -> bool:
        """Whether decryption may begin."""
        return is_complete(self.fresh())

    def decide(self) -> dict[int, Bid]:
        """Every envelope is looked at; the bids by the number of their bidder."""
        for bid in bids_of(self.fresh()):
            open_bid(bid.code)
        return dict(enumerate(bids_of(self.fresh()), 1))
