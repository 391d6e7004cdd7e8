"""Releasing: a custodian gives the shares of a whole lot in one signed batch (sealing.md, "Opening" 2, 3).

Enters: for every counted envelope the share of the custodian's leaf (16 bytes) or None, "does not open", and a CMS
signature over the statement of it. Leaves: an entry that names commitments, and the shares encrypted in a private row.
Nothing is taken before the bids are counted; a share that does not fit its commitment is as if it were not given.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from bidding.custody.keys import letter_of
from bidding.custody.sheets import sheet_in_force
from bidding.envelope.sheet import CustodySheet, LeafKey, policy_of, sheet_digest
from bidding.hall.entering import PAUSED, READ_ALREADY, hall_of
from bidding.hall.hours import WAITING_OVER, is_ended
from bidding.models import Envelope
from bidding.models.opening import Release
from bidding.opening.counted import closing_blockers, live_envelopes
from bidding.opening.events import SharesReleased
from bidding.opening.quorum import open_batch, releases, seal_batch
from bidding.opening.statement import KeptBatch, KeptShare, make_piece, make_statement, statement_digest
from ledger import cms
from ledger.act import This, act
from ledger.actor import Actor
from ledger.errors import Reason, Refused, _, refuse
from trading.models import Account, Lot
from trading.signatures import check_account
from trading.stages import Stage

TOO_EARLY = Reason("bidding.too_early", _("No share is taken before the bids of the lot are counted."))
WRONG = Reason("bidding.wrong_custodian", _("This leaf of the custody sheet is not yours."))
RELEASED = Reason("bidding.released", _("The shares of this leaf are in already."))
INCOMPLETE = Reason(
    "bidding.batch_incomplete", _("A batch has a share or a testimony for every counted envelope, and no other.")
)


@dataclass(frozen=True)
class Batch:
    """What a custodian posts: leaf label, share by receipt number (None: does not open), CMS over the statement."""

    leaf: str
    shares: Mapping[str, bytes | None]
    signature: bytes


def release_blockers(lot: Lot, leaf: str) -> list[Reason]:
    """Why no batch for `leaf` ("": the sheet has none of yours) is taken now, whatever is in it."""
    hall = hall_of(lot)
    reasons = closing_blockers(lot) if leaf else [WRONG]
    if lot.paused:
        reasons.append(PAUSED)
    if hall is not None and hall.read_at is not None:
        reasons.append(READ_ALREADY)
    elif is_ended(lot):
        reasons.append(WAITING_OVER)
    if releases(lot).filter(leaf=leaf).exists():
        reasons.append(RELEASED)
    return reasons


def release(lot: Lot, batch: Batch, *, actor: Actor) -> Release:
    """Take the batch of one custodian.

    The same batch a second time, from a client whose line dropped before the answer, is answered by the first release.
    Refused `bidding.too_early`, `.wrong_custodian`, `.released`, `.batch_incomplete`, `.share_mismatch`, `signature.*`.
    """
    before = _given_before(lot, batch, actor)
    if before is not None:
        return before
    if lot.stage in {Stage.DRAFT, Stage.BIDDING, Stage.CLOSING}:
        raise Refused(TOO_EARLY)
    with act("bidding:share:release", actor, on=lot) as this:
        sheet = sheet_in_force(this.on)
        leaf = _own_leaf(sheet, batch.leaf, actor)
        refuse(release_blockers(this.on, batch.leaf))
        envelopes = live_envelopes(this.on)
        if set(batch.shares) != {envelope.number for envelope in envelopes}:
            raise Refused(INCOMPLETE)
        statement = _statement(this.on, sheet, batch, envelopes)
        account = Account.objects.get(code=actor.code)
        if cms.fingerprint(check_account(statement, batch.signature, account, this.now)) != leaf.certificate.hex():
            raise Refused(WRONG)
        return _keep(this, sheet, leaf, batch, statement, account)


def _given_before(lot: Lot, batch: Batch, actor: Actor) -> Release | None:
    """The release that this very person made of these very shares."""
    row = releases(lot).filter(leaf=batch.leaf, custodian__code=actor.code).first()
    if row is None:
        return None
    kept = {one.receipt: one.share for one in open_batch(lot, row).shares}
    return row if kept == dict(batch.shares) else None


def _own_leaf(sheet: CustodySheet, label: str, actor: Actor) -> LeafKey:
    found = next((leaf for leaf in sheet.leaves if leaf.label == label), None)
    if found is None or letter_of(actor) != label[0]:
        raise Refused(WRONG)
    return found


def _statement(lot: Lot, sheet: CustodySheet, batch: Batch, envelopes: list[Envelope]) -> bytes:
    """The bytes that must be signed; refused with a reason for every share that does not fit its envelope."""
    pieces, reasons = [], []
    for envelope in sorted(envelopes, key=attrgetter("number")):
        try:
            share = batch.shares[envelope.number]
            pieces.append(make_piece(sheet, batch.leaf, envelope.number, bytes(envelope.header), share))
        except Refused as refusal:
            reasons += [Reason(one.code, one.text, {"receipt": envelope.number}) for one in refusal.reasons]
    refuse(reasons)
    return make_statement(lot.code, lot.tender.round, sheet_digest(sheet), batch.leaf, pieces)


def _keep(
    this: This[Any], sheet: CustodySheet, leaf: LeafKey, batch: Batch, statement: bytes, account: Account
) -> Release:
    lot, index = this.on, policy_of(sheet).labels.index(leaf.label)
    closed = tuple(sorted(number for number, share in batch.shares.items() if share is None))
    digest, count = statement_digest(statement), len(batch.shares)
    signed = hashlib.sha256(batch.signature).digest()
    entry = this.record(
        SharesReleased(lot.code, sheet.round, leaf.label, digest, leaf.certificate, count, closed, signed),
        scope=lot.code,
    )
    kept = KeptBatch(leaf.label, tuple(KeptShare(number, share) for number, share in sorted(batch.shares.items())))
    return Release.objects.create(
        lot=lot, round=sheet.round, leaf=leaf.label, index=index, custodian=account, entry=entry, at=this.now,
        statement=statement, signature=batch.signature, batch=seal_batch(lot, kept),
    )  # fmt: skip
