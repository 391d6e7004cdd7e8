"""Doors and pages of a bidder: the desk of a lot, receipts, withdrawal."""

from __future__ import annotations

import io
from dataclasses import dataclass

from django.http import FileResponse, HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from bidding.models import Envelope
from bidding.submission import facts as bid_desk
from bidding.submission import papers, withdrawal
from bidding.submission.page import desk_context, withdraw_context
from bidding.submission.receipts import as_complete_file, as_file
from guarantees.lodging import lodge
from ledger import objects
from ledger.actor import Actor
from trading.access import absent, access_lot
from trading.doors import Answer, door, page, wants_json
from trading.handles import handle_for
from trading.models import Party

SEALED = "application/octet-stream"


@page("bidding:desk:view")
def desk_page(request: HttpRequest, lot: str) -> HttpResponseBase:
    """The bidder's desk for a lot."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    row = access_lot("bidding:desk:view", actor, lot)
    facts = bid_desk.desk_facts(row, actor)
    if wants_json(request):
        return JsonResponse(facts)
    return render(request, "bidding/desk.html", desk_context(row, actor, facts))


@page("bidding:receipt:view")
def submission(request: HttpRequest, lot: str, id: str) -> HttpResponseBase:  # noqa: A002  the word of the protocol
    """Did my id arrive?"""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return JsonResponse(bid_desk.submission_facts(access_lot("bidding:receipt:view", actor, lot), actor, id))


@page("bidding:receipt:view")
def own_receipt(request: HttpRequest, lot: str, number: str) -> HttpResponseBase:
    """A receipt file: the signed record, the same every time; timestamp and inclusion proof once they are there."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    given = bid_desk.own_answer(access_lot("bidding:receipt:view", actor, lot), actor, number)
    return JsonResponse(
        as_complete_file(given), headers={"Content-Disposition": f'attachment; filename="receipt-{number}.json"'}
    )


@page("bidding:receipt:view")
def own_envelope(request: HttpRequest, lot: str, number: str) -> HttpResponseBase:
    """The own sealed file as it lies here, for whoever wants to look at what was sent."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    given = bid_desk.own_answer(access_lot("bidding:receipt:view", actor, lot), actor, number)
    if not isinstance(given, Envelope):
        raise absent()
    sealed = objects.store().open(given.object)
    return FileResponse(sealed, as_attachment=True, filename=f"bid-{number}.age", content_type=SEALED)


@page("bidding:desk:view")
def blank(request: HttpRequest, lot: str, paper: str) -> HttpResponseBase:
    """The blank of a paper, made for the lot."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    row = access_lot("bidding:desk:view", actor, lot)
    name, data, kind = papers.blank(row, Party.objects.get(code=actor.organisation), paper)
    return FileResponse(io.BytesIO(data), as_attachment=True, filename=name, content_type=kind)


@page("bidding:receipt:view")
def proof(request: HttpRequest, lot: str, number: str) -> HttpResponseBase:
    """The inclusion proof of a receipt."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    given = bid_desk.own_answer(access_lot("bidding:receipt:view", actor, lot), actor, number)
    return JsonResponse(bid_desk.proof_facts(given))


@page("bidding:receipt:view")
def withdraw_form(request: HttpRequest, lot: str, number: str) -> HttpResponseBase:
    """Asks once more before a withdrawal."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    row = access_lot("bidding:receipt:view", actor, lot)
    given = bid_desk.own_answer(row, actor, number)
    if not isinstance(given, Envelope):
        raise absent()
    return render(request, "bidding/withdraw.html", withdraw_context(row, given))


@dataclass(frozen=True)
class WithdrawForm:
    """The receipt number of the live envelope."""

    number: str


@door("bidding:envelope:withdraw", WithdrawForm)
def withdraw(actor: Actor, form: WithdrawForm, lot: str) -> Answer:
    """Withdraw the live envelope."""
    row = access_lot("bidding:envelope:withdraw", actor, lot)
    given = withdrawal.withdraw(row, handle_for(row, actor), form.number, actor=actor)
    return Answer({"receipt": as_file(given)}, reverse("bidding:desk", kwargs={"lot": lot}))


@dataclass(frozen=True)
class CoverForm:
    """A cover sealed to the key of one use that travels in the bid."""

    sealed: bytes


@door("guarantees:cover:lodge", CoverForm)
def cover(actor: Actor, form: CoverForm, lot: str) -> Answer:
    """Lodge a sealed cover under the bidder's handle."""
    row = access_lot("guarantees:cover:lodge", actor, lot)
    lodge(row, handle_for(row, actor), form.sealed, actor=actor)
    return Answer({"lot": lot}, reverse("bidding:desk", kwargs={"lot": lot}))
