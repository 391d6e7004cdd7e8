"""The report: made from the signed sheets, signed by every member; the last signature ends the evaluation.

Enters: a room whose sheets are counted. Leaves: the report's record as an object, each member's CMS signature over
it, and with the last one the lot evaluated, with the report as document and the score table (Bidding Regulation,
article 53).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from bidding.opening.opened import OpenedBid
from evaluation import score_table
from evaluation.engine import Outcome, method_text
from evaluation.events import LotEvaluated, ReportMade, ReportSigned, TieDecided
from evaluation.members import members
from evaluation.models import ReportSignature, Room
from evaluation.offers import read_bids, reported
from evaluation.report import Head, Report, ReportSheet, report
from evaluation.report_paper import write_paper
from evaluation.room import panel, require_room, require_seat
from evaluation.sheet import Part
from evaluation.standing import outcome, points, signed, verdicts
from ledger import objects
from ledger.act import This, act
from ledger.actor import Actor
from ledger.canon import decode, encode
from ledger.errors import Broken, _, refused
from trading import method
from trading.models import Lot
from trading.signatures import check_account
from trading.stages import Stage

SPACE = "reports"
NOTHING = Outcome(None, (), (), ())


def report_of(room: Room) -> Report:
    """The report's record."""
    return decode(Report, report_bytes(room))


def report_bytes(room: Room) -> bytes:
    """The bytes that every member signs."""
    if not room.report:
        raise Broken(f"{room.lot.code} has no report")
    return objects.read(room.report)


def make_report(this: This[Lot], room: Room, bids: Sequence[OpenedBid]) -> bytes:
    """Make the report within the act that counted the last sheet; its digest."""
    record = encode(_compose(this, room, bids))
    stored = objects.put(SPACE, record)
    this.swap(room, report=("", stored.name))
    digest = bytes.fromhex(stored.digest)
    this.record(ReportMade(this.on.code, digest))
    return digest


def _compose(this: This[Lot], room: Room, bids: Sequence[OpenedBid]) -> Report:
    lot = this.on
    leader = room.leader.code if room.leader else ""
    seats = tuple(seat.code for seat in panel(lot))
    text = method_text(method.parse(lot.method))
    head = Head(lot.code, room.round, lot.title, this.now, text, lot.ceiling, seats, leader)
    sheets = [
        ReportSheet(row.seat.code, row.part, bytes.fromhex(row.digest))
        for part, edition in ((Part.ADMISSION, 1), (Part.SCORES, room.edition))
        for row in signed(room, part, edition)
    ]
    made = NOTHING if room.stage == Room.FAILED else outcome(room, bids)
    found = verdicts(room, bids)
    return report(head, reported(bids), found, made, sheets=sheets, decided=room.decided, decision=room.decision)


def decide_tie(lot: Lot, order: Sequence[str], reason: str, *, actor: Actor) -> Room:
    """Put the tied bids in the order the panel agreed on; the leader says by which rule of the document."""
    seat = require_seat(lot, actor)
    with act("evaluation:tie:decide", actor, on=lot, by=seat.code) as this:
        room = require_room(this, Room.TIED)
        bids = read_bids(this.on, actor)
        tied = {line.bid for line in outcome(room, bids).lines if line.tied}
        if set(order) != tied or len(order) != len(tied) or not reason.strip():
            refused("evaluation.tie_order", _("Name every tied bid once, in order, and the rule that puts them so."))
        this.swap(room, decided=([], list(order)), decision=("", reason[:300]))
        this.record(TieDecided(this.on.code, tuple(order), room.decision))
        this.move(room, Room.REPORTING)
        make_report(this, room, bids)
    return room


def sign_report(lot: Lot, digest: str, signature: bytes, *, actor: Actor) -> ReportSignature:
    """Sign the report; the last member's signature moves the lot to evaluated.

    Refused evaluation.report_signed, .report_other (the digest is not the report's), signature.*.
    """
    seat = require_seat(lot, actor)
    with act("evaluation:report:sign", actor, on=lot, by=seat.code) as this:
        room = require_room(this, Room.REPORTING)
        data = report_bytes(room)
        if ReportSignature.objects.filter(seat=seat).exists():
            refused("evaluation.report_signed", _("You have signed the report already."))
        if hashlib.sha256(data).hexdigest() != digest:
            refused("evaluation.report_other", _("This is not the report that stands; read it again."))
        check_account(data, signature, seat.expert.account, this.now)
        row = ReportSignature.objects.create(seat=seat, digest=digest, signature=signature, at=this.now)
        fingerprint = hashlib.sha256(signature).digest()
        this.record(ReportSigned(this.on.code, seat.code, bytes.fromhex(digest), fingerprint))
        if ReportSignature.objects.filter(seat__in=panel(this.on)).count() == len(panel(this.on)):
            _close(this, room, data)
    return row


def _close(this: This[Lot], room: Room, data: bytes) -> None:
    made, who = decode(Report, data), members(room)
    paper = objects.put(SPACE, write_paper(made, who, this.on.tender))
    table = objects.put(SPACE, score_table.write(made, who, points(room)))
    this.swap(room, paper=("", paper.name), table=("", table.name))
    this.move(room, Room.CLOSED)
    this.move(this.on, Stage.EVALUATED)
    digests = hashlib.sha256(data).digest(), bytes.fromhex(paper.digest), bytes.fromhex(table.digest)
    this.record(LotEvaluated(this.on.code, *digests))
