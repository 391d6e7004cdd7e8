"""Doors and pages of a bidder: the desk of a lot, receipts, withdrawal; and the check of receipts for everybody."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from bidding import desk, receipt, withdrawal
from bidding.receipts import as_file
from guarantees.lodging import lodge
from ledger.actor import Actor
from ledger.errors import Refused
from trading import authority
from trading.access import access_lot
from trading.doors import Answer, door, page, wants_json
from trading.handles import handle_for


@page("bidding:desk:view")
def desk_page(request: HttpRequest, lot: str) -> HttpResponseBase:
    """The bidder's desk for a lot."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    facts = desk.desk_facts(access_lot("bidding:desk:view", actor, lot), actor)
    if wants_json(request):
        return JsonResponse(facts)
    urls = {"tus": reverse("bidding:tus"), "here": request.path}
    return render(request, "bidding/desk.html", {"desk": facts, "sealing": {**facts, "urls": urls}})


@page("bidding:receipt:view")
def submission(request: HttpRequest, lot: str, id: str) -> HttpResponseBase:  # noqa: A002  the word of the protocol
    """Did my id arrive?"""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return JsonResponse(desk.submission_facts(access_lot("bidding:receipt:view", actor, lot), actor, id))


@page("bidding:receipt:view")
def own_receipt(request: HttpRequest, lot: str, number: str) -> HttpResponseBase:
    """A receipt file, the same every time."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    given = desk.own_answer(access_lot("bidding:receipt:view", actor, lot), actor, number)
    return JsonResponse(
        as_file(given), headers={"Content-Disposition": f'attachment; filename="receipt-{number}.json"'}
    )


@page("bidding:receipt:view")
def proof(request: HttpRequest, lot: str, number: str) -> HttpResponseBase:
    """The inclusion proof of a receipt."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    given = desk.own_answer(access_lot("bidding:receipt:view", actor, lot), actor, number)
    return JsonResponse(desk.proof_facts(given))


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


def verify(request: HttpRequest) -> HttpResponseBase:
    """Check a pasted receipt; nothing is stored, nobody needs to sign in."""
    text, found, refusal = request.POST.get("receipt", ""), None, None
    if request.method == "POST":
        try:
            found = receipt.check_receipt(receipt.parse_receipt(text), authority.roots())
        except Refused as error:
            refusal = error
    says = json.loads(text)["says"] if found else {}
    facts = {"text": text, "found": found, "says": says, "reasons": refusal.reasons if refusal else []}
    return render(request, "bidding/verify.html", facts, status=422 if refusal else 200)


verify.act_name = "bidding:receipt:verify"  # type: ignore[attr-defined]
