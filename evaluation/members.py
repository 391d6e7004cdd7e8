"""Who the members of a panel are: secret until the report is signed, then named in it (Bidding Law, article 37).

Enters: a room whose report is being closed. Leaves: for each seat the person, the employer, and what opens the code
of the draw.
"""

from __future__ import annotations

from dataclasses import dataclass

from evaluation.models import Room
from evaluation.room import panel
from trading.models import Party


@dataclass(frozen=True)
class Member:
    """A member by name. `expert` and `salt` open `code` (experts/identity.py)."""

    number: int
    code: str
    name: str
    employer: str
    speciality: str
    leads: bool
    expert: str
    salt: str


def members(room: Room) -> list[Member]:
    """The members by seat number."""
    seats = panel(room.lot)
    firms = {seat.expert.employer for seat in seats}
    names = dict(Party.objects.filter(credit_code__in=firms).values_list("credit_code", "name"))
    return [
        Member(
            number=seat.number,
            code=seat.code,
            name=seat.expert.account.display,
            employer=names.get(seat.expert.employer, seat.expert.employer),
            speciality=seat.candidate.speciality,
            leads=seat.pk == room.leader_id,
            expert=seat.expert.code,
            salt=seat.candidate.salt,
        )
        for seat in seats
    ]
