"""An evaluation as tests need it: really opened bids, a drawn panel, members with certificates, their way by acts."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from decimal import Decimal

from bidding.hall.reading import read_prices
from bidding.models import Bid
from bidding.opening.opened import OpenedBid
from bidding.opening.opening import open_bid
from evaluation import drafts, reporting, room, signing
from evaluation.drafts import Cell
from evaluation.engine import criteria, items
from evaluation.models import Room
from evaluation.offers import bidders, read_bids
from evaluation.rules import room_of
from evaluation.sheet import Part
from evaluation.standing import admitted_codes
from experts.models import Seat
from ledger.actor import Actor
from tests.bidding.full_hall import Hall, Offer, Signer, enrolled
from tests.experts.drawing import accept_all, drawn, enter
from tests.world import World
from trading import method
from trading.method import WORKED
from trading.models import Lot
from trading.stages import Stage

SET_X = ("9850000", "9720000", "9680000", "9600000", "9550000", "9430000", "9120000")


def opened(world: World, prices: tuple[str, ...] = SET_X, declared: Mapping[str, object] = WORKED) -> Lot:
    """A lot whose sealed bids at these prices were opened and read out."""
    hall = Hall(world, method=dict(declared))
    for number, price in enumerate(prices, start=1):
        hall.submit(number, Offer(Decimal(price)))
    hall.count()
    hall.open()
    hall.release("a")
    hall.release("c")
    for bid in Bid.objects.filter(lot=hall.lot).order_by("number"):
        open_bid(bid.code)
    world.sequence()
    read_prices(hall.fresh())
    hall.move(Stage.OPENED)
    return hall.lot


class Chamber:
    """A lot in evaluation with a complete panel; `seats` by number from 0."""

    def __init__(self, world: World, prices: tuple[str, ...] = SET_X, declared: Mapping[str, object] = WORKED) -> None:
        self.world = world
        self.lot = opened(world, prices, declared)
        for number in range(1, 13):
            enter(world, number)
        self.seats: list[Seat] = accept_all(drawn(world, self.lot, tuple(bidders(self.lot))))
        self.pens: dict[int, Signer] = {}
        room.open_room(self.fresh(), actor=world.agent.actor)
        self.fresh()

    def fresh(self) -> Lot:
        """The lot as it is stored now."""
        self.lot = Lot.objects.select_related("tender").get(pk=self.lot.pk)
        return self.lot

    @property
    def room(self) -> Room:
        """The room as it is stored now."""
        found = room_of(self.fresh())
        assert found is not None
        return found

    def actor(self, at: int) -> Actor:
        """The member in seat `at`."""
        return self.seats[at].expert.account.actor

    def pen(self, at: int) -> Signer:
        """The member's certificate."""
        if at not in self.pens:
            self.pens[at] = enrolled(self.world, self.seats[at].expert.account)
        return self.pens[at]

    def bids(self) -> list[OpenedBid]:
        """The opened bids as a member reads them."""
        return read_bids(self.fresh(), self.actor(0))

    def code(self, number: int) -> str:
        """The code of bid `number`."""
        return self.bids()[number - 1].code

    def gather(self) -> None:
        """Everybody enters and votes for the first seat."""
        for at in range(len(self.seats)):
            room.enter(self.fresh(), "", conflict=False, promise=True, actor=self.actor(at))
        for at in range(len(self.seats)):
            room.vote_leader(self.fresh(), self.seats[0].code, actor=self.actor(at))

    def vote(self, at: int, failing: Mapping[tuple[int, str], str] | None = None) -> None:
        """Seat `at` passes everything, but for (bid number, item) with a reason."""
        names, against = [item.code for item in items(method.parse(self.lot.method))], failing or {}
        cells = [
            Cell(bid.code, name, "no" if (bid.number, name) in against else "yes", against.get((bid.number, name), ""))
            for bid in self.bids()
            for name in names
        ]
        self.save(at, Part.ADMISSION, cells)
        self.sign(at, Part.ADMISSION)

    def score(self, at: int, points: Mapping[str, str], **special: Mapping[str, str]) -> None:
        """Seat `at` gives every admitted bid `points` by criterion; `special` as b3={"plan": "1"}. Not signed."""
        admitted = admitted_codes(self.room, self.bids())
        cells = [
            Cell(bid.code, one.code, special.get(f"b{bid.number}", {}).get(one.code, points[one.code]))
            for bid in self.bids()
            if bid.code in admitted
            for one in criteria(method.parse(self.lot.method))
        ]
        self.save(at, Part.SCORES, cells)

    def save(self, at: int, part: Part, cells: list[Cell]) -> None:
        """Seat `at` writes."""
        drafts.save(self.fresh(), self.seats[at].code, part, cells, actor=self.actor(at))

    def record(self, at: int, part: Part) -> bytes:
        """What seat `at` is to sign."""
        return signing.sheet_record(self.room, self.seats[at], part, self.bids())

    def sign(self, at: int, part: Part) -> None:
        """Seat `at` signs the sheet."""
        record = self.record(at, part)
        digest = hashlib.sha256(record).hexdigest()
        signature = self.pen(at).sign(record)
        signing.sign_sheet(self.fresh(), self.seats[at].code, part, digest, signature, actor=self.actor(at))

    def admit(self) -> None:
        """Gather, and everybody passes everything."""
        self.gather()
        for at in range(len(self.seats)):
            self.vote(at)

    def judge(self) -> None:
        """Everybody scores and signs; members differ a little."""
        self.admit()
        for at in range(len(self.seats)):
            self.score(at, {"plan": f"{10 + at}", "quality": "12.50", "schedule": "8"})
            self.sign(at, Part.SCORES)

    def report(self) -> None:
        """Everybody signs the report."""
        data = reporting.report_bytes(self.room)
        for at in range(len(self.seats)):
            digest = hashlib.sha256(data).hexdigest()
            reporting.sign_report(self.fresh(), digest, self.pen(at).sign(data), actor=self.actor(at))
        self.fresh()
