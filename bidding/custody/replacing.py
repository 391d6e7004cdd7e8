"""Replacing: after the notice a lost or stolen key means new sheets, brought by an addendum (sealing.md, "Policy").

Enters: sheets that all custodians have signed, rehearsed with the new keys; the words of an addendum. Leaves: the
addendum with the deadline moved by its rule, the new sheets in force, and every live envelope under the old ones stale:
its bidder is told on the own desk to seal again. One veiled entry a lot names the stale receipts, the empty list too,
so that nobody learns whether anybody had bid. After the deadline nobody seals again: the opening waits.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from bidding.custody.composing import sheets_for, wanted
from bidding.custody.events import EnvelopesStale
from bidding.custody.keys import WAITS
from bidding.custody.rehearsal import rehearsal_of
from bidding.custody.sheets import is_signed, put_in_force, sheets_of
from bidding.envelope.sheet import sheet_digest
from bidding.models import Rehearsal, Sheet, StaleEnvelope
from bidding.submission.standings import live_envelopes
from ledger.act import This, act, veiled
from ledger.actor import Actor
from ledger.errors import Reason, _, refuse
from trading import addenda
from trading.addenda import AddendumDraft, lawful_deadline
from trading.models import Lot, Notice, Tender
from trading.stages import Stage

NO_NEW_KEYS = Reason(
    "bidding.no_new_keys", _("No key was replaced: the sheets in force are those of the present keys.")
)
UNSIGNED = Reason("bidding.sheets_unsigned", _("Not every custodian has signed the new custody sheets."))
UNREHEARSED = Reason("trading.no_rehearsal", _("The custodians have not opened a rehearsal with their keys yet."))


def lots_bidding(tender: Tender) -> list[Lot]:
    """The lots that still take bids, locked within an act."""
    rows = Lot.objects.select_for_update(of=("self",)).select_related("tender").filter(tender=tender)
    return list(rows.filter(stage=Stage.BIDDING).order_by("number"))


def new_sheets(tender: Tender) -> list[Sheet]:
    """The sheets of lots that wait to take the place of those in force."""
    digests = {sheet_digest(one).hex() for one in wanted(tender)}
    return list(sheets_for(tender).filter(lot__isnull=False, sealed=False, digest__in=digests).select_related("lot"))


def is_replacing(tender: Tender) -> bool:
    """Whether a published tender has keys that its sheets in force do not have."""
    return tender.stage != "draft" and bool(new_sheets(tender) or not wanted(tender))


def replacing_blockers(tender: Tender, at: datetime) -> list[Reason]:
    """Why the sheets cannot be replaced at `at`, whatever the addendum says."""
    if tender.deadline is None or at >= tender.deadline:
        return [WAITS]
    sheets = new_sheets(tender)
    if not sheets:
        return [NO_NEW_KEYS]
    rehearsal = rehearsal_of(tender)
    held = rehearsal is not None and rehearsal.state == Rehearsal.OPENED
    signed = all(is_signed(sheet) for sheet in sheets)
    return [*([] if signed else [UNSIGNED]), *([] if held else [UNREHEARSED])]


def replace_sheets(tender: Tender, draft: AddendumDraft, *, actor: Actor) -> Notice:
    """Put the new sheets in force by an addendum; without a deadline of its own it takes the first lawful one.

    Refused `bidding.no_new_keys`, `.sheets_unsigned`, `.opening_waits`, `trading.no_rehearsal`, `trading.*` of addenda.
    """
    with act("bidding:sheet:replace", actor, on=tender) as this:
        refuse(replacing_blockers(this.on, this.now))
        lots = {lot.pk: lot for lot in lots_bidding(this.on)}
        deadline = draft.deadline or lawful_deadline(this.on, this.now)
        notice = addenda.give_within(this, replace(draft, material=True, deadline=deadline))
        for sheet in new_sheets(this.on):
            if sheet.lot_id in lots:
                _replace(this, lots[sheet.lot_id], sheet)
    return notice


def _replace(this: This[Any], lot: Lot, sheet: Sheet) -> None:
    before = set(sheets_of(lot).values_list("digest", flat=True))
    stale = [row for row in live_envelopes(lot) if row.sheet in before]
    put_in_force(this, sheet)
    numbers = tuple(sorted(row.number for row in stale))
    happened = EnvelopesStale(lot.code, sheet.round, bytes.fromhex(sheet.digest), numbers)
    entry = this.record(veiled(happened), scope=lot.code)
    for row in stale:
        StaleEnvelope.objects.create(envelope=row, sheet=sheet.digest, entry=entry, at=this.now)
