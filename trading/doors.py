"""Doors: the one way from outside to an act or a page, over HTTP and sockets alike.

Enters: `@door(act, form)` on a function `(actor, form, **path) -> Answer`, `@page(right)` on a view. Leaves: a view
that takes POST (form fields or JSON) and answers a redirect or JSON, a row in `DOORS` that sockets read, and the act's
name on the view, so that a test can prove that nothing is reachable that the table does not name.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from ledger import rights
from ledger.actor import NOBODY, Actor, Role
from ledger.errors import Conflict, Reason, Refused, RefusedOnRecord, SunlightError, _
from trading import forms
from trading.models import Account
from trading.telling import told

F = TypeVar("F")
View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Download:
    """A file that an act hands out: its name, its media type, its bytes."""

    name: str
    kind: str
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class Answer:
    """What a door answers: `facts` for machines, `to` where a browser goes next, or the `file` that was asked for."""

    facts: Mapping[str, object] = field(default_factory=dict)
    to: str = "/"
    file: Download | None = None


@dataclass(frozen=True)
class Door:
    """An act's door: its form and the function behind it."""

    name: str
    form: type
    run: Callable[..., Answer]

    def call(self, actor: Actor, data: Mapping[str, object], path: Mapping[str, str]) -> Answer:
        """Check the role, parse `data`, act."""
        check_role(self.name, actor)
        return self.run(actor, forms.parse(self.form, data), **path)


DOORS: dict[str, Door] = {}


def check_role(name: str, actor: Actor) -> None:
    """Refuse an actor whose role the table does not name; the object's own checks come with the act."""
    if actor.role not in rights.ACTS[name].roles:
        raise Refused(Reason("rights.role", _("Your role may not do this.")))


def actor_of(request: HttpRequest) -> Actor:
    """Who asks: the signed-in account as an actor, or nobody."""
    user = request.user
    return user.actor if isinstance(user, Account) and user.is_active else NOBODY


def wants_json(request: HttpRequest) -> bool:
    """Whether the client asks for facts instead of a page."""
    return "application/json" in (request.headers.get("Accept", ""), request.content_type)


def is_machine(request: HttpRequest) -> bool:
    """Whether a page would say nothing to the client: it asks for facts, or takes files alone (RFC 9110, 12.5.1)."""
    return wants_json(request) or not request.accepts("text/html")


def _data(request: HttpRequest, form: type) -> Mapping[str, object]:
    if request.content_type == "application/json":
        try:
            data = json.loads(request.body, parse_float=str)
        except (ValueError, RecursionError):
            data = None
        if not isinstance(data, dict):
            raise Refused(Reason("form.not_json", _("The body is not a JSON object.")))
        return data
    lists = forms.list_fields(form)
    fields = {name: request.POST.getlist(name) if name in lists else request.POST[name] for name in request.POST}
    fields.pop("csrfmiddlewaretoken", None)
    files = {n: request.FILES.getlist(n) if n in lists else request.FILES[n] for n in request.FILES}
    return {**fields, **files}


def _must_sign_in(request: HttpRequest, name: str) -> HttpResponseBase | None:
    if actor_of(request) is not NOBODY or Role.PUBLIC in rights.ACTS[name].roles:
        return None
    if is_machine(request):
        raise Refused(Reason("rights.sign_in", _("Sign in first.")))
    return redirect_to_login(request.get_full_path())


def door(name: str, form: type[F]) -> Callable[[Callable[..., Answer]], View]:
    """Make a function the door of the act `name`: POST only, signed in, strictly parsed."""

    def mark(run: Callable[..., Answer]) -> View:
        made = DOORS[name] = Door(name, form, run)

        @functools.wraps(run)
        def view(request: HttpRequest, **path: str) -> HttpResponseBase:
            if request.method != "POST":
                return HttpResponseNotAllowed(["POST"])
            stop = _must_sign_in(request, name)
            if stop is not None:
                return stop
            return _answered(request, made.call(actor_of(request), _data(request, form), path))

        view.act_name = name  # type: ignore[attr-defined]
        return cast("View", view)

    return mark


def _answered(request: HttpRequest, answer: Answer) -> HttpResponseBase:
    if wants_json(request):
        return JsonResponse(dict(answer.facts))
    if answer.file is None:
        return redirect(answer.to)
    as_file = {"Content-Disposition": f'attachment; filename="{answer.file.name}"'}
    return HttpResponse(answer.file.data, content_type=answer.file.kind, headers=as_file)


def page(name: str) -> Callable[[View], View]:
    """Make a view the page of the right `name`: GET and HEAD only; `request.actor` is who asks."""

    def mark(show: View) -> View:
        @functools.wraps(show)
        def view(request: HttpRequest, **path: str) -> HttpResponseBase:
            if request.method not in {"GET", "HEAD"}:
                return HttpResponseNotAllowed(["GET", "HEAD"])
            stop = _must_sign_in(request, name)
            if stop is not None:
                return stop
            request.actor = actor_of(request)  # type: ignore[attr-defined]
            check_role(name, request.actor)  # type: ignore[attr-defined]
            return show(request, **path)

        view.act_name = name  # type: ignore[attr-defined]
        return cast("View", view)

    return mark


def problem(error: SunlightError) -> tuple[int, dict[str, Any]]:
    """The status and RFC 9457 body of an error, for pages, API and sockets alike."""
    if isinstance(error, Refused):
        reasons = [{"code": reason.code, "text": told(reason), "facts": reason.facts} for reason in error.reasons]
        kept = {"receipt": error.receipt} if isinstance(error, RefusedOnRecord) else {}
        return status_of(error), {"title": "refused", "reasons": reasons, **kept}
    if isinstance(error, Conflict):
        text = gettext("Somebody else was faster. Look again and repeat if it still makes sense.")
        return 409, {"title": "conflict", "reasons": [{"code": "conflict", "text": text, "facts": {}}]}
    text = gettext("Stored bytes or evidence do not agree. The operators are told; nothing was changed.")
    return 500, {"title": "broken", "reasons": [{"code": "broken", "text": text, "facts": {}}]}


def status_of(error: Refused) -> int:
    """404 for absent, 401 unsigned, 403 for rights, 400 for forms, 422 for what the rules refuse."""
    code = error.reasons[0].code
    if code in {"trading.absent", "objects.absent"}:
        return 404
    if code.startswith("form."):
        return 400
    return {"rights.sign_in": 401, "rights.role": 403, "rights.relation": 403}.get(code, 422)


def answer_problem(request: HttpRequest, error: SunlightError) -> HttpResponse:
    """The answer to an error: problem+json for machines, a page with every reason for people."""
    status, body = problem(error)
    if is_machine(request):
        return JsonResponse({**body, "status": status}, status=status, content_type="application/problem+json")
    back = {"back_href": error.to} if isinstance(error, RefusedOnRecord) else {}
    return render(request, "refused.html", {"status": status, **body, **back}, status=status)
