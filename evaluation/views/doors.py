"""Doors of evaluation: what agent, members and purchaser do; and the request for a draw, which needs the bidders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from evaluation import candidates, drafts, reporting, room, signing
from evaluation.drafts import Cell
from evaluation.offers import bidders
from evaluation.sheet import Part
from experts import panel
from experts.lottery import Need
from ledger.actor import Actor
from ledger.errors import Reason, Refused, _
from trading.access import access_lot
from trading.doors import Answer, door
from trading.forms import Nothing


def _room(lot: str) -> str:
    return reverse("evaluation:room", kwargs={"lot": lot})


def _progress(lot: str) -> str:
    return reverse("evaluation:progress", kwargs={"lot": lot})


@dataclass(frozen=True)
class RequestForm:
    """What a draw is asked for; `specialities` like "A08:3, B01:2"."""

    specialities: str
    meets_at: datetime
    place: str
    days: int

    @property
    def wanted(self) -> panel.Wanted:
        """The request, with its needs read."""
        needs = []
        for part in self.specialities.split(","):
            name, _colon, count = part.strip().partition(":")
            if not count.strip().isascii() or not count.strip().isdigit():
                text = _("Specialities are written like A08:3, B01:2.")
                raise Refused(Reason("experts.specialities", text))
            needs.append(Need(name.strip(), int(count)))
        return panel.Wanted(tuple(needs), self.meets_at, self.place, self.days)


@door("experts:draw:request", RequestForm)
def draw_request(actor: Actor, form: RequestForm, lot: str) -> Answer:
    """Ask for a panel. The firms to avoid are the bidders: experts cannot see them, so they are passed in from here."""
    row = access_lot("experts:draw:request", actor, lot)
    draw = panel.request(row, form.wanted, bidders(row), actor=actor)
    return Answer({"draw": draw.code}, reverse("experts:draw", kwargs={"lot": lot}))


@door("evaluation:room:open", Nothing)
def room_open(actor: Actor, form: Nothing, lot: str) -> Answer:  # noqa: ARG001  the act needs no more than its object
    """Open the room."""
    made = room.open_room(access_lot("evaluation:room:open", actor, lot), actor=actor)
    return Answer({"stage": made.stage}, _progress(lot))


@dataclass(frozen=True)
class EnterForm:
    """The declaration: a conflict with its reason, or none and the promise."""

    conflict: bool = False
    promise: bool = False
    reason: str = ""


@door("evaluation:seat:enter", EnterForm)
def seat_enter(actor: Actor, form: EnterForm, lot: str) -> Answer:
    """Enter the room, or leave the panel for a conflict."""
    row = access_lot("evaluation:seat:enter", actor, lot)
    seat = room.enter(row, form.reason, conflict=form.conflict, promise=form.promise, actor=actor)
    to = reverse("experts:invitations") if form.conflict else _room(lot)
    return Answer({"seat": seat.code, "sitting": not form.conflict}, to)


@dataclass(frozen=True)
class LeaderForm:
    """The seat voted for."""

    choice: str


@door("evaluation:leader:vote", LeaderForm)
def leader_vote(actor: Actor, form: LeaderForm, lot: str) -> Answer:
    """Vote for the leader."""
    made = room.vote_leader(access_lot("evaluation:leader:vote", actor, lot), form.choice, actor=actor)
    return Answer({"leader": made.leader.code if made.leader else ""}, _room(lot))


@dataclass(frozen=True)
class CellsForm:
    """Cells of the own sheet, as four lists of one length (`reason` may be left out)."""

    seat: str
    part: Part
    bid: tuple[str, ...] = ()
    item: tuple[str, ...] = ()
    value: tuple[str, ...] = ()
    reason: tuple[str, ...] = ()

    @property
    def cells(self) -> list[Cell]:
        """The cells; Refused form.not_a_list when the lists differ in length."""
        reasons = self.reason or ("",) * len(self.bid)
        if not len(self.bid) == len(self.item) == len(self.value) == len(reasons):
            raise Refused(Reason("form.not_a_list", _("%(field)s must be a list."), {"field": "value"}))
        return [Cell(*cell) for cell in zip(self.bid, self.item, self.value, reasons, strict=True)]


@door("evaluation:draft:save", CellsForm)
def draft_save(actor: Actor, form: CellsForm, lot: str) -> Answer:
    """Keep what the member wrote on the own sheet."""
    row = access_lot("evaluation:draft:save", actor, lot)
    drafts.save(row, form.seat, form.part, form.cells, actor=actor)
    return Answer({"saved": len(form.bid)}, _room(lot))


@dataclass(frozen=True)
class SignForm:
    """A CMS signature (DER) over the record of the own sheet; `digest` is the record's SHA-256 in hex."""

    seat: str
    part: Part
    digest: str
    signature: bytes


@door("evaluation:sheet:sign", SignForm)
def sheet_sign(actor: Actor, form: SignForm, lot: str) -> Answer:
    """Sign the own sheet: it is final."""
    row = access_lot("evaluation:sheet:sign", actor, lot)
    made = signing.sign_sheet(row, form.seat, form.part, form.digest, form.signature, actor=actor)
    return Answer({"part": made.part, "digest": made.digest}, _room(lot))


@dataclass(frozen=True)
class TieForm:
    """Codes of all tied bids in the order decided, and the rule."""

    order: tuple[str, ...]
    reason: str


@door("evaluation:tie:decide", TieForm)
def tie_decide(actor: Actor, form: TieForm, lot: str) -> Answer:
    """The leader puts tied bids in order."""
    row = access_lot("evaluation:tie:decide", actor, lot)
    made = reporting.decide_tie(row, form.order, form.reason, actor=actor)
    return Answer({"stage": made.stage}, _room(lot))


@dataclass(frozen=True)
class ReportForm:
    """A CMS signature (DER) over the report's record; `digest` is the record's SHA-256 in hex."""

    digest: str
    signature: bytes


@door("evaluation:report:sign", ReportForm)
def report_sign(actor: Actor, form: ReportForm, lot: str) -> Answer:
    """Sign the report."""
    row = access_lot("evaluation:report:sign", actor, lot)
    made = reporting.sign_report(row, form.digest, form.signature, actor=actor)
    return Answer({"digest": made.digest}, reverse("evaluation:result", kwargs={"lot": lot}))


@door("evaluation:candidates:publish", Nothing)
def candidates_publish(actor: Actor, form: Nothing, lot: str) -> Answer:  # noqa: ARG001
    """Publish the candidates."""
    notice = candidates.publish(access_lot("evaluation:candidates:publish", actor, lot), actor=actor)
    return Answer({"notice": notice.code}, _progress(lot))
