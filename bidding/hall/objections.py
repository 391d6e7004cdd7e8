"""Objections on the spot, and the host's answers (Bidding Regulation, article 44).

Enters: a bidder's sentence after the prices were read, the host's answer. Leaves: rows, and entries with the digests of
the texts; the texts stand in the opening record.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from bidding.hall.entering import NOT_HERE, PAUSED, own_envelope, require_hall
from bidding.hall.reading import NOT_READ
from bidding.models.opening import Bid, Hall, HallObjection
from bidding.opening.events import ObjectionAnswered, ObjectionRaised
from ledger.act import act
from ledger.actor import Actor
from ledger.errors import Reason, Refused, _, refuse
from trading.access import absent
from trading.models import Lot

LONGEST = 2_000
SIGNED = Reason("bidding.record_signed", _("The host has signed the opening record."))
OVER = Reason("bidding.objections_over", _("The time for objections at the opening is over."))
EMPTY = Reason("bidding.text_length", _("Write between 1 and 2,000 characters."))
ANSWERED = Reason("bidding.answered", _("This objection is answered already."))


def own_bid(lot: Lot, actor: Actor) -> Bid:
    """The bid of the actor's organisation in this opening; refused `bidding.no_bid`."""
    envelope = own_envelope(lot, actor)
    found = Bid.objects.filter(envelope=envelope).first() if envelope else None
    if found is None:
        raise Refused(NOT_HERE)
    return found


def talking_blockers(hall: Hall) -> list[Reason]:
    """Why nothing may be said to the record now: prices not read, the opening rests, or the host has signed."""
    if hall.read_at is None:
        return [NOT_READ]
    if hall.lot.paused:
        return [PAUSED]
    return [SIGNED] if hall.record else []


def objection_blockers(hall: Hall, now: datetime) -> list[Reason]:
    """Why no objection is taken now."""
    reasons = talking_blockers(hall)
    return reasons or ([OVER] if hall.object_until is not None and now >= hall.object_until else [])


def _length(text: str) -> list[Reason]:
    return [] if 1 <= len(text) <= LONGEST else [EMPTY]


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def raise_objection(lot: Lot, text: str, *, actor: Actor) -> HallObjection:
    """Object on the spot. Refused `bidding.prices_not_read`, `.objections_over`, `.record_signed`, `.text_length`."""
    with act("bidding:objection:raise", actor, on=lot) as this:
        refuse([*objection_blockers(require_hall(this.on), this.now), *_length(text)])
        bid = own_bid(this.on, actor)
        made = HallObjection.objects.create(bid=bid, text=text, at=this.now)
        this.record(ObjectionRaised(lot.code, made.code, bid.number, _digest(text)))
    return made


def answer_objection(lot: Lot, code: str, text: str, *, actor: Actor) -> HallObjection:
    """Answer an objection, once. Refused `bidding.answered`, `.record_signed`, `.text_length`."""
    with act("bidding:objection:answer", actor, on=lot) as this:
        refuse([*talking_blockers(require_hall(this.on)), *_length(text)])
        found = HallObjection.objects.filter(bid__lot=this.on, code=code).first()
        if found is None:
            raise absent()
        if found.answered_at is not None:
            raise Refused(ANSWERED)
        this.swap(found, answer=("", text), answered_at=(None, this.now))
        this.record(ObjectionAnswered(lot.code, code, _digest(text)))
    return found


def objections_of(lot: Lot) -> list[HallObjection]:
    """Every objection in this opening, in the order in which they came."""
    return list(HallObjection.objects.filter(bid__lot=lot, bid__round=lot.tender.round).select_related("bid__party"))
