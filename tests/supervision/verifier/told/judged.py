"""A panel that judged otherwise: its sheets as they are told, and the report that follows from them.

The report is made by the rooms' own rules, and not by the verifier's.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from hashlib import sha256
from typing import Any

from bidding.opening.events import ReadBid, Readout
from evaluation import engine
from evaluation.engine import Offer, Outcome
from evaluation.events import LotFailed, SheetsReturned, TieDecided
from evaluation.report import Head, ReportBid, ReportSheet, report
from evaluation.sheet import AdmissionSheet, ScoreSheet, points_of, votes_of
from ledger.canon import PLAIN, Reader, decode, encode
from ledger.errors import Refused
from ledger.events import Stamp, commit_field, write_entry
from supervision.verifier.case import Happened
from supervision.verifier.judging import ADMITTED, ELECTED, EVALUATED, MADE, ROOM, SCORED
from supervision.verifier.opening import READ
from supervision.verifier.sheets import SIGNED as SHEET_SIGNED
from tests.supervision.forger import Forger, Lie, changed, written
from trading import method
from trading.records import TenderNotice

ONE, THREE = "sl-2026-0001-1", "sl-2026-0001-3"
NOTHING = Outcome(None, (), (), ())
Points = dict[str, dict[str, dict[str, Decimal]]]
Votes = Callable[[int, AdmissionSheet], AdmissionSheet]
Scores = Callable[[int, ScoreSheet], ScoreSheet]


def same(_at: int, sheet: Any) -> Any:
    """A sheet as it was signed."""
    return sheet


@dataclass(frozen=True)
class Told:
    """What is told of a panel: the text of its method, what was read out, its sheets by the place of the seat (scores
    once for each edition), the items for which score sheets came back, how it put tied bids in order.
    """

    lot: str = ONE
    text: Callable[[str], str] = str
    read: Callable[[tuple[ReadBid, ...]], tuple[ReadBid, ...]] = tuple
    votes: Votes = same
    scores: tuple[Scores, ...] = (same,)
    disputed: tuple[str, ...] | None = None
    tie: tuple[tuple[str, ...], str] | None = None
    fails: bool = False


def judged(told: Told) -> Lie:
    """All that is told, and the report that follows from it."""
    return lambda forger: _Judging(forger, told).tell()


class _Judging:
    """The sheets of one lot as they are told."""

    def __init__(self, forger: Forger, told: Told) -> None:
        self.forger, self.case, self.told = forger, forger.case, told
        self.room = self.case.one(ROOM, lot=told.lot)
        self.seats: Sequence[str] = self.room["seats"]
        published = self.case.one("trading:notice:published")
        self.notice = self.case.record(TenderNotice, published["digest"], "")
        self.line = next(line for line in self.notice.lots if line.code == told.lot)
        self.method = method.parse(json.loads(told.text(self.line.method)))
        self.sheets: list[ReportSheet] = []

    def tell(self) -> None:
        """Say it."""
        self._method()
        bids = self._read()
        offers = [Offer(bid.code, bid.number, bid.price, bid.invalid) for bid in bids]
        votes = [vote for sheet in self._admission() for vote in votes_of(sheet)]
        verdicts = engine.verdicts(self.method, offers, self.seats, votes)
        kept = tuple(one.bid for one in verdicts if one.admitted)
        gone = tuple(one.bid for one in verdicts if not one.admitted)
        self.forger.say(self.case.one(ADMITTED, lot=self.told.lot), admitted=kept, rejected=gone)
        points = self._scores(kept)
        order, reason = self._tie()
        ranked = [offer for offer in offers if offer.code in kept]
        outcome = self._outcome(ranked, points, order)
        made = self.case.one(MADE, lot=self.told.lot)
        head = Head(
            self.told.lot, self.room["round"], self.line.title, made.at, engine.method_text(self.method),
            self.line.ceiling, tuple(self.seats), self.case.one(ELECTED, lot=self.told.lot)["leader"],
        )  # fmt: skip
        lines = [
            ReportBid(one.code, one.number, one.name, one.credit_code, one.price, one.days, one.invalid) for one in bids
        ]
        data = encode(report(head, lines, verdicts, outcome, sheets=self.sheets, decided=order, decision=reason))
        self.forger.retell(made["digest"], data)
        if self.told.fails:
            failed(made=data)(self.forger)

    def _outcome(self, ranked: Sequence[Offer], points: Points, order: Sequence[str]) -> Outcome:
        """The ranking; nothing where nothing was admitted, or the sheets cannot be counted."""
        if not ranked:
            return NOTHING
        try:
            return engine.outcome(self.method, ranked, points, order)
        except Refused:
            return NOTHING

    def _method(self) -> None:
        """The method in the notice, in the room and, later, on every sheet."""
        published = self.case.one("trading:notice:published")
        lots = tuple(
            replace(line, method=engine.method_text(self.method)) if line.code == self.told.lot else line
            for line in self.notice.lots
        )
        if lots != self.notice.lots:
            self.forger.retell(published["digest"], encode(replace(self.notice, lots=lots)))
            self.forger.say(self.room, method=engine.method_digest(self.method))

    def _read(self) -> tuple[ReadBid, ...]:
        entry = self.case.one(READ, lot=self.told.lot)
        table = self.case.record(Readout, entry["table"], "")
        bids = self.told.read(table.bids)
        self.forger.say(entry, table=self.forger.put(encode(replace(table, bids=bids))), bids=bids)
        return bids

    def _signed(self, part: str) -> list[Happened]:
        found = self.case.all(SHEET_SIGNED, lot=self.told.lot, part=part)
        return sorted(found, key=lambda one: self.seats.index(one["seat"]))

    def _sheet(self, cls: type[Any], one: Happened) -> Any:
        said = self.case.disclosed[one.id, "record"]
        sheet = decode(cls, PLAIN[bytes].read(Reader(said["value"])))
        return replace(sheet, method=engine.method_digest(self.method))

    def _counts(self, part: str, seat: str, sheet: Any) -> bytes:
        data = encode(sheet)
        self.sheets.append(ReportSheet(seat, part, sha256(data).digest()))
        return PLAIN[bytes].write(data)

    def _admission(self) -> list[AdmissionSheet]:
        found = []
        for at, one in enumerate(self._signed("admission")):
            found.append(self.told.votes(at, self._sheet(AdmissionSheet, one)))
            self.forger.disclose(one, "record", self._counts("admission", one["seat"], found[-1]))
        return found

    def _scores(self, kept: Sequence[str]) -> Points:
        """The points of the last edition; with more than one edition all are shown when the last has been signed."""
        ones, points, shown = self._signed("scores"), Points(), list[bytes]()
        for edition, scores in enumerate(self.told.scores, start=1):
            digests = []
            for at, one in enumerate(ones):
                found = self._sheet(ScoreSheet, one)
                rows = {line.bid: line for line in found.lines}
                lines = tuple(replace(rows.get(bid, found.lines[0]), bid=bid) for bid in kept)
                sheet = scores(at, replace(found, lines=lines))
                points[one["seat"]] = points_of(sheet)
                value = PLAIN[bytes].write(encode(sheet))
                digests.append(sha256(encode(sheet)).digest())
                if edition == len(self.told.scores):
                    self._counts("scores", one["seat"], sheet)
                if len(self.told.scores) == 1:
                    self.forger.disclose(one, "record", value)
                else:
                    shown.append(self._edition(one, edition, value))
            if edition == len(self.told.scores) and ones:
                self._counted(edition, tuple(digests), shown)
        return points

    def _edition(self, one: Happened, edition: int, value: bytes) -> bytes:
        """One more sheet of a member; how it will be shown."""
        said, by = self.case.disclosed[one.id, "record"], self.seats[-1]
        new = bytes([edition]) + one.id[1:]
        leaf = changed(one.entry, id=new, edition=edition, record=commit_field(said["salt"], new, "record", value))
        if edition == 1:
            self.forger.leaves[one.index], self.forger.leaves[said.index] = written(leaf), None
        else:
            self.forger.append(written(leaf))
        return written(changed(said.entry, id=bytes([edition]) + said.id[1:], entry=new, value=value, by=by))

    def _counted(self, edition: int, digests: tuple[bytes, ...], shown: Sequence[bytes]) -> None:
        scored = self.case.one(SCORED, lot=self.told.lot)
        if not shown:
            self.forger.say(scored, sheets=digests)
            return
        self.forger.drop(scored)
        counted = written(changed(scored.entry, edition=edition, sheets=digests))
        back = []
        for later in range(2, edition + 1) if self.told.disputed is not None else ():
            stamp = Stamp(bytes([later] * 16), scored.at, scored.by)
            back.append(write_entry(SheetsReturned(self.told.lot, later, self.told.disputed or ()), stamp))
        self.forger.append(*back, *shown, counted)

    def _tie(self) -> tuple[tuple[str, ...], str]:
        if self.told.tie is None:
            return (), ""
        made = self.case.one(MADE, lot=self.told.lot)
        said = TieDecided(self.told.lot, *self.told.tie)
        self.forger.append(write_entry(said, Stamp(bytes([8] * 16), made.at, made.by)))
        return self.told.tie


def failed(lot: str = THREE, by: str | None = None, made: bytes | None = None) -> Lie:
    """The lot was declared failed where its evaluation ended, on this report, or on the one that stands."""

    def lie(forger: Forger) -> None:
        ended, stands = forger.case.one(EVALUATED, lot=lot), forger.case.one(MADE, lot=lot)["digest"]
        stamp = Stamp(ended.id, ended.at, by or ended.by)
        digest = stands if made is None else sha256(made).digest()
        forger.leaves[ended.index] = write_entry(LotFailed(lot, digest), stamp)

    return lie
