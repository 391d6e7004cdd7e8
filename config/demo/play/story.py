"""The play of the built-in case: the way of one bid, steps 0 to 12 of docs, through the front door.

Enters: a troupe on a fresh site. Leaves: one tender from notice to contract, told step by step.
"""

from __future__ import annotations

from datetime import datetime

from bidding.client.session import ProblemError
from config.demo.play.bidder import Sent
from config.demo.play.client import until
from config.demo.play.stage import LotCase, Offer, TenderCase
from config.demo.play.troupe import Troupe


def instant(text: str) -> datetime:
    """An instant on the clocks of China."""
    return datetime.fromisoformat(f"{text}:00+08:00")


DEADLINE = instant("2026-03-24 09:30")


class Story:
    """One telling of the built-in case."""

    def __init__(self, troupe: Troupe, case: TenderCase) -> None:
        self.troupe, self.case, self.narrator = troupe, case, troupe.narrator
        self.tender = ""
        self.lots: list[str] = []
        self.sent: dict[tuple[str, str], Sent] = {}
        self.covers: dict[tuple[str, str], bytes] = {}

    def pairs(self) -> list[tuple[str, LotCase]]:
        """The lots with their codes."""
        return list(zip(self.lots, self.case.lots, strict=True))

    def tell(self) -> None:
        """All of it."""
        self.enrol()
        self.notice()
        self.keys()
        self.publish()
        self.clarify()
        self.cover()
        self.seal_and_send()
        self.close()

    def enrol(self) -> None:
        """Organisations and accounts; everybody who signs gets a certificate."""
        troupe, cast = self.troupe, self.troupe.cast
        with self.narrator.step("·", "入驻", "Enrolment"):
            for body in cast.bodies:
                troupe.operator.register(body)
            for person in cast.people:
                troupe.operator.open_account(person, troupe.passwords[person.username])
            troupe.operator.say(
                f"登记 {len(cast.bodies)} 家主体，开立 {len(cast.people)} 个账户",
                f"registers {len(cast.bodies)} organisations, opens {len(cast.people)} accounts",
            )
            for client in (*troupe.custodians, troupe.purchaser, troupe.guarantor, *troupe.bidders.values()):
                client.enrol()
            self.narrator.fact("各方自己生成密钥并申领证书", "everybody makes a key and enrols a certificate")

    def notice(self) -> None:
        """The tender is written, with its papers."""
        agent = self.troupe.agent
        with self.narrator.step(0, "编制招标文件", "Drafting"):
            self.tender = agent.draft(self.case, self.troupe.cast)
            self.lots = [agent.draft_lot(self.tender, lot) for lot in self.case.lots]
            agent.add_papers(self.tender, self.case)
            agent.say(f"起草 {self.tender}，{len(self.lots)} 个标段", f"drafts {self.tender} with {len(self.lots)} lots")

    def keys(self) -> None:
        """Each custodian makes a key and signs the sheet of every lot."""
        with self.narrator.step(1, "保管人密钥", "Custodians' keys"):
            for custodian in self.troupe.custodians:
                custodian.make_custody_key(self.tender)
                custodian.say("在自己机器上生成密钥，只登记公钥", "makes a key of its own, registers the public half")
            for custodian in self.troupe.custodians:
                custodian.sign_sheets(self.tender)
                custodian.say("签署各标段保管单 2(a,c,r)", "signs the custody sheets, policy 2(a,c,r)")

    def publish(self) -> None:
        """The notice."""
        with self.narrator.step(0, "发布招标公告", "Notice"):
            self.troupe.agent.publish(self.tender, DEADLINE)
            self.troupe.agent.say(f"发布公告，截止 {DEADLINE:%m-%d %H:%M}", f"gives the notice, deadline {DEADLINE}")

    def clarify(self) -> None:
        """A question, its answer, an addendum."""
        troupe = self.troupe
        lot, case = self.pairs()[0]
        with self.narrator.step(0, "答疑与补遗", "Questions and addenda"):
            troupe.operator.move_clock(instant("2026-03-04 10:00"))
            bidder = troupe.bidders[case.offers[1].bidder]
            question = bidder.ask(lot, "请明确路面结构层厚度以图纸还是工程量清单为准？")
            self.narrator.fact("有人提问；提问人不公开", "somebody asks; nobody is told who")
            troupe.operator.move_clock(instant("2026-03-05 15:00"))
            troupe.agent.answer(question, "以工程量清单为准，详见补遗。")
            from config.demo.play import papers  # noqa: PLC0415
            text = "统一路面结构层厚度：上面层 4 cm，下面层 6 cm，以工程量清单为准。"
            paper = ("补遗一.docx", papers.docx("补遗一", [text]))
            troupe.agent.issue_addendum(self.tender, "补遗一：路面结构层厚度", text, paper=paper)
            troupe.agent.say("答疑，并发布补遗一", "answers for everybody and issues addendum 1")

    def cover(self) -> None:
        """Guarantees and deposits."""
        troupe = self.troupe
        troupe.operator.move_clock(instant("2026-03-20 14:00"))
        with self.narrator.step(2, "投标担保", "Covers", recorded=False):
            for lot, case in self.pairs():
                for at, offer in enumerate(case.offers):
                    self.covers[lot, offer.bidder.username] = troupe.guarantor.cover(
                        lot, offer.bidder, troupe.cast.purchaser, case.bond, DEADLINE, deposit=at % 3 == 2
                    )
            troupe.guarantor.say("在平台外向投标人开具保函、出具到账证明", "issues guarantees and statements of deposits")

    def seal_and_send(self) -> None:
        """Every bid is sealed on the bidder's own machine and sent."""
        with self.narrator.step("3–5", "加密、上传、回执", "Seal, upload, receipt"):
            for lot, case in self.pairs():
                for offer in case.offers:
                    self._bid(lot, offer)
        with self.narrator.step(5, "存在性证明", "Proofs of inclusion", recorded=False):
            for (lot, name), sent in self.sent.items():
                bidder = next(one for person, one in self.troupe.bidders.items() if person.username == name)
                bidder.prove(sent)
            self.narrator.fact(f"{len(self.sent)} 份回执都能在公开日志中验证", "every receipt is proved in the log")

    def _bid(self, lot: str, offer: Offer) -> None:
        bidder = self.troupe.bidders[offer.bidder]
        cover = self.covers[lot, offer.bidder.username]
        if offer.first_price:
            self._first_try(lot, offer, cover)
        if offer.withdrawn_first:
            sent = bidder.send(bidder.seal(lot, offer.withdrawn_first, offer.days, cover))
            bidder.withdraw(lot, sent)
            bidder.say("撤回已递交的投标文件", "withdraws the bid it sent")
        sent = bidder.send(bidder.seal(lot, offer.price, offer.days, cover))
        self.sent[lot, offer.bidder.username] = sent
        bidder.say(f"递交加密投标文件，回执 {sent.receipt.number}", f"sends a sealed bid for {lot}, holds the receipt")

    def _first_try(self, lot: str, offer: Offer, cover: bytes) -> None:
        """A bid that is replaced later; one above the ceiling is stopped by the bidder's own client."""
        bidder = self.troupe.bidders[offer.bidder]
        from ledger.errors import Refused  # noqa: PLC0415
        try:
            bidder.send(bidder.seal(lot, offer.first_price, offer.days, cover))
        except ProblemError as problem:
            bidder.refused(problem)
        except Refused as refusal:
            self.narrator.refused(bidder.person, refusal.codes)
        else:
            bidder.say("递交投标文件，稍后替换", "sends a bid that it will replace")

    def close(self) -> None:
        """The deadline; one comes too late."""
        lot, case = self.pairs()[0]
        with self.narrator.step(6, "投标截止", "Closing"):
            self.troupe.operator.move_clock(DEADLINE)
            if case.late is not None:
                self._late(lot, case)

    def _late(self, lot: str, case: LotCase) -> None:
        if case.late is None:
            return
        bidder = self.troupe.bidders[case.late]
        cover = self.troupe.guarantor.cover(
            lot, case.late, self.troupe.cast.purchaser, case.bond, DEADLINE, deposit=False
        )
        try:
            bidder.send(bidder.seal(lot, "9777000.00", case.days, cover))
        except ProblemError as problem:
            bidder.refused(problem)


__all__ = ["Story", "until"]
