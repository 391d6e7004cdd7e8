"""The page of a draw: what everybody sees of it, and what agent, supervisor and centre can do now.

Enters: a lot, its live draw, the reader. Leaves: plain values for template and JSON. Only codes of this draw and what
the log holds already; who an expert is stands nowhere on it.
"""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from experts import lottery, words
from experts.invitations import drawing
from experts.log_lines import last_number, lines
from experts.models import Candidate, Draw, SeedPart
from experts.panel import live_draw
from experts.pooling import request_of
from experts.rules import body_of
from ledger.actor import Actor, Role
from ledger.rights import may
from trading.desks import Status
from trading.models import Lot

SHOWN = 40


def draw_facts(lot: Lot) -> dict[str, Any]:
    """The draw for machines; {"draw": None} before the request."""
    draw = live_draw(lot)
    if draw is None:
        return {"lot": lot.code, "draw": None}
    asked, parts = request_of(draw), _parts(draw)
    return {
        "lot": lot.code,
        "draw": draw.code,
        "stage": draw.stage,
        "needs": [{"speciality": need.speciality, "count": need.count} for need in asked.needs],
        "request_digest": lottery.request_digest(asked).hex(),
        "commitments": {body: part.commitment for body, part in parts.items()},
        "seeds": {body: part.seed for body, part in parts.items() if part.seed},
        "pool_root": draw.root,
        "candidates": draw.size,
        "order": _order(draw),
        "asked": [{"code": row.code, "state": row.state} for row in _asked(draw)],
        "record": _record_address(draw),
    }


def _parts(draw: Draw) -> dict[str, SeedPart]:
    found = {part.body: part for part in draw.parts.all()}
    return {body: found[body] for body in lottery.ROLES if body in found}


def _order(draw: Draw) -> list[str]:
    if draw.stage not in {Draw.DRAWN, Draw.COMPLETE}:
        return []
    return list(lottery.recompute(drawing(draw)).order)


def _asked(draw: Draw) -> list[Candidate]:
    return list(draw.candidates.exclude(state=Candidate.POOL).order_by("code"))


def _record_address(draw: Draw) -> str:
    return reverse("experts:draw_record", kwargs={"lot": draw.lot.code}) if draw.stage == Draw.COMPLETE else ""


def draw_context(lot: Lot, actor: Actor) -> dict[str, Any]:
    """The same for the template, with the reader's own forms."""
    draw, facts = live_draw(lot), draw_facts(lot)
    made: dict[str, Any] = {"lot": lot, "draw": draw, "facts": facts, "steps": _steps(draw)}
    made["here"] = f"{draw.stage}-{draw.parts.count()}" if draw else ""
    made |= {"entries": lines(lot, "experts"), "last": last_number(lot)}
    if draw is None:
        return made
    states = {row["code"]: row["state"] for row in facts["asked"]}
    seats = {seat.code: seat.number for seat in lot.seats.filter(sitting=True)}
    made["bodies"] = [_body(draw, body) for body in lottery.ROLES]
    made["order"] = [
        {"place": place, "code": code, "status": words.state(states.get(code, "")), "seat": seats.get(code)}
        for place, code in enumerate(facts["order"][:SHOWN], start=1)
    ]
    made["left"] = max(0, len(facts["order"]) - SHOWN)
    made["warnings"] = lottery.pool_warnings(request_of(draw), drawing(draw).pool) if facts["order"] else []
    return {**made, **_offers(lot, draw, actor)}


def _steps(draw: Draw | None) -> list[dict[str, str]]:
    titles = [_("Request for experts"), _("Commitments"), _("Frozen pool"), _("Seeds and order"), _("Panel complete")]
    reached = _reached(draw)
    state = {True: "done", False: "next"}
    return [
        {"word": title, "state": "current" if at == reached else state[at < reached]} for at, title in enumerate(titles)
    ]


def _reached(draw: Draw | None) -> int:
    if draw is None:
        return 0
    if draw.stage == Draw.REQUESTED:
        return 2 if draw.parts.count() == len(lottery.ROLES) else 1
    return {Draw.FROZEN: 3, Draw.DRAWN: 4, Draw.COMPLETE: 5}[draw.stage]


def _body(draw: Draw, body: str) -> dict[str, Any]:
    part = draw.parts.filter(body=body).first()
    if part is None:
        status = Status(_("Not committed yet"))
    else:
        status = Status(_("Seed shown"), "good", "key") if part.seed else Status(_("Committed"), "calm", "lock")
    return {"word": _(words.BODIES[body]), "status": status, "part": part}


def _offers(lot: Lot, draw: Draw, actor: Actor) -> dict[str, Any]:
    """Which forms the reader gets: each only in its step, and for the body that has it."""
    body, requested = body_of(actor, lot), draw.stage == Draw.REQUESTED
    own = draw.parts.filter(body=body).first() if body else None
    steps_in = may("experts:seed:commit", actor, lot) if body else False
    return {
        "body": body,
        "may_commit": steps_in and requested and own is None,
        "may_reveal": steps_in and draw.stage == Draw.FROZEN and own is not None and not own.seed,
        "may_freeze": may("experts:pool:freeze", actor, lot) and requested,
        "freeze_waits": draw.parts.count() < len(lottery.ROLES),
        "may_lapse": may("experts:invitation:lapse", actor, lot) and draw.stage in {Draw.DRAWN, Draw.COMPLETE},
        "may_void": may("experts:draw:void", actor, lot) and draw.stage != Draw.COMPLETE,
        "called": [row for row in _asked(draw) if row.state in {Candidate.INVITED, Candidate.ACCEPTED}],
        "is_agent": actor.role is Role.AGENT,
    }
