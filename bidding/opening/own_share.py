"""Under a policy with `b`: each bidder gives the share of the own envelope, within a window (sealing.md, "Opening" 4).

Enters: shares of 16 bytes. Leaves: an entry by commitment for each, the share encrypted; and, when all are in or the
time is over, the entry that closes the window. After it no share is taken, and before it nothing of the lot is
decrypted: so nobody decides after something was readable.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings

from bidding.custody.facts import text64
from bidding.custody.sheets import sheets_of
from bidding.envelope import stanza
from bidding.envelope.header import parse_header
from bidding.envelope.policy import BIDDER
from bidding.hall.entering import NOT_HERE, PAUSED, bids_of, hall_of, own_envelope, require_hall
from bidding.models import Envelope, Hall, OwnShare
from bidding.opening.events import ShareGiven, WindowClosed
from bidding.opening.lot_key import lot_key, open_record, seal_record
from bidding.opening.window import is_window_open
from ledger.act import act
from ledger.actor import THE_CLOCK, Actor
from ledger.errors import Conflict, Reason, Refused, _, refuse
from trading.access import absent
from trading.models import Lot
from trading.stages import Stage

NO_WINDOW = Reason("bidding.no_window", _("Under this policy no share is asked of the bidders."))
WINDOW_OVER = Reason("bidding.window_over", _("The time for the bidders' own shares is over."))
GIVEN = Reason("bidding.released", _("The shares of this leaf are in already."))


def _purpose(envelope: Envelope) -> str:
    return f"own-share/{envelope.lot.code}/{envelope.round}/{envelope.number}"


def own_share_in(lot: Lot, receipt: str) -> bytes | None:
    """The bidder's share of the envelope with this receipt number, once its entry has its place in the log."""
    given = OwnShare.objects.filter(envelope__lot=lot, envelope__number=receipt, entry__place__isnull=False)
    row = given.select_related("envelope__lot").first()
    if row is None:
        return None
    return open_record(lot_key(settings.PLATFORM_KEY, lot.code), _purpose(row.envelope), bytes(row.share))


def giving_blockers(lot: Lot, envelope: Envelope | None, at: datetime) -> list[Reason]:
    """Why no share of the bidder's is taken at `at`."""
    hall = hall_of(lot)
    if envelope is None:
        return [NOT_HERE]
    if hall is None or hall.shares_until is None:
        return [NO_WINDOW]
    reasons = [PAUSED] if lot.paused else []
    if hall.shares_ended_at is not None or at >= hall.shares_until:
        reasons.append(WINDOW_OVER)
    if OwnShare.objects.filter(envelope=envelope).exists():
        reasons.append(GIVEN)
    return reasons


def give_own_share(lot: Lot, share: bytes, *, actor: Actor) -> OwnShare:
    """Take the bidder's share (16 bytes) of the own counted envelope.

    Refused `bidding.no_bid`, `.no_window`, `.window_over`, `.released`, `.share_mismatch`.
    """
    with act("bidding:share:give", actor, on=lot) as this:
        envelope = own_envelope(this.on, actor)
        refuse(giving_blockers(this.on, envelope, this.now))
        if envelope is None:
            raise Refused(NOT_HERE)
        opening = stanza.read(parse_header(bytes(envelope.header)).stanzas[0])
        index = opening.policy.labels.index(BIDDER)
        stanza.check_share(opening, index, share)
        said = stanza.commitment(opening.context, opening.share, index, share)
        entry = this.record(ShareGiven(lot.code, envelope.round, envelope.number, said))
        sealed = seal_record(lot_key(settings.PLATFORM_KEY, lot.code), _purpose(envelope), share)
        return OwnShare.objects.create(envelope=envelope, entry=entry, share=sealed, at=this.now)


def own_share_facts(lot: Lot, actor: Actor) -> dict[str, Any]:
    """What the bidder's client needs to give the share; absent without a counted envelope."""
    envelope, sheet, hall = own_envelope(lot, actor), sheets_of(lot).first(), hall_of(lot)
    if envelope is None or sheet is None:
        raise absent()
    return {
        "lot": lot.code,
        "receipt": envelope.number,
        "submission": envelope.submission,
        "size": envelope.size,
        "header": text64(envelope.header),
        "sheet": text64(sheet.data),
        "until": hall.shares_until if hall else None,
        "given": OwnShare.objects.filter(envelope=envelope).exists(),
        "open": is_window_open(lot),
    }


def windows_due(now: datetime) -> int:
    """Close every window whose shares are all in, or whose time is over; the ticker's part. Returns how many."""
    halls = Hall.objects.filter(lot__stage=Stage.OPENING, lot__paused=False, shares_ended_at=None)
    waiting = halls.exclude(shares_until=None).select_related("lot__tender")
    return sum(_closed(hall.lot, now) for hall in waiting if hall.round == hall.lot.tender.round)


def _closed(lot: Lot, now: datetime) -> int:
    try:
        return close_window(lot, now)
    except (Refused, Conflict):
        return 0  # another process was faster, or a share came in between; the next call sees


def close_window(lot: Lot, now: datetime) -> int:
    """Close the window of the lot if it is due at `now`; 1 when it was closed."""
    hall = require_hall(lot)
    if hall.shares_until is None or hall.shares_ended_at is not None:
        return 0
    if _missing(lot) and now < hall.shares_until:
        return 0
    with act("bidding:window:close", THE_CLOCK, on=lot) as this:
        missing = _missing(this.on)  # read again under the lock: what was given in time counts
        if missing and this.now < hall.shares_until:
            raise Conflict
        this.swap(hall, shares_ended_at=(None, this.now))
        this.record(WindowClosed(lot.code, hall.round, tuple(sorted(missing))))
    return 1


def _missing(lot: Lot) -> set[str]:
    """The receipts of counted envelopes whose bidders gave no share."""
    numbers = {bid.envelope.number for bid in bids_of(lot)}
    given = OwnShare.objects.filter(envelope__lot=lot, envelope__number__in=numbers)
    return numbers - set(given.values_list("envelope__number", flat=True))
