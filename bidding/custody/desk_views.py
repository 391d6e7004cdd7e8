"""A custodian's own pages: the openings that wait, and for each lot the page on which the shares are given."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render

from bidding.custody import duties
from bidding.custody.page import giving_context
from ledger.actor import Actor
from trading.access import access_lot
from trading.doors import page, wants_json


@page("bidding:custody:view")
def duties_page(request: HttpRequest) -> HttpResponseBase:
    """The openings that wait for this custodian."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = duties.duties(actor)
    if wants_json(request):
        keys = [{"key": key, "lots": lots} for key, lots in duties.keys_held(actor).items()]
        return JsonResponse({"openings": [duty.facts for duty in found], "keys": keys})
    return render(request, "bidding/custody_duties.html", duties.table_of(found))


@page("bidding:custody:view")
def giving_page(request: HttpRequest, lot: str) -> HttpResponseBase:
    """Where the shares of a lot are given; a page that waits asks again, and is loaded anew when the shares are due."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    context = giving_context(access_lot("bidding:custody:view", actor, lot), actor)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={} if context["reasons"] else {"HX-Refresh": "true"})
    return render(request, "bidding/custody_giving.html", context)
