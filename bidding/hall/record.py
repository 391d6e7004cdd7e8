"""The opening record in the making: bidders confirm, host and witness sign, the opening is over (domain.md 3.4, 3.5).

Enters: a lot whose prices are read. Leaves: confirmations, the record as an object once the host has signed its bytes,
and, with the witness's signature over the same bytes, the lot opened.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from bidding.hall import silence
from bidding.hall.entering import PAUSED, bids_of, require_hall
from bidding.hall.events import OpeningFailed
from bidding.hall.hours import look_again
from bidding.hall.objections import objections_of, own_bid, talking_blockers
from bidding.hall.opening_record import OpeningRecord, Quoted, RecordedBid, RecordedCustodian, RecordedObjection
from bidding.hall.reading import NOT_READ
from bidding.models import HallSignIn
from bidding.models.opening import FAILED, HOST, OPENED, WITNESS, Bid, Hall, HallObjection, RecordSignature
from bidding.opening.counted import closing_entry
from bidding.opening.events import LotOpened, RecordConfirmed, RecordSigned
from bidding.opening.opening import opened_bid
from bidding.opening.quorum import releases
from ledger import cms, objects, veil
from ledger.act import This, act
from ledger.actor import Actor, Role
from ledger.canon import encode
from ledger.errors import Broken, Reason, Refused, _, refuse
from trading.models import Account, Lot
from trading.money import capitals
from trading.progress import schedule
from trading.signatures import check_account
from trading.stages import Stage

SPACE = "records"
PART_OF = {Role.AGENT: HOST, Role.CENTRE: WITNESS}
CONFIRMED, SILENT = "confirmed", "silent"
ALREADY = Reason("bidding.confirmed", _("You have confirmed the record already."))
NOT_OPENED = Reason("bidding.not_opened", _("Your envelope did not open: there is no price to confirm."))
OVER = Reason("bidding.confirmations_over", _("The time for confirmations is over; silence was acceptance."))
MAY_OBJECT = Reason("bidding.objections_possible", _("A bidder whose envelope did not open may still object."))
UNANSWERED = Reason("bidding.objection_open", _("An objection has not been answered yet."))
HOST_FIRST = Reason("bidding.host_first", _("The host signs the record first."))
SIGNED = Reason("bidding.signed_already", _("This part of the record is signed already."))


def confirmation_blockers(hall: Hall, bid: Bid, now: datetime) -> list[Reason]:
    """Why a bid cannot be confirmed now."""
    reasons = talking_blockers(hall)
    if not reasons and bid.state != OPENED:
        return [NOT_OPENED]
    if not reasons and bid.confirmed_at is None and silence.is_over(hall, now):
        return [OVER]
    return reasons or ([ALREADY] if bid.confirmed_at is not None else [])


def confirm(lot: Lot, *, actor: Actor) -> Bid:
    """Confirm what was read out of the own bid. Refused `bidding.prices_not_read`, `.record_signed`, `.confirmed`."""
    with act("bidding:record:confirm", actor, on=lot) as this:
        bid = own_bid(this.on, actor)
        refuse(confirmation_blockers(require_hall(this.on), bid, this.now))
        this.swap(bid, confirmed_at=(None, this.now))
        this.record(RecordConfirmed(lot.code, bid.number))
    return bid


def signing_blockers(lot: Lot, part: str, now: datetime) -> list[Reason]:
    """Why host or witness cannot sign now."""
    hall = require_hall(lot)
    if hall.read_at is None:
        return [NOT_READ]
    if hall.signatures.filter(part=part).exists():
        return [SIGNED]
    if lot.paused:
        return [PAUSED]
    if part == WITNESS:
        return [*([] if hall.record else [HOST_FIRST]), *veil.lifting_blockers(lot.code)]
    return _host_waits(lot, hall, now)


def _host_waits(lot: Lot, hall: Hall, now: datetime) -> list[Reason]:
    """What the host still has to wait for: answers, and the windows of those who have not spoken."""
    bids = bids_of(lot)
    silent = any(bid.state == OPENED and bid.confirmed_at is None for bid in bids)
    unopened = any(bid.state == FAILED for bid in bids)
    found = [
        (UNANSWERED, any(one.answered_at is None for one in objections_of(lot))),
        (silence.MAY_SPEAK, silent and hall.confirm_until is not None and now < hall.confirm_until),
        (MAY_OBJECT, unopened and hall.object_until is not None and now < hall.object_until),
    ]
    return [reason for reason, holds in found if holds]


def sign_record(lot: Lot, signature: bytes, *, actor: Actor) -> RecordSignature:
    """Sign the record as it stands (CMS, detached, over `record_bytes`); the witness's signature ends the opening."""
    with act("bidding:record:sign", actor, on=lot) as this:
        part, hall = PART_OF[actor.role], require_hall(this.on)
        refuse(signing_blockers(this.on, part, this.now))
        data = record_bytes(this.on)
        account = Account.objects.get(code=actor.code)
        fingerprint = cms.fingerprint(check_account(data, signature, account, this.now))
        digest = hashlib.sha256(data).hexdigest()
        if part == HOST:
            if silence.is_over(hall, this.now):
                silence.accept(this, hall)  # the clock may not have come to it yet
            this.swap(hall, record=("", objects.put(SPACE, data).name), record_digest=("", digest))
            look_again(this, hall)
        signed = hashlib.sha256(signature).digest()
        this.record(RecordSigned(lot.code, part, bytes.fromhex(digest), bytes.fromhex(fingerprint), signed))
        made = RecordSignature.objects.create(
            hall=hall, part=part, account=account, fingerprint=fingerprint, signature=signature, at=this.now
        )
        if part == WITNESS:
            _end(this, hall)
    return made


def _end(this: This[Lot], hall: Hall) -> None:
    bids = bids_of(this.on)
    opened = sum(bid.state == OPENED for bid in bids)
    veil.lift(this, this.on.code)  # what came veiled after the prices were read: late uploads and their refusals
    this.move(this.on, Stage.OPENED if opened else Stage.FAILED)
    schedule(this, this.on)
    this.swap(hall, ended_at=(None, this.now))
    digest = bytes.fromhex(hall.record_digest)
    this.record(LotOpened(this.on.code, hall.round, digest, opened, len(bids) - opened, this.now))
    if not opened:
        this.record(OpeningFailed(this.on.code, hall.round, len(bids)))


def record_bytes(lot: Lot) -> bytes:
    """The bytes to sign: the stored ones once the host has signed, else what the record would be now."""
    hall = require_hall(lot)
    if hall.record:
        return objects.read(hall.record)
    return encode(compose(lot, hall))


def compose(lot: Lot, hall: Hall) -> OpeningRecord:
    """The record out of what is stored. Refused `bidding.prices_not_read`."""
    entry = closing_entry(lot)
    if hall.read_at is None or lot.deadline is None:
        raise Refused(NOT_READ)
    if entry is None:
        raise Broken(f"{lot.code} is open without a closing entry")
    tender, here = lot.tender, set(HallSignIn.objects.filter(envelope__lot=lot).values_list("envelope_id", flat=True))
    said = objections_of(lot)
    return OpeningRecord(
        tender=tender.code,
        lot=lot.code,
        title=lot.title,
        round=hall.round,
        purchaser=tender.purchaser.name,
        agent=tender.agent.name,
        centre=tender.centre.name,
        regulator=tender.regulator.name,
        planned=lot.deadline,
        opened_at=hall.opened_at,
        read_at=hall.read_at,
        host=hall.host.code,
        bond=lot.bond,
        ceiling=lot.ceiling,
        closing=hashlib.sha256(bytes(entry.leaf)).digest(),
        readout=bytes.fromhex(hall.readout),
        custodians=tuple(RecordedCustodian(row.leaf, row.leaf[0], row.at) for row in releases(lot)),
        bids=tuple(_recorded(bid, bid.envelope_id in here, said) for bid in bids_of(lot)),
    )


def _recorded(bid: Bid, signed_in: bool, said: list[HallObjection]) -> RecordedBid:  # noqa: FBT001  a fact
    found, party = (opened_bid(bid) if bid.state == OPENED else None), bid.party
    if bid.decided_at is None:
        raise Broken(f"the bid {bid.code} is undecided")
    return RecordedBid(
        number=bid.number,
        code=bid.code,
        receipt=bid.envelope.number,
        received=bid.envelope.stamp,
        digest=bytes.fromhex(bid.envelope.digest),
        signed_in=signed_in,
        state=bid.state,
        decided_at=bid.decided_at,
        reason=bid.reason,
        side=bid.side,
        name=found.name if found else party.name if party else "",
        credit_code=found.credit_code if found else party.credit_code if party else "",
        price=found.price if found else None,
        words=capitals(found.price) if found else "",
        days=found.days if found else 0,
        items=tuple(Quoted(name, value) for name, value in found.items) if found else (),
        invalid=bid.invalid,
        cover=tuple(bid.cover.split()),
        confirmation="" if bid.state == FAILED else CONFIRMED if bid.confirmed_at else SILENT,
        confirmed_at=bid.confirmed_at,
        objections=tuple(
            RecordedObjection(one.at, one.text, one.answer, one.answered_at) for one in said if one.bid_id == bid.pk
        ),
    )
