"""Replays real tenders on one time line: each stage for all of them, then one move of the clock.

Enters: tenders of a table, a troupe whose bidders are the table's labels. Leaves: for each tender whether the house
came to the same winner. Lots with fewer than three bids fail, and so they should.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from config.demo.play.cases import in_chinese
from config.demo.play.cast import CAST, REGION
from config.demo.play.client import until
from config.demo.play.credit_code import credit_code
from config.demo.play.enrolment import enrol_all
from config.demo.play.expert import Expert
from config.demo.play.stage import Body, Cast, LotCase, Person, Specialist, TenderCase
from config.demo.play.tenders_csv import RealTender
from config.demo.play.troupe import Troupe
from trading.almanac import shipped
from trading.method import LOWEST
from trading.periods import SHANGHAI

PREPARATION = timedelta(days=22)
MORNING, OPENING = time(9), time(9, 30)
EVE = timedelta(hours=20)  # before the deadline, when everybody sends
SILENCE = timedelta(minutes=16)  # who has not confirmed by then has accepted
PUBLICITY = timedelta(days=12)  # longer than any three days with a feast between
SPECIALITY = "B09"  # nobody else in the register has it
A_DAY = 4  # panels that meet on one day
MEMBERS = 5
LEAST = 3
PLACE = "评标室"
LONG = 300.0


def cast_of(labels: list[str], tenders: int) -> Cast:
    """The bodies of the built-in cast, a bidder for each label, and experts enough for the panels of one day."""
    bidders = tuple(
        Person(
            f"bidder-{label.lower()}", "bidder", label, Body(credit_code(_serial(label)), f"投标单位 {label}", label)
        )
        for label in labels
    )
    count = MEMBERS * (min(A_DAY, tenders) + 1)
    experts = tuple(
        Specialist(
            Person(f"member-{at:02d}", "expert", f"专家 {at:02d}"), (SPECIALITY,), credit_code(26050000 + at), REGION
        )
        for at in range(1, count + 1)
    )
    return Cast(
        CAST.operator,
        CAST.purchaser,
        CAST.agent,
        CAST.centre,
        CAST.regulator,
        CAST.guarantor,
        bidders,
        experts,
        needs_guarantor=False,
    )


def _serial(label: str) -> int:
    """A serial number of its own for each label, the same in every replay."""
    return 30000000 + int.from_bytes(hashlib.sha256(label.encode()).digest()[:3], "big")


@dataclass
class Running:
    """One tender on its way."""

    real: RealTender
    tender: str = ""
    lot: str = ""
    winner: str = ""
    price: str = ""

    @property
    def fails(self) -> bool:
        """Whether the law lets nothing be opened."""
        return len(self.real.bids) < LEAST

    @property
    def agrees(self) -> bool:
        """Whether the house came to what happened."""
        return self.winner == ("" if self.fails else self.real.winner)


class Replay:
    """All tenders of a table, side by side."""

    def __init__(self, troupe: Troupe, tenders: list[RealTender]) -> None:
        self.troupe, self.narrator = troupe, troupe.narrator
        self.running = [Running(one) for one in tenders]
        self.bidders = {person.display: client for person, client in troupe.bidders.items()}
        first = shipped().working_day_from((troupe.agent.hour().astimezone(SHANGHAI) + PREPARATION).date())
        self.deadline = datetime.combine(first, OPENING, SHANGHAI)

    @property
    def open(self) -> list[Running]:
        """The tenders that are opened."""
        return [one for one in self.running if not one.fails]

    def play(self) -> list[Running]:
        """Everything."""
        for stage in (self.enrol, self.notice, self.bid, self.open_all, self.draw, self.judge, self.award):
            stage()
        return self.running

    def enrol(self) -> None:
        """Everybody who takes part."""
        with self.narrator.step("·", "入驻", "Enrolment", until=""):
            enrol_all(self.troupe)
            count = len(self.troupe.cast.people)
            self.narrator.fact(f"{count} 个账户", f"{count} accounts")

    def notice(self) -> None:
        """Every tender is drafted, sealed into custody, and noticed."""
        agent, count = self.troupe.agent, len(self.running)
        with self.narrator.step("0–1", f"{count} 个项目：起草、保管、公告", "Drafts, keys, notices", until=""):
            for one in self.running:
                lot = LotCase(one.real.name, "", "0.00", 300, in_chinese(LOWEST), ())
                case = TenderCase(
                    f"实例重放 {one.real.name}", "按最低评标价法重放一次真实招标。报价相同的，按唱标次序排列。", (lot,)
                )
                one.tender = agent.draft(case, self.troupe.cast)
                one.lot = agent.draft_lot(one.tender, lot)
                agent.add_papers(one.tender, case)
                for custodian in self.troupe.custodians:
                    custodian.make_custody_key(one.tender, plain=True)
                for custodian in self.troupe.custodians:
                    custodian.sign_sheets(one.tender)
                for custodian in self.troupe.custodians:
                    custodian.rehearse(one.tender)
                until(lambda tender=one.tender: agent.rehearsed(tender), f"the rehearsal of {one.tender}", LONG)  # type: ignore[misc]
                agent.publish(one.tender, self.deadline)

    def bid(self) -> None:
        """Every bid is sealed and sent; then the deadline passes."""
        count = sum(len(one.real.bids) for one in self.running)
        self.troupe.operator.move_clock(self.deadline - EVE)
        with self.narrator.step("2–6", f"{count} 份投标文件", "Bids sealed, sent, receipted", until=""):
            for one in self.running:
                for label, price in one.real.bids:
                    bidder = self.bidders[label]
                    bidder.send(bidder.seal(one.lot, price, 300, None, short=True))
        self.troupe.operator.move_clock(self.deadline)

    def open_all(self) -> None:
        """Every lot that did not fail is opened by two custodians; nobody objects."""
        agent, centre = self.troupe.agent, self.troupe.centre
        with self.narrator.step(7, f"{len(self.open)} 个开标", "Openings", until=""):
            for one in self.open:
                until(lambda lot=one.lot: agent.settled(lot) == "closed", f"{one.lot} to be counted", LONG)  # type: ignore[misc]
                agent.open_hall(one.lot)
                for custodian in (agent, centre):
                    custodian.release(one.tender, one.lot)
            for one in self.open:
                until(lambda lot=one.lot: agent.board_read(lot), f"the prices of {one.lot}", LONG)  # type: ignore[misc]
        self.troupe.operator.move_clock(agent.hour() + SILENCE)
        with self.narrator.step(7, "签署开标记录", "Records signed", until=""):
            for one in self.open:
                for custodian in (agent, centre):
                    custodian.sign_record(one.lot)

    def days(self) -> Iterator[tuple[datetime, list[Running]]]:
        """The panels, a few on each working day after the opening."""
        for at in range(0, len(self.open), A_DAY):
            day = shipped().add_working_days(self.deadline.date(), at // A_DAY + 1)
            yield datetime.combine(day, MORNING, SHANGHAI), self.open[at : at + A_DAY]

    def draw(self) -> None:
        """A panel for every lot; each expert answers once for all of them."""
        agent, centre, regulator = self.troupe.agent, self.troupe.centre, self.troupe.regulator
        bodies = ((agent, "agent"), (regulator, "supervisor"), (centre, "centre"))
        with self.narrator.step(8, "抽取专家", "Draws", until=""):
            for day, group in self.days():
                for one in group:
                    agent.request_experts(one.lot, f"{SPECIALITY}:{MEMBERS}", day, PLACE)
                    for custodian, body in bodies:
                        custodian.commit_seed(one.lot, body)
                    centre.freeze_pool(one.lot)
                    for custodian, _body in bodies:
                        custodian.reveal_seed(one.lot)
            for expert in self.troupe.experts:
                for code in expert.invitations():
                    expert.accept(code)

    def judge(self) -> None:
        """The panels of one day, then the next day."""
        for day, group in self.days():
            self.troupe.operator.move_clock(day)
            with self.narrator.step("9–10", f"评标 {len(group)} 个", "Panels", until=""):
                for one in group:
                    self.troupe.agent.open_room(one.lot)
                sitting = {one.lot for one in group}
                seats = [(expert, lot) for expert in self.troupe.experts for lot in expert.seats() if lot in sitting]
                _admit(seats)
                tied = {lot for lot in sitting if self.troupe.agent.evaluation_stage(lot) == "tied"}
                for expert, lot in seats:
                    if lot in tied:
                        expert.break_tie(lot)
                for expert, lot in seats:
                    expert.sign_report(lot)
                for one in group:
                    self._publish(one)

    def _publish(self, one: Running) -> None:
        self.troupe.agent.publish_candidates(one.lot)
        first = self.troupe.agent.get(f"/evaluation/lots/{one.lot}/result/")["ranking"][0]
        one.winner, one.price = str(first["name"]).rpartition(" ")[2], str(first["price"])

    def award(self) -> None:
        """After the publicity every award is given, at the price of the first."""
        self.troupe.operator.move_clock(self.troupe.agent.hour() + PUBLICITY)
        with self.narrator.step(10, "中标通知", "Awards", until=""):
            for one in self.open:
                given = self.troupe.purchaser.award(one.lot)
                if given["amount"] != one.price:
                    one.winner = f"{given['winner']} at {given['amount']}"


def _admit(seats: list[tuple[Expert, str]]) -> None:
    for expert, lot in seats:
        expert.enter(lot)
        expert.elect(lot)
    for expert, lot in seats:
        expert.admit(lot)
