"""Relations of the experts' room: who is who around a lot, a candidate, a seat."""

from __future__ import annotations

from experts.models import Candidate, Seat
from ledger.actor import Actor, Role
from trading.models import Lot

# The bodies that give the seed (lottery.ROLES), by the role of their people and the tender's field.
BODIES = {
    Role.AGENT: ("agent", "agent"),
    Role.REGULATOR: ("supervisor", "regulator"),
    Role.CENTRE: ("centre", "centre"),
}


def body_of(actor: Actor, lot: Lot) -> str:
    """The body of the lot that `actor` works for: agent, supervisor or centre; "" for anybody else."""
    if actor.role not in BODIES or not actor.organisation:
        return ""
    name, field = BODIES[actor.role]
    return name if getattr(lot.tender, field).code == actor.organisation else ""


def is_body(actor: Actor, lot: Lot) -> bool:
    """One of the three bodies around the lot."""
    return bool(body_of(actor, lot))


def is_asked(actor: Actor, candidate: Candidate) -> bool:
    """The very expert behind the candidate."""
    return bool(actor.code) and candidate.expert.account.code == actor.code


def has_seat(actor: Actor, lot: Lot) -> bool:
    """A member of the lot's panel."""
    return seat_of(actor, lot) is not None


def seat_of(actor: Actor, lot: Lot) -> Seat | None:
    """The seat in which `actor` sits in the lot's panel."""
    if actor.role is not Role.EXPERT:
        return None
    return Seat.objects.filter(lot=lot, sitting=True, expert__account__code=actor.code).first()
