"""Relations of the evaluation: whose room it is, and who may see how it ended."""

from __future__ import annotations

from evaluation.models import Attendance, Room
from experts.rules import has_seat, seat_of
from ledger.actor import Actor, Role
from trading.models import Lot
from trading.rules import is_around
from trading.stages import RESULT_PUBLIC, Stage

DONE = (Room.REPORTING, Room.CLOSED, Room.FAILED)


def room_of(lot: Lot) -> Room | None:
    """The room of the lot in its present round."""
    return Room.objects.filter(lot=lot, round=lot.tender.round).select_related("lot__tender", "leader").first()


def may_enter(actor: Actor, lot: Lot) -> bool:
    """A member of the lot's panel."""
    return has_seat(actor, lot)


def has_entered(actor: Actor, lot: Lot) -> bool:
    """A member of the lot's panel who has declared that no conflict is known: only then are bids read."""
    seat = seat_of(actor, lot)
    return seat is not None and Attendance.objects.filter(seat=seat).exists()


def may_watch(actor: Actor, lot: Lot) -> bool:
    """Who stands around the tender: sees that members have signed, never what."""
    return is_around(actor, lot)


def leads(actor: Actor, lot: Lot) -> bool:
    """The member whom the panel elected."""
    seat, room = seat_of(actor, lot), room_of(lot)
    return seat is not None and room is not None and room.leader_id == seat.pk


def may_see_result(actor: Actor, lot: Lot) -> bool:
    """Everybody from the candidates' publicity on; before that members and the bodies, once every sheet is in."""
    if lot.stage in RESULT_PUBLIC:
        return True
    room = room_of(lot)
    if room is None or room.stage not in DONE:
        return False
    if lot.stage == Stage.FAILED:
        return True
    return is_around(actor, lot) or (actor.role is Role.EXPERT and has_seat(actor, lot))
