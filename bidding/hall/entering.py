"""The opening hall of a lot: the host opens it, holders of envelopes sign in (domain.md 3.4).

Enters: a lot whose bids are counted. Leaves: the hall with its numbered envelopes, sign-ins under a veil. From here on
the custodians' shares decide what opens (release.py), and nobody in the hall can.
"""

from __future__ import annotations

from datetime import datetime

from bidding.hall.hours import kept_hours
from bidding.models import Envelope
from bidding.models.opening import Bid, Hall, HallSignIn
from bidding.opening.counted import closing_blockers, closing_entry, live_envelopes
from bidding.opening.events import HallJoined, HallOpened, NumberedEnvelope
from bidding.opening.window import MINUTES, open_window
from ledger.act import act, veiled
from ledger.actor import Actor
from ledger.errors import Broken, Reason, Refused, _, refuse
from trading import outages
from trading.handles import handle_for
from trading.models import Account, Lot
from trading.objections import PAPERS, unanswered_blockers
from trading.periods import local_day
from trading.procedures.known import procedure_of
from trading.progress import schedule
from trading.stages import Stage

BELOW_MINIMUM = Reason("bidding.below_minimum", _("Fewer bids than the law asks for: nothing is opened."))
PAUSED = Reason("trading.paused", _("The regulator has paused this lot."))
ALREADY_IN = Reason("bidding.signed_in", _("You have signed in already."))
READ_ALREADY = Reason("bidding.prices_read", _("The prices have been read out already."))
LATER = Reason("bidding.opens_later", _("After an outage the hall opens later than the deadline; see the notice."))
NOT_HERE = Reason("bidding.no_bid", _("No bid of yours is in this opening."))


def hall_of(lot: Lot) -> Hall | None:
    """The hall of the lot in its present round, once the host has opened it."""
    return Hall.objects.filter(lot=lot, round=lot.tender.round).first()


def require_hall(lot: Lot) -> Hall:
    """The hall of a lot that is being opened; `Broken` without one."""
    found = hall_of(lot)
    if found is None:
        raise Broken(f"{lot.code} is being opened without a hall")
    return found


def bids_of(lot: Lot) -> list[Bid]:
    """The numbered bids of the lot in its present round."""
    return list(Bid.objects.filter(lot=lot, round=lot.tender.round).select_related("envelope", "party", "lot__tender"))


def opening_blockers(lot: Lot, now: datetime) -> list[Reason]:
    """Why the hall cannot be opened now.

    Not counted or not under a checkpoint; too few bids; an objection to the papers unanswered (Regulation 22); moved to
    later by an outage; paused.
    """
    reasons = [*closing_blockers(lot), *unanswered_blockers(lot, PAPERS)]
    if not reasons and len(live_envelopes(lot)) < procedure_of(lot.tender.procedure).least_bidders:
        reasons.append(BELOW_MINIMUM)
    later = outages.opening_at(lot)
    if later is not None and now < later:
        reasons.append(LATER)
    return [*reasons, PAUSED] if lot.paused else reasons


def open_hall(lot: Lot, *, actor: Actor, minutes: int = MINUTES) -> Hall:
    """Open the hall: the lot goes from closed to opening, each counted envelope gets a number and an opaque code.

    `minutes` are the bidders' for their own shares, under a policy with `b`; refused `bidding.window_minutes`.
    """
    with act("bidding:hall:open", actor, on=lot) as this:
        refuse(opening_blockers(this.on, this.now))
        entry, number = closing_entry(this.on), this.on.tender.round
        if entry is None:
            raise Broken(f"{lot.code} has no closing entry")
        this.move(this.on, Stage.OPENING)
        schedule(this, this.on)
        host = Account.objects.get(code=actor.code)
        hall = Hall.objects.create(lot=this.on, round=number, host=host, opened_at=this.now)
        kept_hours(hall)
        bids = [
            Bid.objects.create(lot=this.on, round=number, number=place, envelope=envelope)
            for place, envelope in enumerate(live_envelopes(this.on), 1)
        ]
        numbered = tuple(NumberedEnvelope(bid.number, bid.code, bid.envelope.number) for bid in bids)
        this.record(HallOpened(lot.code, number, entry.place.index, numbered))
        open_window(this, hall, minutes)
    return hall


def own_envelope(lot: Lot, actor: Actor) -> Envelope | None:
    """The counted envelope of the actor's organisation, found by its handle."""
    handle = handle_for(lot, actor)
    if not handle:
        return None
    return next((envelope for envelope in live_envelopes(lot) if envelope.handle == handle), None)


def sign_in_blockers(lot: Lot, actor: Actor) -> list[Reason]:
    """Why the actor cannot sign in: no envelope in the count, signed in before, prices read."""
    envelope, hall = own_envelope(lot, actor), hall_of(lot)
    if envelope is None:
        return [NOT_HERE]
    if hall is not None and hall.read_at is not None:
        return [READ_ALREADY]
    return [ALREADY_IN] if HallSignIn.objects.filter(envelope=envelope).exists() else []


def sign_in(lot: Lot, *, actor: Actor) -> HallSignIn:
    """Take part in the opening as the holder of an envelope. The entry is veiled, the row keeps the day alone."""
    with act("bidding:hall:join", actor, on=lot) as this:
        refuse(sign_in_blockers(this.on, actor))
        envelope = own_envelope(this.on, actor)
        if envelope is None:
            raise Refused(NOT_HERE)
        made = HallSignIn.objects.create(envelope=envelope, day=local_day(this.now))
        this.record(veiled(HallJoined(lot.code, this.on.tender.round, envelope.number)))
    return made
