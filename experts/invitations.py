"""Invitations: those whose turn it is are asked; whoever declines, stays away or must leave is followed by the next.

Enters: a drawn order, the answers of candidates. Leaves: seats, and a complete panel with its public drawing record.
The next is always the next of the same order (promise P17). An invitation says when and where, never for which
tender.
"""

from __future__ import annotations

from typing import Any

from experts import drawing_record, lottery
from experts.events import (
    InvitationAnswered,
    InvitationLapsed,
    InvitationMade,
    PanelCompleted,
    PoolExhausted,
    SeatVacated,
)
from experts.lottery import DrawRecord, Pool
from experts.models import Candidate, Draw, Seat
from experts.pooling import request_of
from ledger import objects
from ledger.act import This, act
from ledger.actor import Actor
from ledger.canon import decode
from ledger.errors import Refused, _, refused
from trading.models import Lot
from trading.stages import UNSEALED, Stage

GONE = (Candidate.DECLINED, Candidate.LAPSED, Candidate.VACATED)
HERE = (Candidate.INVITED, Candidate.ACCEPTED)
ROOM_OPEN = UNSEALED - {Stage.OPENED}


def drawing(draw: Draw) -> DrawRecord:
    """Everything that decides the draw, once its seeds are shown."""
    parts = {part.body: part for part in draw.parts.all()}
    return DrawRecord(
        request=request_of(draw),
        commitments=tuple(bytes.fromhex(parts[body].commitment) for body in lottery.ROLES),
        pool=decode(Pool, objects.read(draw.pool)),
        seeds=tuple(bytes.fromhex(parts[body].seed) for body in lottery.ROLES),
    )


def invite(this: This[Any], draw: Draw, seat: lottery.Seat) -> None:
    """Ask the candidate whose turn it is."""
    candidate = draw.candidates.get(code=seat.code)
    this.swap(candidate, state=(Candidate.POOL, Candidate.INVITED), speciality=("", seat.speciality))
    this.record(InvitationMade(draw.code, candidate.code))


def answer(candidate: Candidate, reason: str, *, accepts: bool, actor: Actor) -> Candidate:
    """Accept and get a seat, or decline with a reason and be followed by the next."""
    with act("experts:invitation:answer", actor, on=candidate, by=candidate.code) as this:
        draw = _draw_of(this.on)
        if not accepts and not reason.strip():
            refused("experts.reason_missing", _("A reason is needed; it is kept with the draw."))
        this.record(InvitationAnswered(draw.code, this.on.code, accepts, "" if accepts else reason))
        if accepts:
            this.swap(this.on, state=(Candidate.INVITED, Candidate.ACCEPTED))
            _take_seat(this, draw, this.on)
        else:
            _follow(this, draw, this.on, (Candidate.INVITED, Candidate.DECLINED))
    return this.on


def lapse(lot: Lot, code: str, reason: str, *, actor: Actor) -> Candidate:
    """Pass over a candidate who did not answer, or did not come although he accepted."""
    with act("experts:invitation:lapse", actor, on=lot) as this:
        candidate = Candidate.objects.filter(draw__lot=this.on, code=code).first()
        if candidate is None or candidate.state not in HERE:
            refused("experts.not_asked", _("This candidate is not asked."))
        draw = _draw_of(candidate, Candidate.INVITED, Candidate.ACCEPTED)
        if not reason.strip():
            refused("experts.reason_missing", _("A reason is needed; it is kept with the draw."))
        this.record(InvitationLapsed(draw.code, candidate.code, reason))
        _leave_seat(this, draw, candidate)
        _follow(this, draw, candidate, (candidate.state, Candidate.LAPSED))
    return candidate


def vacate(this: This[Any], seat: Seat, reason: str) -> None:
    """Within an act of the evaluation: a member must leave (avoidance), and the next in the same order is asked."""
    draw = _draw_of(seat.candidate, Candidate.ACCEPTED)
    this.record(SeatVacated(draw.code, seat.code, reason), scope=draw.scope)
    _leave_seat(this, draw, seat.candidate)
    _follow(this, draw, seat.candidate, (Candidate.ACCEPTED, Candidate.VACATED))


def _draw_of(candidate: Candidate, *states: str) -> Draw:
    """The candidate's draw, locked; Refused experts.not_asked unless it runs and the candidate has one of `states`."""
    draw = Draw.objects.select_for_update().select_related("lot").get(pk=candidate.draw_id)
    runs = draw.stage in {Draw.DRAWN, Draw.COMPLETE}
    if not runs or candidate.state not in (states or (Candidate.INVITED,)):
        refused("experts.not_asked", _("This candidate is not asked."))
    return draw


def _take_seat(this: This[Any], draw: Draw, candidate: Candidate) -> None:
    taken = set(Seat.objects.filter(lot=draw.lot, sitting=True).values_list("number", flat=True))
    wanted = request_of(draw).seats
    number = min(set(range(1, wanted + 1)) - taken)
    Seat.objects.create(lot=draw.lot, candidate=candidate, expert=candidate.expert, number=number, code=candidate.code)
    if len(taken) + 1 == wanted:
        _complete(this, draw)


def _complete(this: This[Any], draw: Draw) -> None:
    stored = objects.put("draws", drawing_record.write(drawing(draw)))
    this.move(draw, Draw.COMPLETE)
    this.swap(draw, record=(draw.record, stored.name))
    seats = Seat.objects.filter(lot=draw.lot, sitting=True).order_by("number").values_list("code", flat=True)
    this.record(PanelCompleted(draw.code, tuple(seats), bytes.fromhex(stored.digest)), scope=draw.scope)


def _leave_seat(this: This[Any], draw: Draw, candidate: Candidate) -> None:
    seat = Seat.objects.filter(candidate=candidate, sitting=True).first()
    if seat is not None:
        this.swap(seat, sitting=(True, False))
        if draw.stage == Draw.COMPLETE:
            this.move(draw, Draw.DRAWN)


def _follow(this: This[Any], draw: Draw, candidate: Candidate, change: tuple[str, str]) -> None:
    here = draw.candidates.filter(state__in=HERE).order_by("pk")
    seats = [lottery.Seat(one.code, one.speciality) for one in here]
    leaving = lottery.Seat(candidate.code, candidate.speciality)
    this.swap(candidate, state=change)
    gone = frozenset(draw.candidates.filter(state__in=GONE).values_list("code", flat=True))
    try:
        following = lottery.replacement(drawing(draw), seats, gone, leaving)
    except Refused as refusal:
        if refusal.codes != ["experts.pool_exhausted"]:
            raise
        this.record(PoolExhausted(draw.code, leaving.speciality), scope=draw.scope)
    else:
        invite(this, draw, following)


def facts(candidate: Candidate) -> dict[str, Any]:
    """An invitation as its expert sees it; the lot is named once its room is open and the expert sits in it."""
    draw, lot = candidate.draw, candidate.draw.lot
    sits = Seat.objects.filter(candidate=candidate, sitting=True).exists()
    return {
        "code": candidate.invitation,
        "state": candidate.state if draw.stage != Draw.VOID else draw.stage,
        "meets_at": draw.meets_at,
        "place": draw.place,
        "days": draw.days,
        "lot": lot.code if sits and lot.stage in ROOM_OPEN else "",
    }
