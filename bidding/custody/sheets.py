"""Custody: each custodian registers a public key for a tender, then signs the sheet of every lot (sealing.md).

Enters: public keys and CMS signatures. Leaves: key entries, sheets, and, when the last custodian has signed, the entry
`bidding:sheet:sealed` that the notice waits for. No private key ever reaches the site. A key may be replaced until the
notice: later it would tell whether anybody has sealed already.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import QuerySet

from bidding.custody.key_statement import POLICY, key_record
from bidding.envelope.sheet import CustodySheet, LeafKey, make_sheet, policy_of, read_sheet, sheet_digest
from bidding.events import KeyRegistered, LeafSignature, SheetSealed, SheetSigned
from bidding.models import CustodyKey, Sheet, SheetSignature
from bidding.rules import BODIES
from ledger import cms
from ledger.act import This, act
from ledger.actor import Actor
from ledger.canon import encode
from ledger.errors import _, refused
from trading.models import Account, Lot, Tender
from trading.signatures import check_account


def label_of(actor: Actor) -> str:
    """The leaf under which the actor's body stands in the policy."""
    return BODIES[actor.role]


def _account(actor: Actor) -> Account:
    return Account.objects.select_related("party").get(code=actor.code)


def _holder(account: Account) -> str:
    return account.party.credit_code if account.party else ""


def register_key(tender: Tender, key: bytes, signature: bytes, *, actor: Actor) -> CustodyKey:
    """Take the custodian's public key (32 bytes) for all lots of `tender`; `signature` is CMS over `key_record`.

    A sheet that held the earlier key is superseded, signed or not. Refused `signature.*`, `bidding.point`,
    `bidding.low_order`, and `bidding.sheet_*` when two custodians hold the same key.
    """
    with act("bidding:key:register", actor, on=tender) as this:
        account, label, number = _account(actor), label_of(actor), this.on.round
        data = key_record(tender.code, number, label, _holder(account), key)
        certificate = cms.fingerprint(check_account(data, signature, account, this.now))
        facts = {"account": account, "holder": _holder(account), "certificate": certificate}
        made, _new = CustodyKey.objects.update_or_create(
            tender=this.on, round=number, label=label, defaults={**facts, "key": key, "signature": signature}
        )
        this.record(
            KeyRegistered(tender.code, number, label, made.holder, bytes.fromhex(certificate), key), scope=tender.code
        )
        for lot in Lot.objects.filter(tender=this.on):
            _compose(lot, number)
    return made


def _compose(lot: Lot, number: int) -> None:
    """Write the sheet that follows from the registered keys, unless it stands already or a key is missing."""
    keys = {key.label: key for key in CustodyKey.objects.filter(tender=lot.tender_id, round=number)}
    if set(keys) != set(BODIES.values()):
        return
    leaves = [
        LeafKey(label, keys[label].holder, bytes.fromhex(keys[label].certificate), bytes(keys[label].key))
        for label in sorted(keys)
    ]
    sheet = make_sheet(lot.code, number, POLICY, leaves)
    digest = sheet_digest(sheet).hex()
    Sheet.objects.filter(lot=lot, round=number).exclude(digest=digest).update(superseded=True)
    Sheet.objects.update_or_create(
        digest=digest, defaults={"lot": lot, "round": number, "data": encode(sheet), "superseded": False}
    )


def sign_sheets(tender: Tender, signatures: Mapping[str, bytes], *, actor: Actor) -> list[str]:
    """Take the custodian's CMS signatures over whole sheets, by lot code. Returns the lots whose sheet is now in force.

    Refused `bidding.no_sheet`, `signature.*`, `bidding.other_certificate`.
    """
    with act("bidding:sheet:sign", actor, on=tender) as this:
        if not signatures:
            refused("bidding.no_sheet", _("There is no custody sheet to sign."))
        return [code for code, signature in signatures.items() if _sign(this, code, signature, _account(actor))]


def _sign(this: This[Tender], code: str, signature: bytes, account: Account) -> bool:
    sheet = Sheet.objects.filter(lot__tender=this.on, lot__code=code, round=this.on.round, superseded=False).first()
    if sheet is None:
        refused("bidding.no_sheet", _("There is no custody sheet to sign."))
    label, data = label_of(this.actor), bytes(sheet.data)
    certificate = check_account(data, signature, account, this.now)
    leaf = next(leaf for leaf in read_sheet(data).leaves if leaf.label == label)
    if leaf.certificate.hex() != cms.fingerprint(certificate):
        refused("bidding.other_certificate", _("Sign with the certificate that stands in the sheet under your label."))
    SheetSignature.objects.update_or_create(sheet=sheet, label=label, defaults={"signature": signature})
    this.record(SheetSigned(code, sheet.round, label, bytes.fromhex(sheet.digest)), scope=code)
    return _seal(this, sheet)


def _seal(this: This[Tender], sheet: Sheet) -> bool:
    """Put the sheet in force once every leaf has signed."""
    signed = {row.label: bytes(row.signature) for row in sheet.signatures.all()}
    content = read_sheet(bytes(sheet.data))
    if set(signed) != set(policy_of(content).labels):
        return False
    Sheet.objects.filter(pk=sheet.pk).update(sealed=True)
    signatures = tuple(LeafSignature(label, signed[label]) for label in sorted(signed))
    this.record(SheetSealed(content.lot, content.round, bytes(sheet.data), signatures), scope=content.lot)
    return True


def sheets_of(lot: Lot) -> QuerySet[Sheet]:
    """The sheet of the lot's present round that is in force, as a queryset of at most one."""
    return Sheet.objects.filter(lot=lot, round=lot.tender.round, sealed=True, superseded=False)


def sheet_in_force(lot: Lot) -> CustodySheet:
    """The custody sheet that envelopes for `lot` are sealed for; refused `bidding.no_sheet`."""
    row = sheets_of(lot).first()
    if row is None:
        refused("bidding.no_sheet_in_force", _("No custody sheet is in force for this lot."))
    return read_sheet(bytes(row.data))
