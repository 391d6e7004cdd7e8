"""Keys: each custodian registers a public key for a tender under a leaf of the policy (sealing.md, "Policy").

Enters: a point, a label, a CMS signature. Leaves: the key's entry, and the sheets written anew, to be signed by all. No
private key ever reaches the site. Until the notice a key is simply replaced. After it, and before the deadline, a new
key leads to new sheets that wait for an addendum (replacing.py): what is in force stays so until then, whether or not
anybody has sealed already, so that replacing tells nobody. The very same key again is the same request again, after an
answer that did not arrive: it changes nothing.
"""

from __future__ import annotations

from typing import Any

from bidding.custody.composing import UnchangedError, compose, custodians, policy_for
from bidding.custody.key_statement import key_record
from bidding.envelope.sheet import CustodySheet
from bidding.events import KeyRegistered
from bidding.models import CustodyKey
from bidding.rules import BODIES
from ledger import cms
from ledger.act import This, act
from ledger.actor import Actor
from ledger.errors import Reason, Refused, _, refused
from trading.models import Account, Certificate, Lot, Tender
from trading.signatures import check_account
from trading.stages import Stage

WAITS = Reason("bidding.opening_waits", _("The deadline has passed: keys stay as they are, and the opening waits."))


def letter_of(actor: Actor) -> str:
    """The letter of the actor's body in a policy."""
    return BODIES[actor.role]


def account_of(actor: Actor) -> Account:
    """The account that acts."""
    return Account.objects.select_related("party").get(code=actor.code)


def holder_of(account: Account) -> str:
    """The credit code of the account's body."""
    return account.party.credit_code if account.party else ""


def own_labels(tender: Tender, actor: Actor) -> list[str]:
    """The leaves of the tender's policy that belong to the actor's body."""
    return [label for label in custodians(policy_for(tender)) if label[0] == letter_of(actor)]


def label_held(tender: Tender, actor: Actor) -> str:
    """The leaf under which this very person registered a key, "" without one."""
    mine = CustodyKey.objects.filter(tender=tender, round=tender.round, account__code=actor.code)
    return mine.values_list("label", flat=True).first() or ""


def label_for(tender: Tender, actor: Actor) -> str:
    """The leaf for this person: the one held, else the only one of the body, else "" (to be chosen)."""
    own = own_labels(tender, actor)
    return label_held(tender, actor) or (own[0] if len(own) == 1 else "")


def label_on(sheet: CustodySheet, actor: Actor) -> str:
    """The leaf under which one of the actor's certificates stands in a sheet, "" without one."""
    mine = set(Certificate.objects.filter(account__code=actor.code).values_list("fingerprint", flat=True))
    letter = BODIES.get(actor.role)
    found = (leaf.label for leaf in sheet.leaves if leaf.certificate.hex() in mine and leaf.label[0] == letter)
    return next(found, "")


def register_key(tender: Tender, key: bytes, signature: bytes, *, actor: Actor, label: str = "") -> CustodyKey:
    """Take the custodian's public key (32 bytes) for all lots of `tender`; `signature` is CMS over `key_record`.

    The same key under the same leaf and certificate again leaves everything as it is: no entry, no new sheet.
    Refused `bidding.wrong_leaf`, `.one_leaf`, `.opening_waits`, `.point`, `.low_order`, `.sheet_*`, `signature.*`.
    """
    try:
        with act("bidding:key:register", actor, on=tender) as this:
            return _register(this, key, signature, label)
    except UnchangedError:
        return CustodyKey.objects.get(tender=tender, round=tender.round, account__code=actor.code, key=key)


def _register(this: This[Tender], key: bytes, signature: bytes, label: str) -> CustodyKey:
    tender, number = this.on, this.on.round
    if tender.stage != "draft" and not Lot.objects.filter(tender=tender, stage=Stage.BIDDING).exists():
        raise Refused(WAITS)
    account = account_of(this.actor)
    leaf, holder = _own_leaf(tender, label, this.actor), holder_of(account)
    certificate = cms.fingerprint(
        check_account(key_record(tender.code, number, leaf, holder, key), signature, account, this.now)
    )
    facts = {"account": account, "holder": holder, "certificate": certificate, "key": key}
    place: dict[str, Any] = {"tender": tender, "round": number, "label": leaf}
    if CustodyKey.objects.filter(**place, **facts).exists():
        raise UnchangedError
    _check_distinct(tender, leaf, key, certificate)
    made, _new = CustodyKey.objects.update_or_create(**place, defaults={**facts, "signature": signature})
    this.record(KeyRegistered(tender.code, number, leaf, holder, bytes.fromhex(certificate), key), scope=tender.code)
    compose(tender)
    return made


def _own_leaf(tender: Tender, label: str, actor: Actor) -> str:
    held, leaf = label_held(tender, actor), label or label_for(tender, actor)
    if leaf not in own_labels(tender, actor):
        refused("bidding.wrong_leaf", _("Choose a leaf of the policy that belongs to your own body."))
    if held and held != leaf:
        refused("bidding.one_leaf", _("You hold another leaf already: different leaves are different persons."))
    return leaf


def _check_distinct(tender: Tender, label: str, key: bytes, certificate: str) -> None:
    others = CustodyKey.objects.filter(tender=tender, round=tender.round).exclude(label=label)
    if any(bytes(other.key) == key for other in others):
        refused("bidding.sheet_keys", _("Different leaves must have different keys."))
    if any(other.certificate == certificate for other in others):
        refused("bidding.sheet_persons", _("Different leaves must belong to different persons."))
