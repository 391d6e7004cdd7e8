"""Doors of the demo: the movable clock, and the role switcher (loopback only, listed accounts, each use an entry)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from config.demo.cast import accounts
from config.demo.moving import move_to
from ledger.act import act
from ledger.actor import Actor
from ledger.errors import _, refused
from supervision.verifier.demo_events import RoleSwitched
from trading.access import absent
from trading.doors import Answer, actor_of, door

LOOPBACK = {"127.0.0.1", "::1"}


@dataclass(frozen=True)
class MoveForm:
    """The instant to move to."""

    to: datetime


@door("config:clock:move", MoveForm)
def move(actor: Actor, form: MoveForm) -> Answer:
    """Move the demo's clock forward."""
    move_to(form.to, actor=actor)
    return Answer({"to": form.to.isoformat()}, "/")


def switch(request: HttpRequest) -> HttpResponseBase:
    """Sign the visitor in as a listed account."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if request.META.get("REMOTE_ADDR") not in LOOPBACK:
        refused("config.not_loopback", _("Roles can be switched on this machine only."))
    chosen = next((account for account in accounts() if account.username == request.POST.get("account")), None)
    if chosen is None:
        raise absent()
    with act("config:role:switch", actor_of(request), on=None) as this:
        this.record(RoleSwitched(chosen.code), scope="demo")
    login(request, chosen, backend="allauth.account.auth_backends.AuthenticationBackend")
    onward = request.POST.get("next", "/")
    return redirect(onward if url_has_allowed_host_and_scheme(onward, {request.get_host()}) else "/")


switch.act_name = "config:role:switch"  # type: ignore[attr-defined]
