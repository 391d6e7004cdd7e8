"""Signing a sheet: the draft becomes a canonical record, the member signs it, and from then on it is final.

Enters: the own draft, whole and in range; a CMS signature over the record's bytes. Leaves: a `SignedSheet` and an
entry that commits to the record. With the last sheet of a part all records are disclosed and counted (counting.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from bidding.opening.opened import OpenedBid
from evaluation.counting import count
from evaluation.drafts import STAGE, edition_of, own_seat, points_in, votes_in, writing_blockers
from evaluation.engine import criteria, items, method_digest
from evaluation.events import SheetSigned
from evaluation.models import Draft, Room, SignedSheet
from evaluation.naming import readable
from evaluation.offers import read_bids
from evaluation.qualification import vote_blockers
from evaluation.room import panel, require_room
from evaluation.scoring import sheet_blockers
from evaluation.sheet import (
    LARGEST,
    AdmissionSheet,
    Frame,
    Part,
    ScoreSheet,
    admission_sheet,
    points_of,
    score_sheet,
)
from evaluation.standing import admitted_codes, signed
from experts.models import Seat
from ledger.act import act
from ledger.actor import Actor
from ledger.canon import decode, encode
from ledger.errors import Reason, _, refuse, refused
from trading import method
from trading.models import Lot
from trading.signatures import check_account


def sheet_blockers_for(room: Room, seat: Seat, part: Part, bids: Sequence[OpenedBid]) -> list[Reason]:
    """Why the sheet cannot be signed now: every empty cell, missing reason, and what writing_blockers says."""
    reasons = writing_blockers(room, seat, part)
    if reasons:
        return reasons
    declared, draft = method.parse(room.lot.method), _draft(seat, part)
    if part is Part.ADMISSION:
        found = vote_blockers(items(declared), [seat.code], [bid.code for bid in bids], votes_in(draft, seat))
    else:
        found = sheet_blockers(criteria(declared), admitted_codes(room, bids), points_in(draft))
        found += _returned_blockers(room, seat, draft)
    return readable(found, bids, declared, seat)


def _draft(seat: Seat, part: Part) -> Draft | None:
    return Draft.objects.filter(seat=seat, part=part.value).first()


def _returned_blockers(room: Room, seat: Seat, draft: Draft | None) -> list[Reason]:
    """After a return only disputed items may differ from what was signed before (MOF order 87, article 64)."""
    before = SignedSheet.objects.filter(seat=seat, part=Part.SCORES.value, edition=room.edition - 1).first()
    if before is None:
        return []
    old, new = points_of(decode(ScoreSheet, bytes(before.record))), points_in(draft)
    text = _("Only disputed items may change now; the item %(item)s of %(bid)s may not.")
    return [
        Reason("evaluation.not_disputed", text, {"item": item, "bid": bid})
        for bid, row in old.items()
        for item, value in row.items()
        if [bid, item] not in room.disputed and new.get(bid, {}).get(item) != value
    ]


def sheet_record(room: Room, seat: Seat, part: Part, bids: Sequence[OpenedBid]) -> bytes:
    """The bytes to sign. Refused with sheet_blockers_for; evaluation.sheet_large above 60,000 bytes."""
    refuse(sheet_blockers_for(room, seat, part, bids))
    declared, draft = method.parse(room.lot.method), _draft(seat, part)
    codes = [bid.code for bid in bids] if part is Part.ADMISSION else admitted_codes(room, bids)
    frame = Frame(room.lot.code, room.round, seat.code, method_digest(declared), tuple(codes))
    record: AdmissionSheet | ScoreSheet
    if part is Part.ADMISSION:
        record = admission_sheet(frame, [item.code for item in items(declared)], votes_in(draft, seat))
    else:
        record = score_sheet(frame, [one.code for one in criteria(declared)], points_in(draft))
    made = encode(record)
    if len(made) > LARGEST:
        refused("evaluation.sheet_large", _("The sheet is too large; shorten the reasons."))
    return made


def sign_sheet(lot: Lot, seat_code: str, part: Part, digest: str, signature: bytes, *, actor: Actor) -> SignedSheet:
    """Make the own sheet final. `digest` is SHA-256 (hex) of the record that was signed.

    Refused evaluation.not_your_sheet, .sheet_changed (the draft is another now), signature.*, and sheet_blockers_for.
    """
    seat = own_seat(lot, seat_code, actor)
    with act("evaluation:sheet:sign", actor, on=lot, by=seat.code) as this:
        room = require_room(this, STAGE[part])
        bids = read_bids(this.on, actor)
        record = sheet_record(room, seat, part, bids)
        if hashlib.sha256(record).hexdigest() != digest:
            refused("evaluation.sheet_changed", _("The sheet has changed since it was signed; look at it again."))
        check_account(record, signature, seat.expert.account, this.now)
        edition = edition_of(room, part)
        fingerprint = hashlib.sha256(signature).digest()
        entry = this.record(SheetSigned(this.on.code, seat.code, part.value, edition, record, fingerprint))
        row = SignedSheet.objects.create(
            seat=seat, part=part.value, edition=edition, record=record, digest=digest,
            signature=signature, entry=entry, at=this.now,
        )  # fmt: skip
        if len(signed(room, part, edition)) == len(panel(this.on)):
            count(this, room, part, bids)
    return row
