"""An expert's client: answers the invitation, enters the room, elects, judges on the own sheets, signs with its key."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from config.demo.play.client import Client

# How five members differ: the same in sum for every bid, so that their mean is what the bid is worth.
VIEWS = tuple(map(Decimal, ("-0.6", "-0.3", "0", "0.3", "0.6")))
TIE_RULE = "报价相同的，按唱标次序排列（招标文件评标办法）"
DECLINES = "当日已有其他公务安排"
Cell = tuple[str, str, str]


class Expert(Client):
    """Somebody of the pool; perhaps a member of the panel."""

    def invitations(self) -> list[str]:
        """Codes of invitations that wait for an answer."""
        return [
            str(one["code"]) for one in self.get("/experts/invitations/")["invitations"] if one["state"] == "invited"
        ]

    def seats(self) -> list[str]:
        """The lots whose rooms are open to this member."""
        return [str(one["lot"]) for one in self.get("/experts/invitations/")["invitations"] if one["lot"]]

    def accept(self, code: str) -> None:
        """Accept; get a certificate to sign with, unless there is one."""
        self.act(f"/experts/invitations/{code}/answer", accepts=True)
        self.enrol()

    def decline(self, code: str) -> None:
        """Decline with a reason."""
        self.act(f"/experts/invitations/{code}/answer", accepts=False, reason=DECLINES)

    def room(self, lot: str) -> dict[str, Any]:
        """The room as a member sees it."""
        return self.get(f"/evaluation/lots/{lot}/room/")

    def enter(self, lot: str) -> None:
        """Enter: no conflict, and the promise."""
        self.act(f"/evaluation/lots/{lot}/room/enter", conflict=False, promise=True)

    def elect(self, lot: str) -> None:
        """Vote for the member in the first seat."""
        first = min(self.room(lot)["members"], key=lambda one: int(one["number"]))
        self.act(f"/evaluation/lots/{lot}/room/leader", choice=first["seat"])

    def admit(self, lot: str) -> None:
        """Find that every bid meets every point, and sign the sheet."""
        room = self.room(lot)
        points = [one["code"] for one in room["method"]["criteria"] if one["kind"] == "pass"]
        self._write(lot, room, [(bid["code"], point, "yes") for bid in room["bids"] for point in points])

    def score(self, lot: str, marks: Mapping[str, Mapping[str, str]]) -> None:
        """Score the admitted bids, `marks` by credit code, each member with an own view; sign the sheet."""
        room = self.room(lot)
        admitted = [bid for bid in room["bids"] if bid["code"] in room["admitted"]]
        self._write(lot, room, list(self._points(room, admitted, marks)))

    @staticmethod
    def _points(
        room: Mapping[str, Any], bids: list[Mapping[str, Any]], marks: Mapping[str, Mapping[str, str]]
    ) -> Iterator[Cell]:
        scored = [one["code"] for one in room["method"]["criteria"] if one["kind"] != "pass"]
        for bid in bids:
            for at, item in enumerate(scored):
                view = VIEWS[(int(room["number"]) + int(bid["number"]) + at) % len(VIEWS)]
                yield bid["code"], item, f"{Decimal(marks[bid['credit_code']][item]) + view:f}"

    def _write(self, lot: str, room: Mapping[str, Any], cells: list[Cell]) -> None:
        """Write the own sheet and sign its record."""
        sheet, columns = f"/evaluation/lots/{lot}/sheets", zip(*cells, strict=True)
        own = {"seat": room["seat"], "part": room["part"]}
        self.act(f"{sheet}/save", **own, **dict(zip(("bid", "item", "value"), map(list, columns), strict=True)))
        record = self.session.get_bytes(f"{sheet}/{room['part']}/record")
        self.act(f"{sheet}/sign", **own, **self._signed(record))

    def break_tie(self, lot: str) -> None:
        """As the leader, put bids of one price in the order in which they were read out, as the document says."""
        room = self.room(lot)
        if room["stage"] != "tied" or room["leader"] != room["seat"]:
            return
        prices = Counter(bid["price"] for bid in room["bids"] if bid["code"] in room["admitted"])
        tied = [bid for bid in room["bids"] if bid["code"] in room["admitted"] and prices[bid["price"]] > 1]
        order = [bid["code"] for bid in sorted(tied, key=lambda bid: int(bid["number"]))]
        self.act(f"/evaluation/lots/{lot}/room/tie", order=order, reason=TIE_RULE)

    def sign_report(self, lot: str) -> None:
        """Sign the report as it stands."""
        record = self.session.get_bytes(f"/evaluation/lots/{lot}/report/record")
        self.act(f"/evaluation/lots/{lot}/report/sign", **self._signed(record))

    def _signed(self, record: bytes) -> dict[str, object]:
        return {"digest": hashlib.sha256(record).hexdigest(), "signature": self.keys.pen().sign(record)}
