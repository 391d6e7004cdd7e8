"""Doors and pages of a bidder: the desk of a lot, receipts, withdrawal; and the check of receipts for everybody."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from bidding.models import Envelope
from bidding.submission import facts as bid_desk
from bidding.submission import receipt, withdrawal
from bidding.submission.page import desk_context, said, withdraw_context
from bidding.submission.receipts import as_file
from guarantees.lodging import lodge
from ledger.actor import Actor
from ledger.errors import Refused
from trading import authority
from trading.access import absent, access_lot
from trading.doors import Answer, door, page, wants_json
from trading.handles import handle_for


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
    """A receipt file, the same every time."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    given = bid_desk.own_answer(access_lot("bidding:receipt:view", actor, lot), actor, number)
    return JsonResponse(
        as_file(given), headers={"Content-Disposition": f'attachment; filename="receipt-{number}.json"'}
    )


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


def verify(request: HttpRequest) -> HttpResponseBase:
    """Check a pasted receipt; nothing is stored, nobody needs to sign in."""
    text = request.POST.get("receipt", "")
    facts: dict[str, object] = {"text": text, "rows": [], "reasons": []}
    if request.method == "POST":
        try:
            checked = receipt.check_receipt(receipt.parse_receipt(text), authority.roots())
            facts |= {"checked": checked, "rows": said(checked), "leaf": checked.leaf_hash.hex()}
        except Refused as error:
            facts["reasons"] = error.reasons
    return render(request, "bidding/verify.html", facts, status=422 if facts["reasons"] else 200)


verify.act_name = "bidding:receipt:verify"  # type: ignore[attr-defined]
