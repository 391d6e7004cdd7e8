"""The desk: what waits for me, what I can do, the tenders of my organisation."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from ledger import clock
from trading import desks
from trading.doors import page, wants_json
from trading.reading import portal
from trading.words import ROLES


@page("trading:desk:view")
def desk(request: HttpRequest) -> HttpResponseBase:
    """The desk of whoever is signed in."""
    now, actor = clock.now(), request.actor  # type: ignore[attr-defined]
    tasks = desks.waiting(actor, now)
    if wants_json(request):
        return JsonResponse({"role": actor.role.value, "waiting": [item.facts for item in tasks]})
    facts = {
        "title": _("Desk of the %(role)s") % {"role": _(ROLES[actor.role])},
        "lead": portal.said_name(request.user),
        "tasks": tasks,
        "actions": desks.actions(actor, now),
        "tenders": portal.own_tenders(actor),
    }
    return render(request, "trading/desk.html", facts)
