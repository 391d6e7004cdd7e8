"""Doors and pages of custody: policy, keys, sheets and rehearsal of a tender, and the public sheet of a lot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from bidding.custody import choosing, keys, rehearsal, replacing
from bidding.custody import sheets as custody
from bidding.custody.facts import custody_facts, lot_sheet_facts, policy_words, rehearsal_facts
from bidding.custody.page import custody_context
from bidding.submission.receipt import SIGNER
from ledger import clock, note
from ledger.actor import Actor
from ledger.published_policy import policy_text
from ledger.sequencer import log_key
from trading import authority, timestamping
from trading.access import access_lot, access_tender
from trading.addenda import AddendumDraft
from trading.doors import Answer, door, page, wants_json


@dataclass(frozen=True)
class PolicyForm:
    """A policy as text, like `2(a,c,r)`."""

    policy: str


@door("bidding:policy:choose", PolicyForm)
def choose_policy(actor: Actor, form: PolicyForm, tender: str) -> Answer:
    """Settle who together may open the bids of a tender."""
    row = access_tender("bidding:policy:choose", actor, tender)
    policy = choosing.choose_policy(row, form.policy, actor=actor)
    return Answer({"tender": tender, "policy": policy.text, "words": policy_words(policy.text)}, _back(tender))


@dataclass(frozen=True)
class KeyForm:
    """An X25519 public key (32 bytes) and the custodian's CMS signature over its record; "" is the only own leaf."""

    key: bytes
    signature: bytes
    label: str = ""


@door("bidding:key:register", KeyForm)
def register_key(actor: Actor, form: KeyForm, tender: str) -> Answer:
    """Register a custodian's key for all lots of a tender."""
    row = access_tender("bidding:key:register", actor, tender)
    made = keys.register_key(row, form.key, form.signature, actor=actor, label=form.label)
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


@dataclass(frozen=True)
class SheetsAddendumForm:
    """The addendum that brings new sheets; without a deadline it takes the first lawful one."""

    title: str
    text: str
    deadline: datetime | None = None


@door("bidding:sheet:replace", SheetsAddendumForm)
def replace_sheets(actor: Actor, form: SheetsAddendumForm, tender: str) -> Answer:
    """Put new sheets in force by an addendum."""
    row = access_tender("bidding:sheet:replace", actor, tender)
    draft = AddendumDraft(form.title, form.text, deadline=form.deadline)
    notice = replacing.replace_sheets(row, draft, actor=actor)
    return Answer({"tender": tender, "notice": notice.number}, _back(tender))


@dataclass(frozen=True)
class RehearsalForm:
    """The sealed dummy bid, and under a policy with `b` the share of that leaf."""

    envelope: bytes
    own_share: bytes = b""


@door("bidding:rehearsal:seal", RehearsalForm)
def seal_rehearsal(actor: Actor, form: RehearsalForm, tender: str) -> Answer:
    """Hand in the rehearsal's envelope."""
    row = access_tender("bidding:rehearsal:seal", actor, tender)
    made = rehearsal.seal_rehearsal(row, form.envelope, form.own_share, actor=actor)
    return Answer({"tender": tender, "submission": made.submission, "digest": made.digest}, _back(tender))


@dataclass(frozen=True)
class RehearsalShareForm:
    """A custodian's share of the rehearsal (16 bytes), and CMS over its statement."""

    leaf: str
    share: bytes
    signature: bytes


@door("bidding:rehearsal:give", RehearsalShareForm)
def give_rehearsal(actor: Actor, form: RehearsalShareForm, tender: str) -> Answer:
    """Give the share of the rehearsal."""
    row = access_tender("bidding:rehearsal:give", actor, tender)
    made = rehearsal.give_share(row, form.leaf, form.share, form.signature, actor=actor)
    return Answer({"tender": tender, "leaf": made.leaf, "at": made.at.isoformat()}, _back(tender))


@page("bidding:rehearsal:view")
def rehearsal_page(request: HttpRequest, tender: str) -> HttpResponseBase:
    """What a custodian's client checks and decrypts in the rehearsal."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return JsonResponse(rehearsal_facts(access_tender("bidding:rehearsal:view", actor, tender)))


def _back(tender: str) -> str:
    return reverse("bidding:custody", kwargs={"tender": tender})


@page("bidding:custody:view")
def custody_page(request: HttpRequest, tender: str) -> HttpResponseBase:
    """What the custodian still has to do for a tender, with every key and sheet."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    row = access_tender("bidding:custody:view", actor, tender)
    facts = custody_facts(row, actor)
    if wants_json(request):
        return JsonResponse(facts)
    return render(request, "bidding/custody.html", custody_context(row, actor, facts))


@page("bidding:sheet:view")
def sheet(request: HttpRequest, lot: str) -> HttpResponseBase:
    """The custody sheet of a lot, for everybody."""
    facts = lot_sheet_facts(access_lot("bidding:sheet:view", request.actor, lot))  # type: ignore[attr-defined]
    return JsonResponse(facts) if wants_json(request) else render(request, "bidding/sheet.html", {"sheet": facts})


@page("bidding:trust:view")
def trust(request: HttpRequest) -> HttpResponseBase:  # noqa: ARG001  the same for everybody
    """What a client pins: certificate authorities, those of timestamps, the log's verifier key, the name that signs
    receipts, the witness policy; and the clock.
    """
    log = note.verifier_key(settings.LOG_ORIGIN, note.raw_public(log_key().public_key()))
    roots, stamps = authority.roots_pem(), timestamping.roots_pem()
    facts = {"roots": roots, "timestamps": stamps, "log": log, "receipts": SIGNER, "now": clock.now().isoformat()}
    return JsonResponse({**facts, "witnesses": policy_text()})
