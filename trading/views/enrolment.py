"""Doors and pages of enrolment: parties, accounts, certificates."""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.hazmat.primitives.serialization import Encoding
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from ledger import clock, cms
from ledger.actor import Actor, Role
from trading import authority, enrolment
from trading.access import absent
from trading.doors import Answer, door, page, wants_json
from trading.models import Account, Party
from trading.words import ROLES


@dataclass(frozen=True)
class PartyForm:
    """An organisation: its unified social credit code and name."""

    credit_code: str
    name: str


@door("trading:party:register", PartyForm)
def register(actor: Actor, form: PartyForm) -> Answer:
    """Register an organisation."""
    party = enrolment.register_party(form.credit_code, form.name, actor=actor)
    return Answer({"party": party.code, "credit_code": party.credit_code, "name": party.name}, "/enrolment")


@dataclass(frozen=True)
class AccountForm:
    """An account: `party` is a credit code, left out for experts and operators."""

    username: str
    password: str
    role: Role
    display: str
    party: str | None = None


@door("trading:account:open", AccountForm)
def open_account(actor: Actor, form: AccountForm) -> Answer:
    """Open an account."""
    party = enrolment.registered(form.party) if form.party else None
    account = enrolment.open_account(form.username, form.password, form.role, form.display, party, actor=actor)
    return Answer({"account": account.code, "username": account.username, "role": account.role}, "/enrolment")


@dataclass(frozen=True)
class RequestForm:
    """A certificate signing request (PKCS 10, PEM, P-256)."""

    request: str


@door("trading:certificate:enrol", RequestForm)
def enrol(actor: Actor, form: RequestForm) -> Answer:
    """Issue a certificate for the key of the request."""
    account = Account.objects.select_related("party").filter(code=actor.code).first()
    if account is None:
        raise absent()
    issued = enrolment.enrol(account, form.request, actor=actor)
    facts = {
        "certificate": issued.public_bytes(Encoding.PEM).decode(),
        "roots": authority.roots_pem(),
        "fingerprint": cms.fingerprint(issued),
        "not_after": issued.not_valid_after_utc.isoformat(),
    }
    return Answer(facts, "/certificates")


@page("trading:certificate:view")
def certificates(request: HttpRequest) -> HttpResponseBase:
    """The signed-in account's certificates and how to get one."""
    rows = enrolment.certificates_of(request.actor)  # type: ignore[attr-defined]
    if wants_json(request):
        return JsonResponse({"certificates": [row.facts for row in rows], "roots": authority.roots_pem()})
    facts = {"rows": rows, "roots": authority.roots_pem(), "now": clock.now()}
    return render(request, "trading/certificates.html", facts)


@page("trading:party:view")
def register_desk(request: HttpRequest) -> HttpResponseBase:
    """The operator's register: parties and the forms of enrolment."""
    parties = list(Party.objects.order_by("-pk")[:200])
    roles = [{"value": role.value, "label": _(ROLES[role])} for role in enrolment.ROLES]
    return render(request, "trading/enrolment.html", {"parties": parties, "roles": roles})
