"""Sheets: every custodian signs the sheet of every lot, and that of the rehearsal (sealing.md, "Policy").

Enters: CMS signatures over whole sheets. Leaves: before the notice, with the last signature, the entry
`bidding:sheet:sealed` that the notice waits for. After it a sheet that all have signed waits for its addendum
(replacing.py); only the rehearsal's, for which nobody bids, is in force at once.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import QuerySet

from bidding.custody.composing import row_of, waiting_for, wanted
from bidding.custody.keys import account_of, letter_of
from bidding.envelope.sheet import CustodySheet, LeafKey, read_sheet
from bidding.events import LeafSignature, SheetSealed, SheetSigned
from bidding.models import Sheet, SheetSignature
from ledger import cms
from ledger.act import This, act
from ledger.actor import Actor
from ledger.errors import _, refused
from trading.models import Account, Lot, Tender
from trading.signatures import check_account


def sign_sheets(tender: Tender, signatures: Mapping[str, bytes], *, actor: Actor) -> list[str]:
    """Take the custodian's CMS signatures over whole sheets, by lot code (by tender code for the rehearsal's).

    Returns the codes whose sheet is now in force. A sheet that the custodian signed before keeps that signature.
    Refused `bidding.no_sheet`, `.sheets_signed` when nothing was left to sign, `.other_certificate`, `signature.*`.
    """
    with act("bidding:sheet:sign", actor, on=tender) as this:
        if not signatures:
            refused("bidding.no_sheet", _("There is no custody sheet to sign."))
        sealed = [code for code, signature in signatures.items() if _sign(this, code, signature, account_of(actor))]
        if not this.entries:
            refused("bidding.sheets_signed", _("You have signed every sheet."))
        return sealed


def _to_sign(tender: Tender, code: str) -> Sheet:
    content = next((one for one in wanted(tender) if one.lot == code), None)
    row = row_of(tender, content) if content else None
    if row is None or row.pk not in waiting_for(tender).values_list("pk", flat=True):
        refused("bidding.no_sheet", _("There is no custody sheet to sign."))
    return row


def _sign(this: This[Tender], code: str, signature: bytes, account: Account) -> bool:
    sheet = _to_sign(this.on, code)
    data = bytes(sheet.data)
    certificate = cms.fingerprint(check_account(data, signature, account, this.now))
    leaf = _leaf_with(read_sheet(data), certificate, letter_of(this.actor))
    _row, made = SheetSignature.objects.get_or_create(sheet=sheet, label=leaf.label, defaults={"signature": signature})
    if not made:
        return False
    this.record(SheetSigned(code, sheet.round, leaf.label, bytes.fromhex(sheet.digest)), scope=code)
    if not is_signed(sheet) or (this.on.stage != "draft" and sheet.lot_id is not None):
        return False
    put_in_force(this, sheet)
    return True


def _leaf_with(sheet: CustodySheet, certificate: str, letter: str) -> LeafKey:
    for leaf in sheet.leaves:
        if leaf.certificate.hex() == certificate and leaf.label[0] == letter:
            return leaf
    return refused(
        "bidding.other_certificate", _("Sign with the certificate that stands in the sheet under your label.")
    )


def is_signed(sheet: Sheet) -> bool:
    """Whether every custodian has signed the sheet."""
    content = read_sheet(bytes(sheet.data))
    return set(sheet.signatures.values_list("label", flat=True)) == {leaf.label for leaf in content.leaves}


def put_in_force(this: This[Tender], sheet: Sheet) -> None:
    """Within an act: the sheet that all have signed is the one to seal for; an earlier one of its lot is superseded."""
    if sheet.lot_id is not None:
        Sheet.objects.filter(lot=sheet.lot_id, round=sheet.round).exclude(pk=sheet.pk).update(superseded=True)
    Sheet.objects.filter(pk=sheet.pk).update(sealed=True)
    content = read_sheet(bytes(sheet.data))
    signed = tuple(LeafSignature(row.label, bytes(row.signature)) for row in sheet.signatures.order_by("label"))
    this.record(SheetSealed(content.lot, content.round, bytes(sheet.data), signed), scope=content.lot)


def sheets_of(lot: Lot) -> QuerySet[Sheet]:
    """The sheet of the lot's present round that is in force, as a queryset of at most one."""
    return Sheet.objects.filter(lot=lot, round=lot.tender.round, sealed=True, superseded=False)


def sheet_in_force(lot: Lot) -> CustodySheet:
    """The custody sheet that envelopes for `lot` are sealed for; refused `bidding.no_sheet_in_force`."""
    row = sheets_of(lot).first()
    if row is None:
        refused("bidding.no_sheet_in_force", _("No custody sheet is in force for this lot."))
    return read_sheet(bytes(row.data))
