"""The page of outages for everybody: the rule before it is needed, the heartbeat, what happened; and the two doors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from ledger import clock
from ledger.actor import Actor
from trading import extending
from trading.access import access
from trading.doors import Answer, door, page, wants_json
from trading.forms import Nothing
from trading.models import Outage
from trading.reading import outage_rows


@page("trading:outage:view")
def outages_page(request: HttpRequest) -> HttpResponseBase:
    """The rule, the heartbeat, the outages and what they moved."""
    if wants_json(request):
        return JsonResponse(outage_rows.facts())
    context = outage_rows.context(request.actor, clock.now())  # type: ignore[attr-defined]
    return render(request, "trading/outages.html", context)


@dataclass(frozen=True)
class OutageForm:
    """From when to when nothing could be handed in (no end: it goes on), and why."""

    begin: datetime
    reason: str
    end: datetime | None = None


@door("trading:outage:declare", OutageForm)
def declare_outage(actor: Actor, form: OutageForm) -> Answer:
    """Operator or regulator declares an outage."""
    made = extending.declare(form.begin, form.end, form.reason, actor=actor)
    return Answer({"outage": made.code}, reverse("trading:outages"))


@door("trading:outage:end", Nothing)
def end_outage(actor: Actor, _form: Nothing, code: str) -> Answer:
    """A declared outage is over."""
    made = extending.end(access("trading:outage:end", actor, Outage.objects.all(), code=code), actor=actor)
    return Answer({"outage": made.code, "end": made.end.isoformat() if made.end else None}, reverse("trading:outages"))
