"""A bidder's client: writes the bid, has a cover issued, seals, sends, replaces, withdraws, all from its own folder.

Enters: an offer and the lot's desk. Leaves: sealed files and checked receipts in the folder; the site sees ciphertext.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

from bidding.client import sealing, submitting
from bidding.client.sealing import SealedBid
from bidding.submission.receipt import CheckedReceipt
from config.demo.play import papers
from config.demo.play.client import Client, until


@dataclass(frozen=True)
class Sent:
    """A sealed bid with its checked receipt."""

    bid: SealedBid
    receipt: CheckedReceipt


class Bidder(Client):
    """A builder who bids."""

    def ask(self, lot: str, text: str) -> str:
        """Ask about a lot; the question's code."""
        return str(self.act(f"/bidding/questions/{lot}/ask", text=text)["question"])

    def seal(self, lot: str, price: str, days: int, cover: bytes | None, *, short: bool = False) -> SealedBid:
        """Write and seal a bid; `short` leaves out what only a reader of the demo would look at."""
        desk = self.get(f"/bidding/lots/{lot}/")
        place = self.keys.path / f"{lot}-{secrets.token_hex(4)}"
        self._write(place / "files", desk["title"], price, days, short=short)
        if cover is not None:
            (place / "cover.bin").write_bytes(cover)
        offer = sealing.Offer(
            price,
            days,
            place / "files",
            items=(("quality", "合格"), ("manager", f"{self.person.display}（一级建造师）")),
            cover=place / "cover.bin" if cover is not None else None,
        )
        pen, roots = self.keys.pen(), self.keys.roots()
        return sealing.seal_bid(offer, desk, pen=pen, roots=roots, at=self.hour(), to=place / "bid.sealed")

    def _write(self, folder: Path, title: str, price: str, days: int, *, short: bool) -> None:
        folder.mkdir(mode=0o700, parents=True)
        letter = [f"致招标人：我方愿以 {price} 元、工期 {days} 日历天承担 {title}。", f"投标人：{self.person.called}"]
        (folder / "投标函.pdf").write_bytes(papers.pdf("投标函", letter))
        if not short:
            plan = [
                "一、施工部署",
                "二、质量与安全保证措施",
                "三、进度计划与资源配置",
                f"项目经理：{self.person.display}",
            ]
            (folder / "技术标.docx").write_bytes(papers.docx(f"{title} 施工组织设计", plan))

    def lodge(self, bid: SealedBid) -> None:
        """Lodge the sealed cover alone."""
        if bid.cover is not None:
            self.act(f"/bidding/lots/{bid.lot}/cover", sealed=bid.cover.read_bytes())

    def send(self, bid: SealedBid) -> Sent:
        """Lodge the cover, upload, and take the receipt, checked."""
        return Sent(bid, submitting.submit(self.session, bid, self.keys.roots()))

    def prove(self, sent: Sent) -> bool:
        """Wait until the receipt's leaf is in the public log, and check the proof."""
        key = self.keys.log_key()
        return until(
            lambda: submitting.fetch_proof(self.session, sent.bid, sent.receipt, key),
            f"proof for {sent.receipt.number}",
        )

    def withdraw(self, lot: str, sent: Sent) -> CheckedReceipt:
        """Withdraw what was sent."""
        return submitting.withdraw(self.session, lot, sent.receipt.number, self.keys.roots())

    def join(self, lot: str) -> None:
        """Sign in to the opening, in the live hall."""
        self.command(lot, "bidding:hall:join", {"lot": lot})

    def confirm(self, lot: str) -> None:
        """Confirm what was read out of the own bid, in the live hall."""
        self.command(lot, "bidding:record:confirm", {"lot": lot})

    def object_to_result(self, lot: str, text: str) -> str:
        """Object to the candidates; the objection's code."""
        return str(self.act(f"/lots/{lot}/objections", text=text)["objection"])

    def sign_contract(self, lot: str) -> bool:
        """Sign the contract as the winner; whether that concluded it."""
        record = self.session.get_bytes(f"/lots/{lot}/contract/record")
        return bool(self.act(f"/lots/{lot}/contract/sign", signature=self.keys.pen().sign(record))["concluded"])
