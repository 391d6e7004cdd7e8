"""Enrolment: the operator registers parties and opens accounts; an account enrols a certificate for its key.

Enters: names, credit codes, passwords, signing requests. Leaves: parties, accounts, certificates, each with an entry.
"""

from __future__ import annotations

import re

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from ledger import cms
from ledger.act import act
from ledger.actor import Actor, Role
from ledger.errors import Reason, Refused, _, refuse, refused
from trading import authority
from trading.events import AccountOpened, CertificateIssued, PartyRegistered
from trading.models import Account, Certificate, Party

ROLES = [role for role in Role if role not in {Role.PUBLIC, Role.CLOCK}]
WITHOUT_PARTY = frozenset({Role.EXPERT, Role.OPERATOR})
CREDIT_CODE = re.compile(r"[0-9A-HJ-NP-RTUW-Y]{18}")
USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,31}")


def register_party(credit_code: str, name: str, *, actor: Actor) -> Party:
    """Register an organisation under its unified social credit code (18 characters, GB 32100)."""
    with act("trading:party:register", actor, on=None) as this:
        if not CREDIT_CODE.fullmatch(credit_code):
            refused("party.credit_code", _("A credit code has 18 digits and capital letters."))
        if Party.objects.filter(credit_code=credit_code).exists():
            refused("party.known", _("This credit code is registered already."))
        if not 2 <= len(name) <= 200:
            refused("party.name", _("The name of an organisation has 2 to 200 characters."))
        party = Party.objects.create(credit_code=credit_code, name=name)
        this.record(PartyRegistered(party.code, credit_code, name), scope=party.code)
    return party


def registered(credit_code: str) -> Party:
    """The party with this credit code; `party.unknown` when nobody registered it."""
    party = Party.objects.filter(credit_code=credit_code).first()
    if party is None:
        refused("party.unknown", _("No organisation is registered under %(credit_code)s."), credit_code=credit_code)
    return party


def _account_blockers(username: str, password: str, role: Role) -> list[Reason]:
    reasons = []
    if not USERNAME.fullmatch(username) or Account.objects.filter(username=username).exists():
        reasons.append(Reason("account.username", _("This user name is taken or is not 3 to 32 small letters.")))
    if role not in ROLES:
        reasons.append(Reason("account.role", _("Nobody can have this role.")))
    try:
        validate_password(password)
    except ValidationError:
        reasons.append(Reason("account.password", _("The password is too short or too common.")))
    return reasons


def open_account(
    username: str, password: str, role: Role, display: str, party: Party | None, *, actor: Actor
) -> Account:
    """Open an account with one role. Experts and the operator have no party; everybody else needs one."""
    with act("trading:account:open", actor, on=None) as this:
        refuse(_account_blockers(username, password, role))
        if (party is None) != (role in WITHOUT_PARTY):
            refused("account.party", _("This role needs an organisation, or must not have one."))
        account = Account(username=username, role=role.value, display=display, party=party)
        account.set_password(password)
        account.save()
        this.record(AccountOpened(account.code, role.value, party.code if party else ""), scope=account.code)
    return account


def enrol(account: Account, request_pem: str, *, actor: Actor) -> x509.Certificate:
    """Issue a certificate to `account` for the key of its signing request (PKCS 10, PEM, P-256)."""
    with act("trading:certificate:enrol", actor, on=account) as this:
        if this.on.code != actor.code:
            raise Refused(Reason("rights.relation", _("This object is not yours to act on.")))
        key = authority.read_request(request_pem)
        party = account.party
        subject = authority.name_of(
            account.display, party.name if party else "", party.credit_code if party else account.code
        )
        issued = authority.issue(authority.built_in(), subject, key, this.now)
        Certificate.objects.create(
            account=account,
            der=issued.public_bytes(Encoding.DER),
            fingerprint=cms.fingerprint(issued),
            not_before=issued.not_valid_before_utc,
            not_after=issued.not_valid_after_utc,
        )
        made = CertificateIssued(account.code, bytes.fromhex(cms.fingerprint(issued)), issued.not_valid_after_utc)
        this.record(made, scope=account.code)
    return issued


def certificates_of(actor: Actor) -> list[Certificate]:
    """The certificates enrolled for the actor's account, newest first."""
    return list(Certificate.objects.filter(account__code=actor.code).order_by("-pk")[:50])
