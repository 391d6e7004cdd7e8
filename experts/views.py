"""Doors and pages of experts: the register, the draw of a lot, invitations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from experts import invitations, panel, register
from experts.draw_page import draw_context, draw_facts
from experts.models import Candidate, Draw, Expert
from ledger import objects
from ledger.actor import Actor
from trading.access import absent, access, access_lot
from trading.doors import Answer, door, page, wants_json
from trading.forms import Nothing

SHOWN = 200


def asker(request: HttpRequest) -> Actor:
    """Who asks, as `page` found out."""
    return cast("Actor", request.actor)  # type: ignore[attr-defined]


@dataclass(frozen=True)
class ExpertForm:
    """An expert for the register; `specialities` are codes with commas between."""

    username: str
    specialities: str
    employer: str
    region: str


@door("experts:expert:register", ExpertForm)
def register_expert(actor: Actor, form: ExpertForm) -> Answer:
    """Enter an expert into the register."""
    specialities = tuple(code.strip() for code in form.specialities.split(",") if code.strip())
    expert = register.register(form.username, specialities, form.employer, form.region, actor=actor)
    return Answer({"expert": expert.code}, reverse("experts:register"))


@page("experts:register:view")
def register_page(request: HttpRequest) -> HttpResponseBase:
    """The register, as the centre sees it."""
    rows = Expert.objects.select_related("account").order_by("-pk")[:SHOWN]
    if wants_json(request):
        found = [{"expert": row.code, "specialities": row.specialities, "status": row.status} for row in rows]
        return JsonResponse({"experts": found})
    return render(request, "experts/register.html", {"experts": rows, "count": Expert.objects.count()})


@page("experts:draw:view")
def draw_page(request: HttpRequest, lot: str) -> HttpResponseBase:
    """The draw of a lot, for everybody."""
    row = access_lot("experts:draw:view", asker(request), lot)
    if wants_json(request):
        return JsonResponse(draw_facts(row))
    return render(request, "experts/draw.html", draw_context(row, asker(request)))


@page("experts:draw:view")
def draw_board(request: HttpRequest, lot: str) -> HttpResponseBase:
    """The part of it that changes."""
    row = access_lot("experts:draw:view", asker(request), lot)
    context = draw_context(row, asker(request))
    return render(request, "experts/draw_board.html", {**context, "at": request.GET.get("at", "")})


@page("experts:draw:view")
def draw_record(request: HttpRequest, lot: str) -> HttpResponseBase:
    """The drawing record, once the panel is complete."""
    draw = panel.live_draw(access_lot("experts:draw:view", asker(request), lot))
    if draw is None or not draw.record or draw.stage not in {Draw.DRAWN, Draw.COMPLETE}:
        raise absent()
    head = {"Content-Disposition": f'attachment; filename="{lot}-draw.json"'}
    return HttpResponse(objects.read(draw.record), content_type="application/json", headers=head)


def _there(lot: str) -> str:
    return reverse("experts:draw", kwargs={"lot": lot})


@dataclass(frozen=True)
class CommitmentForm:
    """SHA-256 in hex over the tag, the draw's id, the body and the seed (experts/lottery.py)."""

    commitment: str


@door("experts:seed:commit", CommitmentForm)
def seed_commit(actor: Actor, form: CommitmentForm, lot: str) -> Answer:
    """Commit to a seed."""
    part = panel.commit_seed(access_lot("experts:seed:commit", actor, lot), form.commitment, actor=actor)
    return Answer({"body": part.body}, _there(lot))


@door("experts:pool:freeze", Nothing)
def pool_freeze(actor: Actor, form: Nothing, lot: str) -> Answer:  # noqa: ARG001  the act needs no more than its object
    """Freeze the pool."""
    draw = panel.freeze_pool(access_lot("experts:pool:freeze", actor, lot), actor=actor)
    return Answer({"root": draw.root, "candidates": draw.size}, _there(lot))


@dataclass(frozen=True)
class SeedForm:
    """32 bytes in hex."""

    seed: str


@door("experts:seed:reveal", SeedForm)
def seed_reveal(actor: Actor, form: SeedForm, lot: str) -> Answer:
    """Show the seed."""
    draw = panel.reveal_seed(access_lot("experts:seed:reveal", actor, lot), form.seed, actor=actor)
    return Answer({"stage": draw.stage}, _there(lot))


@dataclass(frozen=True)
class ReasonForm:
    """Why."""

    reason: str


@door("experts:draw:void", ReasonForm)
def draw_void(actor: Actor, form: ReasonForm, lot: str) -> Answer:
    """Declare the draw void."""
    draw = panel.void(access_lot("experts:draw:void", actor, lot), form.reason, actor=actor)
    return Answer({"stage": draw.stage}, _there(lot))


@page("experts:invitations:view")
def invitations_page(request: HttpRequest) -> HttpResponseBase:
    """An expert's own invitations: when and where, never for which tender before the room is open."""
    rows = Candidate.objects.filter(expert__account__code=asker(request).code).exclude(state=Candidate.POOL)
    shown = [invitations.facts(row) for row in rows.select_related("draw__lot").order_by("-pk")[:50]]
    if wants_json(request):
        return JsonResponse({"invitations": shown})
    return render(request, "experts/invitations.html", {"invitations": shown})


@dataclass(frozen=True)
class AnswerForm:
    """Yes, or no with a reason."""

    accepts: bool
    reason: str = ""


@door("experts:invitation:answer", AnswerForm)
def invitation_answer(actor: Actor, form: AnswerForm, code: str) -> Answer:
    """Accept or decline."""
    asked = Candidate.objects.select_related("draw__lot", "expert__account")
    row = access("experts:invitation:answer", actor, asked, invitation=code)
    given = invitations.answer(row, form.reason, accepts=form.accepts, actor=actor)
    return Answer({"state": given.state}, reverse("experts:invitations"))


@door("experts:invitation:lapse", ReasonForm)
def invitation_lapse(actor: Actor, form: ReasonForm, lot: str, candidate: str) -> Answer:
    """Pass over a candidate who does not answer or did not come."""
    row = access_lot("experts:invitation:lapse", actor, lot)
    given = invitations.lapse(row, candidate, form.reason, actor=actor)
    return Answer({"state": given.state}, _there(lot))
