"""Doors and pages of custody: the custodian's page of a tender, and the public sheet of a lot."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from bidding.custody import sheets as custody
from bidding.custody.facts import custody_facts, lot_sheet_facts
from bidding.submission.receipt import SIGNER
from ledger import clock, note
from ledger.actor import Actor
from ledger.sequencer import log_key
from trading import authority
from trading.access import access_lot, access_tender
from trading.doors import Answer, door, page, wants_json


@dataclass(frozen=True)
class KeyForm:
    """An X25519 public key (32 bytes) and the custodian's CMS signature over its record."""

    key: bytes
    signature: bytes


@door("bidding:key:register", KeyForm)
def register_key(actor: Actor, form: KeyForm, tender: str) -> Answer:
    """Register a custodian's key for all lots of a tender."""
    row = access_tender("bidding:key:register", actor, tender)
    made = custody.register_key(row, form.key, form.signature, actor=actor)
    return Answer({"tender": tender, "label": made.label, "certificate": made.certificate}, _back(tender))


@dataclass(frozen=True)
class SignedSheet:
    """A lot and the custodian's CMS signature over the bytes of its sheet."""

    lot: str
    signature: bytes


@dataclass(frozen=True)
class SheetsForm:
    """Signatures for as many lots of the tender as the custodian signs at once."""

    sheets: tuple[SignedSheet, ...]


@door("bidding:sheet:sign", SheetsForm)
def sign_sheets(actor: Actor, form: SheetsForm, tender: str) -> Answer:
    """Sign the sheets of a tender's lots."""
    row = access_tender("bidding:sheet:sign", actor, tender)
    sealed = custody.sign_sheets(row, {one.lot: one.signature for one in form.sheets}, actor=actor)
    return Answer({"tender": tender, "sealed": sealed}, _back(tender))


def _back(tender: str) -> str:
    return reverse("bidding:custody", kwargs={"tender": tender})


@page("bidding:custody:view")
def custody_page(request: HttpRequest, tender: str) -> HttpResponseBase:
    """What the custodian still has to do for a tender, with every key and sheet."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    facts = custody_facts(access_tender("bidding:custody:view", actor, tender), actor)
    return JsonResponse(facts) if wants_json(request) else render(request, "bidding/custody.html", {"custody": facts})


@page("bidding:sheet:view")
def sheet(request: HttpRequest, lot: str) -> HttpResponseBase:
    """The custody sheet of a lot, for everybody."""
    facts = lot_sheet_facts(access_lot("bidding:sheet:view", request.actor, lot))  # type: ignore[attr-defined]
    return JsonResponse(facts) if wants_json(request) else render(request, "bidding/sheet.html", {"sheet": facts})


@page("bidding:trust:view")
def trust(request: HttpRequest) -> HttpResponseBase:  # noqa: ARG001  the same for everybody
    """What a client pins: certificate authorities, the log's verifier key, the name that signs receipts, the clock."""
    log = note.verifier_key(settings.LOG_ORIGIN, note.raw_public(log_key().public_key()))
    facts = {"roots": authority.roots_pem(), "log": log, "receipts": SIGNER, "now": clock.now().isoformat()}
    return JsonResponse(facts)
