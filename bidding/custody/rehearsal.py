"""The rehearsal: a dummy envelope that shows, before anybody bids, that the custodians' keys open (promise P13).

Enters: an envelope that the agent's own client sealed for the rehearsal's sheet (round 0), and the share of every
custodian. Leaves: entries by digest and commitment; the shares encrypted. They are the only shares taken before a
deadline, and of no use elsewhere: the sheet, and so every leaf, is bound to the tender and to round 0.
"""

from __future__ import annotations

import hashlib
from typing import Any

from django.conf import settings

from bidding.custody.composing import REHEARSAL
from bidding.custody.events import RehearsalGiven, RehearsalSealed
from bidding.custody.keys import account_of, letter_of
from bidding.envelope import stanza
from bidding.envelope.header import ENVELOPE, parse_header
from bidding.envelope.policy import BIDDER
from bidding.envelope.receiving import ReceivedHeader, check_header
from bidding.envelope.sheet import CustodySheet, LeafKey, policy_of, read_sheet
from bidding.models import Rehearsal, RehearsalShare, Sheet
from bidding.opening.lot_key import lot_key, open_record, seal_record
from bidding.opening.statement import KeptBatch, KeptShare, make_piece, make_statement, statement_digest
from ledger import cms
from ledger.act import This, act
from ledger.actor import Actor
from ledger.canon import decode, encode
from ledger.errors import Reason, Refused, _, refused
from trading.models import Tender
from trading.signatures import check_account

LONGEST = 1 << 16
NO_SHEET = Reason("bidding.no_rehearsal_sheet", _("The rehearsal's sheet is not signed by all custodians yet."))
REHEARSED = Reason("bidding.rehearsed", _("The rehearsal with these keys has been held."))
NO_ENVELOPE = Reason("bidding.no_rehearsal_envelope", _("The agent has not sealed the rehearsal's envelope yet."))
GIVEN = Reason("bidding.released", _("The shares of this leaf are in already."))
WRONG = Reason("bidding.wrong_custodian", _("This leaf of the custody sheet is not yours."))


def rehearsal_sheet(tender: Tender) -> Sheet | None:
    """The rehearsal's sheet of the present keys and policy, signed or not."""
    return Sheet.objects.filter(tender=tender, superseded=False).first()


def rehearsal_of(tender: Tender) -> Rehearsal | None:
    """The newest rehearsal that was not made void by another key or policy."""
    rows = Rehearsal.objects.filter(sheet__tender=tender, sheet__superseded=False).exclude(state=Rehearsal.VOID)
    return rows.select_related("sheet__tender__agent").order_by("-pk").first()


def _signed_sheet(tender: Tender) -> Sheet:
    row = rehearsal_sheet(tender)
    if row is None or not row.sealed:
        raise Refused(NO_SHEET)
    return row


def received(row: Rehearsal) -> ReceivedHeader:
    """The header of the rehearsal's envelope, checked as any other."""
    sheet = read_sheet(bytes(row.sheet.data))
    return check_header(bytes(row.header), sheet=sheet, submission=row.submission, size=len(row.data))


def seal_rehearsal(tender: Tender, envelope: bytes, own_share: bytes = b"", *, actor: Actor) -> Rehearsal:
    """Take the dummy envelope; under a policy with `b` with the share of that leaf. A later one takes its place.

    Refused `bidding.no_rehearsal_sheet`, `.rehearsed`, `.rehearsal_size`, `.share_mismatch`, and for the header's form.
    """
    with act("bidding:rehearsal:seal", actor, on=tender) as this:
        sheet, before = _signed_sheet(this.on), rehearsal_of(this.on)
        if before is not None and before.state == Rehearsal.OPENED:
            raise Refused(REHEARSED)
        if not 0 < len(envelope) <= LONGEST:
            refused("bidding.rehearsal_size", _("The rehearsal's envelope is empty or larger than 64 KiB."))
        content = read_sheet(bytes(sheet.data))
        header = _check(envelope, content, own_share)
        digest = hashlib.sha256(envelope).digest()
        entry = this.record(
            RehearsalSealed(
                tender.code, bytes.fromhex(sheet.digest), header.submission, digest, header.digest, len(envelope)
            )
        )
        return Rehearsal.objects.create(
            sheet=sheet, account=account_of(actor), entry=entry, submission=header.submission, digest=digest.hex(),
            header=envelope[: header.length], data=envelope,
            own_share=_sealed(tender, BIDDER, header.submission, own_share) if own_share else b"",
        )  # fmt: skip


def _check(envelope: bytes, sheet: CustodySheet, own_share: bytes) -> ReceivedHeader:
    prefix = envelope[: ENVELOPE.header]
    opening = stanza.read(parse_header(prefix).stanzas[0])
    header = check_header(prefix, sheet=sheet, submission=opening.submission, size=len(envelope))
    policy = policy_of(sheet)
    if policy.asks_bidder:
        stanza.check_share(header.opening, policy.labels.index(BIDDER), own_share)
    elif own_share:
        refused("bidding.share_mismatch", _("The share does not fit its commitment in the envelope."))
    return header


def _purpose(submission: str, leaf: str) -> str:
    return f"rehearsal/{submission}/{leaf}"


def _sealed(tender: Tender, leaf: str, submission: str, share: bytes) -> bytes:
    batch = KeptBatch(leaf, (KeptShare(submission, share),))
    return seal_record(lot_key(settings.PLATFORM_KEY, tender.code), _purpose(submission, leaf), encode(batch))


def kept_share(row: Rehearsal, leaf: str, sealed: bytes) -> bytes:
    """The share of a leaf, out of its encrypted record."""
    key = lot_key(settings.PLATFORM_KEY, read_sheet(bytes(row.sheet.data)).lot)
    share = decode(KeptBatch, open_record(key, _purpose(row.submission, leaf), sealed)).shares[0].share
    return share or b""


def give_share(tender: Tender, label: str, share: bytes, signature: bytes, *, actor: Actor) -> RehearsalShare:
    """Take a custodian's share of the rehearsal; `signature` is CMS over the statement of one piece.

    Refused `bidding.no_rehearsal_envelope`, `.rehearsed`, `.wrong_custodian`, `.released`, `.share_mismatch`,
    `signature.*`.
    """
    with act("bidding:rehearsal:give", actor, on=tender) as this:
        row = rehearsal_of(this.on)
        if row is None:
            raise Refused(NO_ENVELOPE)
        if row.state == Rehearsal.OPENED:
            raise Refused(REHEARSED)
        sheet = read_sheet(bytes(row.sheet.data))
        leaf = next((one for one in sheet.leaves if one.label == label and label[0] == letter_of(actor)), None)
        if leaf is None:
            raise Refused(WRONG)
        if row.shares.filter(leaf=label).exists():
            raise Refused(GIVEN)
        piece = make_piece(sheet, label, row.submission, bytes(row.header), share)
        statement = make_statement(sheet.lot, REHEARSAL, bytes.fromhex(row.sheet.digest), label, [piece])
        if cms.fingerprint(check_account(statement, signature, account_of(actor), this.now)) != leaf.certificate.hex():
            raise Refused(WRONG)
        return _keep(this, row, leaf, share, statement, signature)


def _keep(
    this: This[Any], row: Rehearsal, leaf: LeafKey, share: bytes, statement: bytes, signature: bytes
) -> RehearsalShare:
    index = policy_of(read_sheet(bytes(row.sheet.data))).labels.index(leaf.label)
    signed = hashlib.sha256(signature).digest()
    said = RehearsalGiven(
        this.on.code, bytes.fromhex(row.sheet.digest), bytes.fromhex(row.digest), leaf.label,
        statement_digest(statement), leaf.certificate, signed,
    )  # fmt: skip
    return RehearsalShare.objects.create(
        rehearsal=row, leaf=leaf.label, index=index, custodian=account_of(this.actor), entry=this.record(said),
        at=this.now, statement=statement, signature=signature,
        batch=_sealed(this.on, leaf.label, row.submission, share),
    )  # fmt: skip
