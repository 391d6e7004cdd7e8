"""The agent's client: writes the tender, answers, issues addenda, hosts the opening, asks for experts.

It also holds the leaf `a` of the custody policy.
"""

from __future__ import annotations

import base64
import json
from datetime import datetime
from typing import Any

from config.demo.play import papers
from config.demo.play.client import patiently
from config.demo.play.custodian import Custodian
from config.demo.play.stage import Cast, LotCase, TenderCase

LEAST = 3  # bids below which nothing is opened (Bidding Law, article 28)


class Agent(Custodian):
    """Runs the tender for the purchaser."""

    def draft(self, case: TenderCase, cast: Cast) -> str:
        """Write the tender; its code."""
        around = {name: getattr(cast, name).body.credit_code for name in ("purchaser", "agent", "centre", "regulator")}
        words = {"title": case.title, "summary": case.summary, "procedure": "construction"}
        return str(self.act("/tenders/draft", **words, **around)["tender"])

    def draft_lot(self, tender: str, lot: LotCase) -> str:
        """Add a lot; its code."""
        form = {"title": lot.title, "bond": lot.bond, "days": lot.days, "method": json.dumps(lot.method)}
        if lot.ceiling:
            form["ceiling"] = lot.ceiling
        return str(self.act(f"/tenders/{tender}/lots", **form)["lot"])

    def add_paper(self, tender: str, kind: str, name: str, data: bytes) -> str:
        """Lay a file with the tender; its code."""
        form = {"kind": kind, "name": name, "file": base64.b64encode(data).decode()}
        return str(self.act(f"/tenders/{tender}/papers", **form)["paper"])

    def add_papers(self, tender: str, case: TenderCase) -> None:
        """The papers without which no notice is given, and a bill of quantities."""
        scope = [f"{at}. {lot.title}，工期 {lot.days} 日历天" for at, lot in enumerate(case.lots, 1)]
        rules = [
            "投标文件须在本平台加密递交，截止前任何人无法读取。",
            "评标办法见各标段公告所附方法，未载明的因素不得作为评标依据。",
        ]
        review = ["经审查，未发现含有限制或者排除竞争的内容。", f"项目：{case.title}"]
        rows = [("序号", "标段", "工期（日历天）", "最高投标限价（元）")]
        rows += [(str(at), lot.title, str(lot.days), lot.ceiling or "—") for at, lot in enumerate(case.lots, 1)]
        self.add_paper(
            tender, "tender_document", "招标文件.docx", papers.docx(case.title, [case.summary, *scope, *rules])
        )
        self.add_paper(tender, "review_record", "公平竞争审查意见.pdf", papers.pdf("公平竞争审查意见", review))
        self.add_paper(tender, "quantities", "工程量清单.xlsx", papers.xlsx("工程量清单", rows))

    def publish(self, tender: str, deadline: datetime) -> None:
        """Give the notice."""
        self.act(f"/tenders/{tender}/publish", deadline=deadline)

    def answer(self, question: str, text: str) -> None:
        """Answer a question for everybody."""
        self.act(f"/questions/{question}/answer", text=text)

    def issue_addendum(self, tender: str, title: str, text: str, *, paper: tuple[str, bytes]) -> str:
        """Issue an addendum with a paper; the deadline it leaves."""
        code = self.add_paper(tender, "addendum", *paper)
        form = {"title": title, "text": text, "material": True, "papers": [code]}
        return str(self.act(f"/tenders/{tender}/addenda", **form)["deadline"])

    def board(self, lot: str) -> dict[str, Any]:
        """The hall's board."""
        return self.get(f"/bidding/lots/{lot}/hall/")

    def settled(self, lot: str) -> str:
        """The stage of a lot whose bids are counted: closed, or failed; "" before."""
        stage = str(self.board(lot)["stage"])
        return stage if stage == "failed" or self._can_open(lot, stage) else ""

    def _can_open(self, lot: str, stage: str) -> bool:
        """A closed lot with too few bids fails a moment later; one with enough waits for its host."""
        return stage == "closed" and len(self.board(lot)["envelopes"]) >= LEAST

    def board_read(self, lot: str) -> dict[str, Any] | None:
        """The board once the prices are read."""
        board = self.board(lot)
        return board if board["bids"] else None

    def open_hall(self, lot: str) -> None:
        """Open the hall, once the count is under a checkpoint."""
        waits = "bidding.closing_unproved", "bidding.closing_unwitnessed"
        patiently(lambda: self.act(f"/bidding/lots/{lot}/hall/open"), *waits)

    def request_experts(self, lot: str, specialities: str, meets_at: datetime, place: str) -> None:
        """Ask for a panel; `specialities` like "A08:3, C01:2"."""
        form = {"specialities": specialities, "meets_at": meets_at, "place": place, "days": 1}
        self.act(f"/evaluation/lots/{lot}/draw/request", **form)

    def open_room(self, lot: str) -> None:
        """Open the evaluation room."""
        self.act(f"/evaluation/lots/{lot}/room/open")

    def evaluation_stage(self, lot: str) -> str:
        """How far the panel is."""
        return str(self.get(f"/evaluation/lots/{lot}/progress/")["stage"])

    def publish_candidates(self, lot: str) -> None:
        """Publish the candidates of the signed report."""
        self.act(f"/evaluation/lots/{lot}/candidates/publish")

    def answer_objection(self, objection: str, text: str) -> None:
        """Answer an objection."""
        self.act(f"/objections/{objection}/answer", text=text)
