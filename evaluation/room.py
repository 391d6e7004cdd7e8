"""The room of a lot: the agent opens it once the panel is complete; members enter, declare, and elect who leads.

Enters: a lot whose bids are open and whose five seats are taken. Leaves: the lot in stage evaluating, members who
have seen the bidders' names and declared no conflict, a leader. Who declares a conflict leaves at once and the next
of the same order is asked.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from evaluation.engine import method_digest
from evaluation.events import LeaderElected, LeaderVoted, RoomOpened, SeatEntered
from evaluation.models import Attendance, LeaderVote, Room
from experts.invitations import vacate
from experts.models import Draw, Seat
from experts.panel import live_draw
from experts.rules import seat_of
from ledger.act import This, act
from ledger.actor import Actor
from ledger.errors import Broken, Reason, _, refuse, refused
from trading import method
from trading.models import Lot
from trading.stages import Stage


def panel(lot: Lot) -> list[Seat]:
    """The seats that are taken, by number."""
    return list(Seat.objects.filter(lot=lot, sitting=True).select_related("expert__account", "candidate"))


def open_room(lot: Lot, *, actor: Actor) -> Room:
    """Open the room: the lot goes from opened to evaluating."""
    with act("evaluation:room:open", actor, on=lot) as this:
        refuse(opening_blockers(this.on))
        declared = method.parse(this.on.method)
        number = this.on.tender.round
        room = Room.objects.create(lot=this.on, round=number, opened_at=this.now)
        this.move(this.on, Stage.EVALUATING)
        seats = tuple(seat.code for seat in panel(this.on))
        this.record(RoomOpened(this.on.code, number, seats, method_digest(declared)))
    return room


def opening_blockers(lot: Lot) -> list[Reason]:
    """Why the room cannot be opened: evaluation.panel_incomplete, trading.paused."""
    draw = live_draw(lot)
    found = [
        (
            draw is None or draw.stage != Draw.COMPLETE,
            Reason("evaluation.panel_incomplete", _("The panel is not complete yet.")),
        ),
        (lot.paused, Reason("trading.paused", _("The regulator has paused this lot."))),
    ]
    return [reason for is_so, reason in found if is_so]


def require_room(this: This[Lot], *stages: str) -> Room:
    """The lot's room, locked, in one of `stages`. Refused evaluation.room_stage, trading.paused."""
    room = Room.objects.select_for_update().filter(lot=this.on, round=this.on.tender.round).first()
    if room is None:
        raise Broken(f"{this.on.code} is evaluated without a room")
    if this.on.paused:
        refused("trading.paused", _("The regulator has paused this lot."))
    if room.stage not in stages:
        text = _("The panel is past this step, or not there yet (%(stage)s).")
        refused("evaluation.room_stage", text, stage=room.stage)
    return room


def require_seat(lot: Lot, actor: Actor) -> Seat:
    """The actor's seat; the table of acts has asked for it already."""
    seat = seat_of(actor, lot)
    if seat is None:
        refused("rights.relation", _("This object is not yours to act on."))
    return seat


def enter(lot: Lot, reason: str, *, conflict: bool, promise: bool, actor: Actor) -> Seat:
    """Enter with the signed-in declaration: no conflict and the promise, or the conflict and out."""
    seat = require_seat(lot, actor)
    with act("evaluation:seat:enter", actor, on=lot, by=seat.code) as this:
        room = require_room(this, Room.GATHERING)
        if Attendance.objects.filter(seat=seat).exists():
            refused("evaluation.entered", _("You have entered already."))
        if conflict:
            if not reason.strip():
                refused("evaluation.conflict_reason", _("Say what ties you to which bidder."))
            vacate(this, seat, reason)
            return seat
        if not promise:
            text = _("Nobody judges without the promise to judge by the tender document alone.")
            refused("evaluation.promise_missing", text)
        Attendance.objects.create(seat=seat, at=this.now)
        this.record(SeatEntered(this.on.code, seat.code))
        _gathered(this, room)
    return seat


def vote_leader(lot: Lot, choice: str, *, actor: Actor) -> Room:
    """Vote once for a member as leader; with the last vote the most votes win, at a tie the lower seat number."""
    seat = require_seat(lot, actor)
    with act("evaluation:leader:vote", actor, on=lot, by=seat.code) as this:
        room = require_room(this, Room.GATHERING)
        chosen = Seat.objects.filter(lot=this.on, sitting=True, code=choice).first()
        refuse(_vote_blockers(seat))
        if chosen is None:
            refused("evaluation.no_such_seat", _("There is no such seat on this panel."))
        LeaderVote.objects.create(seat=seat, choice=chosen)
        this.record(LeaderVoted(this.on.code, seat.code, choice))
        _gathered(this, room)
    return room


def _vote_blockers(seat: Seat) -> list[Reason]:
    found = [
        (not Attendance.objects.filter(seat=seat).exists(), "not_entered", _("Enter the room first.")),
        (LeaderVote.objects.filter(seat=seat).exists(), "voted", _("You have voted already.")),
    ]
    return [Reason(f"evaluation.{word}", text) for is_so, word, text in found if is_so]


def _gathered(this: This[Any], room: Room) -> None:
    """Go on to the admission once everybody is in and has voted for somebody who sits."""
    seats = panel(room.lot)
    votes = list(LeaderVote.objects.filter(seat__in=seats).select_related("choice"))
    wanted = method.parse(room.lot.method).members
    present = Attendance.objects.filter(seat__in=seats).count()
    if not len(seats) == wanted == present == len(votes):
        return
    count = Counter(vote.choice_id for vote in votes)
    leader = min(seats, key=lambda seat: (-count[seat.pk], seat.number))
    this.swap(room, leader=(None, leader))
    this.move(room, Room.ADMITTING)
    this.record(LeaderElected(room.lot.code, leader.code))
