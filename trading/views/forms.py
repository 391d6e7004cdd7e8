"""Pages with forms: a new tender, its draft, the check before the notice, questions and addenda, the award."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from ledger import clock
from trading import publishing
from trading.access import access_lot, access_tender
from trading.doors import page, wants_json
from trading.forms import instant_or_none
from trading.models import Account
from trading.reading import drafts, machines, sides


@page("trading:tender:draft")
def new_tender(request: HttpRequest) -> HttpResponseBase:
    """The form of a new tender."""
    party = request.user.party if isinstance(request.user, Account) else None
    facts = {"title": _("Begin a tender"), "fields": drafts.tender_fields(party), "action_url": "/tenders/draft",
             "submit": _("Save the draft"), "cancel_href": "/desk"}  # fmt: skip
    return render(request, "form.html", facts)


@page("trading:tender:amend")
def draft(request: HttpRequest, code: str) -> HttpResponseBase:
    """The draft: words, lots, papers."""
    tender = access_tender("trading:tender:amend", request.actor, code)  # type: ignore[attr-defined]
    return render(request, "trading/draft.html", sides.draft_page(tender))


@page("trading:lot:draft")
def new_lot(request: HttpRequest, code: str) -> HttpResponseBase:
    """The form of a new lot."""
    tender = access_tender("trading:lot:draft", request.actor, code)  # type: ignore[attr-defined]
    facts = {"title": _("Add a lot"), "lead": tender.title, "fields": drafts.lot_fields(), "submit": _("Add the lot"),
             "action_url": f"/tenders/{code}/lots", "cancel_href": f"/tenders/{code}/draft"}  # fmt: skip
    return render(request, "form.html", facts)


@page("trading:lot:amend")
def edit_lot(request: HttpRequest, code: str) -> HttpResponseBase:
    """The form of a lot that is there."""
    lot = access_lot("trading:lot:amend", request.actor, code)  # type: ignore[attr-defined]
    facts = {"title": _("Change the lot"), "lead": lot.code, "fields": drafts.lot_fields(lot),
             "submit": _("Save the lot"), "action_url": f"/lots/{code}/amend",
             "cancel_href": f"/tenders/{lot.tender.code}/draft"}  # fmt: skip
    return render(request, "form.html", facts)


@page("trading:tender:publish")
def check(request: HttpRequest, code: str) -> HttpResponseBase:
    """Check before publishing: every line, every reason against it."""
    tender = access_tender("trading:tender:publish", request.actor, code)  # type: ignore[attr-defined]
    now = clock.now()
    deadline = instant_or_none(request.GET.get("deadline", "")) or drafts.suggested(tender, now)
    reasons = drafts.distinct(publishing.publication_blockers(tender, deadline, now))
    if wants_json(request):
        return JsonResponse(machines.check(deadline, reasons))
    facts = {"tender": tender, "deadline": deadline, "rows": drafts.summary(tender, deadline), "reasons": reasons,
             "now": now}  # fmt: skip
    return render(request, "trading/check.html", facts)


@page("trading:addendum:issue")
def questions(request: HttpRequest, code: str) -> HttpResponseBase:
    """The side's page of questions, objections and addenda."""
    tender = access_tender("trading:addendum:issue", request.actor, code)  # type: ignore[attr-defined]
    if wants_json(request):
        return JsonResponse(machines.waiting(tender, clock.now()))
    return render(request, "trading/questions.html", sides.questions_page(tender, clock.now()))


@page("trading:question:view")
def own_questions(request: HttpRequest, code: str) -> HttpResponseBase:
    """The bidder's page of own questions and objections, under the handle."""
    lot = access_lot("trading:question:view", request.actor, code)  # type: ignore[attr-defined]
    if wants_json(request):
        return JsonResponse(machines.own(lot, request.actor))  # type: ignore[attr-defined]
    return render(request, "trading/ask.html", sides.asking_page(lot, request.actor, clock.now()))  # type: ignore[attr-defined]


@page("trading:result:view")
def result(request: HttpRequest, code: str) -> HttpResponseBase:
    """Candidates, objections, award and contract of a lot."""
    lot = access_lot("trading:result:view", request.actor, code)  # type: ignore[attr-defined]
    if wants_json(request):
        return JsonResponse(machines.result(lot, request.actor, clock.now()))  # type: ignore[attr-defined]
    return render(request, "trading/result.html", sides.result_page(lot, request.actor, clock.now()))  # type: ignore[attr-defined]
