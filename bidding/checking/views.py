"""Pages of receipts: what belongs to one, file by file, for its bidder; and the check of a receipt for everybody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render

from bidding.checking.paper import write_paper
from bidding.checking.verifying import Verdict, verify_text
from bidding.submission.facts import attempts, own_answer
from bidding.submission.page import said
from bidding.submission.receipt import LONGEST
from bidding.submission.receipts import Answer, timestamp_of
from ledger import timestamps
from ledger.actor import Actor
from trading.access import absent, access_lot
from trading.doors import page, wants_json
from trading.models import Lot

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _token(_lot: Lot, given: Answer) -> bytes:
    found = timestamp_of(given)
    if found is None:
        raise absent()
    return bytes(found.token)


# What a receipt consists of: the ending of the file, its media type, its bytes.
PARTS: dict[str, tuple[str, str, Callable[[Lot, Answer], bytes]]] = {
    "record": ("record", "application/octet-stream", lambda _lot, given: bytes(given.record)),
    "signature": ("p7s", "application/pkcs7-signature", lambda _lot, given: bytes(given.signature)),
    "timestamp": ("tsr", timestamps.REPLY, _token),
    "paper": ("docx", DOCX, write_paper),
}


@page("bidding:receipt:view")
def receipt_part(request: HttpRequest, lot: str, number: str, part: str) -> HttpResponseBase:
    """One file of a receipt: for machines, for openssl, for people."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    row = access_lot("bidding:receipt:view", actor, lot)
    given = own_answer(row, actor, number)
    if part not in PARTS:
        raise absent()
    ending, kind, make = PARTS[part]
    named = {"Content-Disposition": f'attachment; filename="receipt-{number}.{ending}"'}
    return HttpResponse(make(row, given), content_type=kind, headers=named)


@page("bidding:receipt:view")
def own_attempts(request: HttpRequest, lot: str) -> HttpResponseBase:
    """Every attempt of the bidder to hand in a bid for the lot, with what became of it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return JsonResponse({"attempts": attempts(access_lot("bidding:receipt:view", actor, lot), actor)})


def verify(request: HttpRequest) -> HttpResponseBase:
    """Check a pasted receipt or a file; nothing is stored, nobody needs to sign in."""
    sent = request.FILES.get("file")
    text = sent.read(LONGEST).decode(errors="replace") if sent else request.POST.get("receipt", "")
    if request.method != "POST":
        return render(request, "bidding/verify.html", {"text": ""})
    verdict = verify_text(text)
    status = 200 if verdict.holds else 422
    if wants_json(request):
        return JsonResponse(_facts(verdict), status=status)
    facts: dict[str, Any] = {"text": text, "verdict": verdict, "reasons": verdict.reasons}
    if verdict.checked is not None:
        facts |= {"rows": said(verdict.checked), "leaf": verdict.checked.leaf_hash.hex()}
    return render(request, "bidding/verify.html", facts, status=status)


verify.act_name = "bidding:receipt:verify"  # type: ignore[attr-defined]


def _facts(verdict: Verdict) -> dict[str, Any]:
    steps = [{"title": one.title, "result": one.tone, "words": one.words} for one in verdict.steps]
    return {"holds": verdict.holds, "damaged": verdict.damaged, "steps": steps}
