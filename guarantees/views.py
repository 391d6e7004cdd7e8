"""Pages and doors of guarantees: the list of those that concern me, one guarantee, its claim."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from guarantees import claiming
from guarantees.models import Guarantee
from guarantees.showing import claim_context, facts_of, list_context, page_context
from ledger.actor import Actor
from trading.access import access
from trading.doors import Answer, actor_of, door, page, wants_json
from trading.forms import Nothing

SHOWN = 50


@dataclass(frozen=True)
class ClaimForm:
    """How much is demanded, and why."""

    amount: Decimal
    grounds: str


def mine(actor: Actor) -> QuerySet[Guarantee]:
    """The guarantees that concern the actor's organisation."""
    code = actor.organisation
    around = Q(lot__tender__purchaser__code=code) | Q(lot__tender__agent__code=code)
    around |= Q(lot__tender__regulator__code=code)
    q = Guarantee.objects.filter(Q(party__code=code) | Q(issuer__code=code) | around)
    return q.select_related("lot__tender__purchaser", "party", "issuer").order_by("-pk")


@page("guarantees:list:view")
def index(request: HttpRequest) -> HttpResponseBase:
    """The guarantees that concern me, newest first."""
    rows = list(mine(actor_of(request))[:SHOWN])
    if wants_json(request):
        return JsonResponse({"guarantees": [facts_of(row) for row in rows]})
    return render(request, "guarantees/index.html", list_context(rows))


@page("guarantees:guarantee:view")
def show(request: HttpRequest, code: str) -> HttpResponseBase:
    """One guarantee with its movements."""
    actor = actor_of(request)
    row = access("guarantees:guarantee:view", actor, Guarantee.objects.select_related("lot__tender"), code=code)
    return (
        JsonResponse(facts_of(row)) if wants_json(request) else render(request, "object.html", page_context(row, actor))
    )


@page("guarantees:claim:form")
def claim_form(request: HttpRequest, code: str) -> HttpResponseBase:
    """The form of a claim."""
    row = access("guarantees:claim:form", actor_of(request), Guarantee.objects.all(), code=code)
    return render(request, "form.html", claim_context(row))


@door("guarantees:claim:file", ClaimForm)
def file_claim(actor: Actor, form: ClaimForm, code: str) -> Answer:
    """Demand payment."""
    row = access("guarantees:claim:file", actor, Guarantee.objects.all(), code=code)
    claiming.file_claim(row, form.amount, form.grounds, actor=actor)
    return Answer({"guarantee": code}, reverse("guarantees:show", args=[code]))


@door("guarantees:claim:pay", Nothing)
def pay_claim(actor: Actor, form: Nothing, code: str) -> Answer:  # noqa: ARG001  nothing to read
    """Pay the demand."""
    row = access("guarantees:claim:pay", actor, Guarantee.objects.all(), code=code)
    claiming.pay_claim(row, actor=actor)
    return Answer({"guarantee": code}, reverse("guarantees:show", args=[code]))
