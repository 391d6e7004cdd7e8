"""One whole tender by acts, for bundles: lot 1 to its contract, lot 2 failed for want of bids, lot 3 by lowest price.

Lot 1 has five live bids: one was replaced, one withdrawn, one came late, one stays since its
withdrawal came too late, one envelope does not open for a fault of its bidder; one expert declines and is followed by
the next. Everything is done by the acts of the rooms and the front door.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import ClassVar

from bidding.custody.choosing import choose_policy
from bidding.envelope import stanza
from bidding.envelope.age import encrypt
from bidding.envelope.manifest import Item, Manifest, write_manifest
from bidding.envelope.packing import Package, measure
from bidding.envelope.receiving import check_header
from bidding.envelope.sealing import new_salt, seal
from bidding.envelope.sheet import policy_of, sheet_digest
from bidding.envelope.x25519 import Identity, new_identity
from bidding.hall import entering as halls
from bidding.hall import objections, reading, record
from bidding.models import Bid, Envelope
from bidding.opening.cover import KEY_FILE
from bidding.opening.opening import open_bid
from bidding.opening.own_share import give_own_share, windows_due
from bidding.opening.release import Batch, release
from bidding.opening.statement import Piece, make_statement
from bidding.submission.closing import close, fail
from bidding.submission.standings import live_envelope
from evaluation import candidates, drafts, reporting, room, signing
from evaluation.drafts import Cell
from evaluation.engine import criteria, items
from evaluation.offers import bidders, read_bids
from evaluation.rules import room_of
from evaluation.sheet import Part
from evaluation.standing import admitted_codes
from experts import invitations, panel
from experts.lottery import Need, seed_commitment
from experts.models import Candidate, Draw, Seat
from experts.panel import Wanted
from guarantees import followers as settling
from guarantees.cover import GUARANTEE, Terms, issue
from guarantees.lodging import lodge
from ledger import cms, feed
from ledger.actor import Actor, Role
from supervision import archiving, followers
from supervision.models import Moment
from tests.bidding.scenes import Scene, Sealed
from tests.experts.drawing import enter, seed
from tests.trading.tenders import DEADLINE, lot_draft, tender_draft
from tests.world import PASSWORD, World, credit_code
from trading import awarding, contracting, drafting, enrolment, method, papers, progress, publishing, questions
from trading import followers as news_of_trading  # noqa: F401  registering is the import
from trading import objections as complaints
from trading.handles import handle_for, handle_of
from trading.method import LOWEST, WORKED
from trading.models import Account, Contract, Lot, Tender
from trading.stages import Stage

BOND = Decimal("200000.00")
NAMES = ("purchaser", "agent", "centre", "regulator", "guarantor", *(f"bidder{n}" for n in range(1, 8)))
SETTLING = next(name for name, told in feed.FOLLOWERS.items() if told is settling.settle_on_news)
LEAVES = {"a": "agent", "c": "centre", "r": "regulator"}


@dataclass
class Flow:
    """A tender on its way; `tender` and `lots` as they were drafted."""

    POLICY: ClassVar[str] = "2(a,c,r)"
    LOTS: ClassVar[Sequence[tuple[str, Mapping[str, object]]]] = (("道路", WORKED), ("绿化", WORKED), ("照明", LOWEST))
    NAMES: ClassVar[tuple[str, ...]] = NAMES

    scene: Scene
    own: dict[str, Identity] = field(init=False, default_factory=dict)
    tender: Tender = field(init=False)
    lots: list[Lot] = field(init=False)

    @property
    def world(self) -> World:
        """The cast."""
        return self.scene.world

    def fresh(self, lot: Lot) -> Lot:
        """The lot as it is stored now."""
        return Lot.objects.select_related("tender").get(pk=lot.pk)

    def round(self) -> None:
        """Rounds of the ticker: places, checkpoint, news, until the last count is told and its archives are made."""
        for _time in range(2):
            self.world.sequence()
            for name in (*followers.NAMES, SETTLING, "trading.failures"):
                while feed.deliver(name):
                    pass
        for row in Moment.objects.filter(made=False).select_related("tender"):
            archiving.make_archive(row)
        self.world.sequence()

    def enrol(self) -> None:
        """Bodies and people are registered by the operator."""
        for number, name in enumerate(self.NAMES, start=1):
            party = enrolment.register_party(credit_code(number), name, actor=self.world.operator.actor)
            role = Role.BIDDER if name.startswith("bidder") else Role(name)
            account = enrolment.open_account(name, PASSWORD, role, name, party, actor=self.world.operator.actor)
            self.world.accounts[name] = account

    def notice(self) -> None:
        """Draft, custody, papers, notice; a question and its answer."""
        agent = self.world.agent.actor
        self.tender = drafting.draft_tender(tender_draft(self.world), actor=agent)
        for title, declared in self.LOTS:
            drafting.draft_lot(self.tender, lot_draft(title=title, method=declared, bond=BOND), actor=agent)
        self.lots = list(self.tender.lots.select_related("tender").order_by("number"))
        for kind, name in (("tender_document", "招标文件.pdf"), ("review_record", "公平竞争审查.pdf")):
            papers.add_paper(self.tender, kind, name, f"{kind} 的内容".encode(), actor=agent)
        choose_policy(self.tender, self.POLICY, actor=agent)
        self.scene.register_keys(self.tender)
        self.scene.sign_sheets(self.tender)
        self.scene.rehearse(self.tender)
        publishing.publish(self.tender, DEADLINE, actor=agent)
        asked = questions.ask(self.fresh(self.lots[0]), "图纸何时更新?", actor=self.world.bidder(1).actor)
        questions.answer(asked, "不更新。", actor=agent)
        self.round()

    def cover(self, lot: Lot, account: Account) -> bytes:
        """A guarantee of the bank, lodged sealed; the key for it."""
        pen, identity, party = self.scene.pen(self.world.guarantor), new_identity(), account.party
        assert party is not None
        now = self.world.clock.now()
        terms = Terms(
            GUARANTEE, f"BH-{account.username}", lot.code, 1, credit_code(1), party.credit_code,
            credit_code(5), BOND, now, now + timedelta(days=200), None, None,
        )  # fmt: skip
        sealed = io.BytesIO()
        encrypt(io.BytesIO(issue(terms, pen.certificate, pen.key)), sealed, [identity.recipient])
        lodge(self.fresh(lot), handle_of(lot, party.credit_code), sealed.getvalue(), actor=account.actor)
        return identity.secret_text().encode()

    def sealed(
        self, lot: Lot, account: Account, price: str, *, key: bytes = b"", signer: Account | None = None
    ) -> Sealed:
        """A bid in its envelope; signed by another than its bidder when `signer` is given."""
        sheet, salt, party = self.scene.sheet(self.fresh(lot)), new_salt(), account.party
        assert party is not None
        contents = {"technical.pdf": f"we build it for {price}".encode(), **({KEY_FILE: key} if key else {})}
        files = [measure(name, lambda data=data: io.BytesIO(data)) for name, data in contents.items()]  # type: ignore[misc]
        pen, own = self.scene.pen(signer or account), None
        if policy_of(sheet).asks_bidder:
            own = self.own.setdefault(salt.hex(), new_identity())
        manifest = write_manifest(
            Manifest(
                lot=lot.code, round=1, sheet=sheet_digest(sheet), submission=salt.hex(), credit_code=party.credit_code,
                name=party.name, own_key=own.recipient.key if own else None, price=Decimal(price),
                items=(Item("days", "300"), Item("quality", "合格"), Item("manager", f"{party.name} 张工")),
                files=tuple(one.entry for one in files), tool="tests", maker=cms.fingerprint(pen.certificate),
                time=self.world.clock.now(),
            )
        )  # fmt: skip
        sink = io.BytesIO()
        package, to = io.BufferedReader(Package(manifest, pen.sign(manifest), files)), own.recipient if own else None
        seal(package, sink, sheet=sheet, salt=salt, own=to)
        return Sealed(sink.getvalue(), salt.hex())

    def send(self, lot: Lot, number: int, price: str, **how: object) -> str:
        """Bidder `number` seals and sends; the receipt number."""
        account = self.world.bidder(number)
        self.world.clock.pass_(timedelta(minutes=1))
        sealed = self.sealed(lot, account, price, **how)  # type: ignore[arg-type]
        answer = self.scene.send(self.fresh(lot), account, sealed)
        assert answer.status_code == 204, answer.content
        return str(self.scene.arrived(lot, account, sealed.id).json()["receipt"]["says"]["number"])

    def bid(self) -> None:
        """Lot 1: five live bids of six; lot 2: two; lot 3: three."""
        one, two, three = self.lots
        self.send(one, 1, "9999000.00")
        self.send(one, 1, "9850000.00", key=self.cover(one, self.world.bidder(1)))
        for number, price in ((2, "9720000.00"), (3, "9680000.00"), (4, "9600000.00")):
            self.send(one, number, price, key=self.cover(one, self.world.bidder(number)))
        self.send(one, 5, "9550000.00", signer=self.world.bidder(6))
        gone = self.send(one, 6, "9430000.00")
        url = f"/bidding/lots/{one.code}/withdraw"
        client = self.scene.client(self.world.bidder(6))
        assert client.post(url, {"number": gone}, HTTP_ACCEPT="application/json").status_code == 200
        for number, price in ((1, "9000000.00"), (2, "9100000.00")):
            self.send(two, number, price)
        for number, price in ((2, "9100000.00"), (3, "9300000.00"), (4, "11000000.00")):
            self.send(three, number, price, key=self.cover(three, self.world.bidder(number)))
        self.round()

    def late(self) -> None:
        """The deadline passes; somebody still comes, and somebody still wants to go."""
        one = self.lots[0]
        sealed = self.sealed(one, self.world.bidder(7), "9000000.00")
        self.world.clock.set(DEADLINE)
        assert self.scene.begin(self.fresh(one), self.world.bidder(7), sealed).status_code == 422
        stays = live_envelope(one, handle_for(one, self.world.bidder(2).actor))
        assert stays is not None
        url = f"/bidding/lots/{one.code}/withdraw"
        assert self.scene.client(self.world.bidder(2)).post(url, {"number": stays.number}).status_code == 422
        for lot in self.lots:
            progress.close(self.fresh(lot))
            close(self.fresh(lot))
        self.round()
        for lot in self.lots[1:2]:
            fail(self.fresh(lot))
        self.round()

    def share(self, envelope: Envelope, label: str) -> bytes:
        """What the custodian of a leaf decrypts."""
        opening = self.stanza(envelope)
        return stanza.unwrap(opening, opening.policy.labels.index(label), self.scene.identities[LEAVES[label]].private)

    def stanza(self, envelope: Envelope) -> stanza.Opening:
        """The opening stanza of an envelope."""
        sheet = self.scene.sheet(self.fresh(envelope.lot))
        data = bytes(envelope.header)
        return check_header(data, sheet=sheet, submission=envelope.submission, size=envelope.size).opening

    def release(self, lot: Lot, label: str) -> None:
        """A custodian gives the shares of all counted envelopes."""
        counted = sorted((bid.envelope for bid in Bid.objects.filter(lot=lot)), key=lambda row: row.number)
        shares = {row.number: self.share(row, label) for row in counted}
        pieces = []
        for row in counted:
            opening = self.stanza(row)
            index = opening.policy.labels.index(label)
            commitment = stanza.commitment(opening.context, opening.share, index, shares[row.number])
            pieces.append(Piece(row.number, hashlib.sha256(bytes(row.header)).digest(), commitment))
        data = make_statement(lot.code, 1, sheet_digest(self.scene.sheet(self.fresh(lot))), label, pieces)
        account = getattr(self.world, LEAVES[label])
        release(self.fresh(lot), Batch(label, shares, self.scene.pen(account).sign(data)), actor=account.actor)
        self.world.sequence()

    def open(self, lot: Lot) -> None:
        """The hall of one lot, to its signed record."""
        agent, centre = self.world.agent, self.world.centre
        halls.open_hall(self.fresh(lot), actor=agent.actor)
        halls.sign_in(self.fresh(lot), actor=self.world.bidder(2).actor)
        self.world.sequence()
        for label in ("a", "c"):
            self.release(lot, label)
        self.give_own(lot)
        for bid in Bid.objects.filter(lot=lot).order_by("number"):
            open_bid(bid.code)
        self.world.sequence()
        reading.read_prices(self.fresh(lot))
        self.round()
        record.confirm(self.fresh(lot), actor=self.world.bidder(2).actor)
        said = objections.raise_objection(self.fresh(lot), "唱标过快", actor=self.world.bidder(3).actor)
        objections.answer_objection(self.fresh(lot), said.code, "已重读", actor=agent.actor)
        self.world.clock.pass_(timedelta(minutes=16))
        for account in (agent, centre):
            data = record.record_bytes(self.fresh(lot))
            record.sign_record(self.fresh(lot), self.scene.pen(account).sign(data), actor=account.actor)
        self.round()

    def give_own(self, lot: Lot) -> None:
        """Under a policy with `b` the bidders give their own shares, of more than three all but the last."""
        bids = list(Bid.objects.filter(lot=lot).select_related("envelope").order_by("number"))
        if not self.own:
            return
        actors = [self.world.bidder(number).actor for number in range(1, 8)]
        holders = {handle_for(self.fresh(lot), actor): actor for actor in actors}
        for bid in bids[:-1] if len(bids) > 3 else bids:
            opening = self.stanza(bid.envelope)
            share = stanza.unwrap(opening, opening.policy.labels.index("b"), self.own[bid.envelope.submission].private)
            give_own_share(self.fresh(lot), share, actor=holders[bid.envelope.handle])
        self.world.clock.pass_(timedelta(minutes=30))
        assert windows_due(self.world.clock.now()) == 1
        self.world.sequence()

    def draw(self, lot: Lot) -> list[Seat]:
        """Three seeds, a frozen pool, one who declines, five seats."""
        avoid = tuple(bidders(self.fresh(lot)))
        needs = (Need("A08", 3), Need("B01", 2))
        wanted = Wanted(needs, self.world.clock.now() + timedelta(hours=1), "第三评标室", 1)
        draw = panel.request(self.fresh(lot), wanted, avoid, actor=self.world.agent.actor)
        bodies = {"agent": self.world.agent, "supervisor": self.world.regulator, "centre": self.world.centre}
        for body, account in bodies.items():
            commitment = seed_commitment(bytes.fromhex(draw.code), body, seed(body))
            panel.commit_seed(self.fresh(lot), commitment.hex(), actor=account.actor)
        panel.freeze_pool(self.fresh(lot), actor=self.world.centre.actor)
        for body, account in bodies.items():
            panel.reveal_seed(self.fresh(lot), seed(body).hex(), actor=account.actor)
        declining = True
        while asked := Candidate.objects.filter(draw=draw, state=Candidate.INVITED).order_by("pk").first():
            reason = "出差" if declining else ""
            invitations.answer(asked, reason, accepts=not declining, actor=asked.expert.account.actor)
            declining = False
        assert Draw.objects.get(pk=draw.pk).stage == Draw.COMPLETE
        self.round()
        return list(Seat.objects.filter(lot=lot, sitting=True).select_related("expert__account").order_by("number"))

    def judge(self, lot: Lot, seats: list[Seat]) -> None:
        """Enter, vote, admit, score, sign the report."""
        room.open_room(self.fresh(lot), actor=self.world.agent.actor)
        people = {seat.code: seat.expert.account for seat in seats}
        for account in people.values():
            room.enter(self.fresh(lot), "", conflict=False, promise=True, actor=account.actor)
        for account in people.values():
            room.vote_leader(self.fresh(lot), seats[1].code, actor=account.actor)
        declared = method.parse(self.fresh(lot).method)
        for code, account in people.items():
            bids = read_bids(self.fresh(lot), account.actor)
            cells = [
                Cell(bid.code, item.code, "no" if item.code == "safety" and bid.number == 3 else "yes", "第 12 页无证")
                for bid in bids
                for item in items(declared)
            ]
            self.sheet(lot, code, Part.ADMISSION, cells, account)
        if criteria(declared):
            for at, (code, account) in enumerate(people.items()):
                found = room_of(self.fresh(lot))
                assert found is not None
                admitted = admitted_codes(found, read_bids(self.fresh(lot), account.actor))
                points = {"plan": f"{10 + at}", "quality": "12.50", "schedule": "8"}
                cells = [Cell(bid, one.code, points[one.code]) for bid in admitted for one in criteria(declared)]
                self.sheet(lot, code, Part.SCORES, cells, account)
        for account in people.values():
            self.report(lot, account)
        self.round()

    def sheet(self, lot: Lot, code: str, part: Part, cells: list[Cell], account: Account) -> None:
        """A member writes and signs a sheet."""
        drafts.save(self.fresh(lot), code, part, cells, actor=account.actor)
        found = room_of(self.fresh(lot))
        assert found is not None
        seat = Seat.objects.get(code=code)
        data = signing.sheet_record(found, seat, part, read_bids(self.fresh(lot), account.actor))
        signature = self.scene.pen(account).sign(data)
        digest = hashlib.sha256(data).hexdigest()
        signing.sign_sheet(self.fresh(lot), code, part, digest, signature, actor=account.actor)

    def report(self, lot: Lot, account: Account) -> None:
        """A member signs the report."""
        found = room_of(self.fresh(lot))
        assert found is not None
        data = reporting.report_bytes(found)
        signature = self.scene.pen(account).sign(data)
        reporting.sign_report(self.fresh(lot), hashlib.sha256(data).hexdigest(), signature, actor=account.actor)

    def publish(self, lot: Lot, objecting: Actor | None = None) -> None:
        """Candidates, an objection and its answer, the end of the publicity."""
        candidates.publish(self.fresh(lot), actor=self.world.agent.actor)
        self.round()
        if objecting:
            said = complaints.object_to_result(self.fresh(lot), "请核实业绩", actor=objecting)
            complaints.answer(said, "已核实", actor=self.world.agent.actor)

    def award(self, lot: Lot) -> None:
        """Award and contract; the guarantees settle."""
        until = self.fresh(lot).publicity_until
        assert until is not None
        if self.world.clock.now() < until:
            self.world.clock.set(until)
        progress.end_publicity(self.fresh(lot))
        given = awarding.award(self.fresh(lot), actor=self.world.purchaser.actor)
        self.round()
        self.world.clock.pass_(timedelta(days=2))
        contracting.draw(self.fresh(lot), given.amount, actor=self.world.purchaser.actor)
        winner = Account.objects.get(party=given.candidate.party)
        for account in (self.world.purchaser, winner):
            data = bytes(Contract.objects.get(award=given).record)
            contracting.sign(self.fresh(lot), self.scene.pen(account).sign(data), actor=account.actor)
        self.round()


def whole(scene: Scene, kind: type[Flow] = Flow) -> Flow:
    """The whole tender: lots 1 and 3 to their contracts, lot 2 failed."""
    flow = kind(scene)
    flow.enrol()
    flow.notice()
    flow.bid()
    flow.late()
    one, two, three = flow.lots
    assert flow.fresh(two).stage == Stage.FAILED
    for number in range(1, 13):
        enter(flow.world, number)
    for lot in (one, three):
        flow.open(lot)
        flow.judge(lot, flow.draw(lot))
    flow.publish(one, objecting=flow.world.bidder(3).actor)
    flow.publish(three)
    flow.award(one)
    flow.award(three)
    return flow
