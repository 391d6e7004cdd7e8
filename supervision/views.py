"""Pages and doors of supervision: the watch desk, a lot under watch, the evidence bundles, how to check us."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import cast

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponsePermanentRedirect,
    JsonResponse,
)
from django.shortcuts import render
from django.urls import reverse

from ledger import clock
from ledger.actor import Actor
from supervision import checking, house_page, overview, verify_page
from supervision.alarming import settle
from supervision.bundling import public_bundle
from supervision.exporting import export
from supervision.models import Alarm
from supervision.trusting import log_key_text
from trading import authority, timestamping
from trading.access import access, access_lot, access_tender
from trading.doors import Answer, Download, door, page, wants_json
from trading.forms import Nothing

ZIP = "application/zip"
TEXT = "text/plain; charset=utf-8"


def asker(request: HttpRequest) -> Actor:
    """Who asks, as `page` found out."""
    return cast("Actor", request.actor)  # type: ignore[attr-defined]


def _file(data: bytes, name: str, kind: str) -> HttpResponse:
    digest = hashlib.sha256(data).hexdigest()
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Repr-Digest": f"sha-256={digest}"}
    return HttpResponse(data, content_type=kind, headers=headers)


@page("supervision:desk:view")
def desk(request: HttpRequest) -> HttpResponseBase:
    """The watch desk."""
    context = overview.desk_context(asker(request), clock.now())
    if wants_json(request):
        return JsonResponse(
            {str(one["href"])[1:]: one["value"] for one in cast("list[overview.Row]", context["numbers"])}
        )
    return render(request, "supervision/desk.html", context)


@page("supervision:lot:view")
def lot(request: HttpRequest, lot: str) -> HttpResponseBase:
    """A lot under watch: its chain, its alarms, its log."""
    return _lot(request, lot, "supervision/lot.html")


@page("supervision:lot:view")
def lot_board(request: HttpRequest, lot: str) -> HttpResponseBase:
    """The part of it that changes."""
    return _lot(request, lot, "supervision/lot_board.html")


def _lot(request: HttpRequest, code: str, template: str) -> HttpResponseBase:
    found = access_lot("supervision:lot:view", asker(request), code)
    return render(request, template, overview.lot_context(found, clock.now()))


@page("supervision:bundle:view")
def bundle(request: HttpRequest, tender: str) -> HttpResponseBase:
    """The public bundle of a tender."""
    found = access_tender("supervision:bundle:view", asker(request), tender)
    return _file(public_bundle(found), f"{found.code}.zip", ZIP)


@door("supervision:bundle:export", Nothing)
def bundle_export(actor: Actor, _form: Nothing, tender: str) -> Answer:
    """The regulator takes the private evidence."""
    found = access_tender("supervision:bundle:export", actor, tender)
    data = export(found, actor=actor)
    facts = {"digest": hashlib.sha256(data).hexdigest(), "size": len(data)}
    return Answer(facts, reverse("supervision:desk"), Download(f"{found.code}-regulator.zip", ZIP, data))


@dataclass(frozen=True)
class Settled:
    """What the regulator found: outcome found or unfounded, and a remark."""

    outcome: str
    remark: str


@door("supervision:alarm:settle", Settled)
def alarm_settle(actor: Actor, form: Settled, code: str) -> Answer:
    """Say what there was to an alarm."""
    found = access("supervision:alarm:settle", actor, Alarm.objects.select_related("lot__tender"), code=code)
    settle(found, form.outcome, form.remark, actor=actor)
    to = reverse("supervision:lot", kwargs={"lot": found.lot.code})
    return Answer({"alarm": found.code, "outcome": form.outcome}, f"{to}#alarms")


@page("supervision:log:view")
def verify(request: HttpRequest) -> HttpResponseBase:
    """How to check us, and the verifier in the page; `?tender=` names one whose bundle is at hand."""
    facts = checking.facts()
    if wants_json(request):
        return JsonResponse(facts)
    named = request.GET.get("tender", "")
    tender = access_tender("supervision:bundle:view", asker(request), named) if named else None
    script = verify_page.script_facts(tender)
    more = {"tender": tender, "groups": verify_page.groups(), "script": script}
    return render(request, "supervision/verify.html", {**facts, **more})


@page("supervision:log:view")
def verify_before(request: HttpRequest) -> HttpResponseBase:  # noqa: ARG001  the same for everybody
    """Where the page stood before."""
    return HttpResponsePermanentRedirect(reverse("verify"))


@page("supervision:house:view")
def house(request: HttpRequest) -> HttpResponseBase:
    """How the house checks itself."""
    facts = house_page.facts(asker(request))
    return JsonResponse(facts) if wants_json(request) else render(request, "supervision/house.html", facts)


@page("supervision:log:view")
def log_key(request: HttpRequest) -> HttpResponseBase:  # noqa: ARG001  the same for everybody
    """The log's key, to be kept."""
    return _file(log_key_text().encode() + b"\n", "log.key", TEXT)


@page("supervision:log:view")
def roots(request: HttpRequest) -> HttpResponseBase:  # noqa: ARG001  the same for everybody
    """The certificate roots, to be kept."""
    return _file(authority.roots_pem().encode(), "roots.pem", TEXT)


@page("supervision:log:view")
def timestamp_roots(request: HttpRequest) -> HttpResponseBase:  # noqa: ARG001  the same for everybody
    """The certificates that vouch for the timestamp authority, to be kept."""
    return _file(timestamping.roots_pem().encode(), "timestamps.pem", TEXT)
