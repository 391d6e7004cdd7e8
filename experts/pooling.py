"""How the register becomes the frozen pool of one draw: everybody is in it, and who is no candidate has his reasons.

Enters: a draw with its request. Leaves: the pool's lines under codes of this draw alone, and the candidates' rows,
not yet stored. Firms appear only as salted digests; specialities nobody asked for are left out, so that nobody is
known by them.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import timedelta

from experts import lottery
from experts.identity import candidate_code
from experts.lottery import Line, Pool, Request
from experts.models import Candidate, Draw, Expert
from ledger.canon import decode
from trading.models import Tender

SUSPENDED, BUSY = "suspended", "busy"


def request_of(draw: Draw) -> Request:
    """The request of a draw as it was made."""
    return decode(Request, bytes(draw.request))


def gather(draw: Draw) -> tuple[Pool, list[Candidate]]:
    """The pool over the whole register and a candidate's row for each line."""
    request, salt = request_of(draw), bytes.fromhex(draw.salt)
    wanted = {need.speciality for need in request.needs}
    busy = _busy(draw)
    lines, rows = [], []
    for expert in Expert.objects.exclude(status=Expert.LEFT):
        own = os.urandom(32)
        code = candidate_code(own, expert.code)
        unfit = [SUSPENDED] * (expert.status != Expert.ACTIVE) + [BUSY] * (expert.pk in busy)
        specialities = tuple(sorted(wanted & set(expert.specialities)))
        lines.append(Line(code, specialities, lottery.tie(salt, expert.employer), (), tuple(unfit)))
        rows.append(Candidate(draw=draw, expert=expert, code=code, salt=own.hex()))
    avoided = [lottery.tie(salt, firm) for firm in _avoided(draw.lot.tender, draw.avoid)]
    return lottery.frozen(request, lines, avoided), rows


def _avoided(tender: Tender, bidders: Iterable[str]) -> set[str]:
    """The bidders and the bodies around the tender: nobody judges for or over the own employer."""
    bodies = (tender.purchaser, tender.agent, tender.centre, tender.regulator)
    return {*bidders, *(body.credit_code for body in bodies)}


def _busy(draw: Draw) -> set[int]:
    """Experts who are asked or sit for another tender on one of these days."""
    first, last = draw.meets_at, draw.meets_at + timedelta(days=draw.days)
    taken = Candidate.objects.filter(state__in=[Candidate.INVITED, Candidate.ACCEPTED])
    taken = taken.exclude(draw__stage=Draw.VOID).exclude(draw__lot__tender=draw.lot.tender)
    taken = taken.filter(draw__meets_at__lt=last).select_related("draw")
    return {row.expert_id for row in taken if row.draw.meets_at + timedelta(days=row.draw.days) > first}
