"""Ending the wait for custodians: a lot for which too few of them come does not wait for ever (sealing.md, "Opening").

Enters: the regulator's reason, after the stated time. Leaves: an entry; from then on no share is taken, and every
envelope that still waits fails with "too few custodians", which no bidder answers for.
The regulator decides, for the host has an interest in the result and may be the one who stays away.
"""

from __future__ import annotations

from datetime import datetime

from bidding.custody.sheets import sheet_in_force
from bidding.envelope.sheet import policy_of
from bidding.hall.entering import PAUSED, bids_of, hall_of, require_hall
from bidding.hall.events import WaitingEnded
from bidding.hall.hours import WAITING_OVER, hours_of, is_ended, kept_hours
from bidding.hall.pausing import MOST_LETTERS, REASON
from bidding.models.hall import HallHours
from bidding.models.opening import FAILED, WAITING, Bid, Hall
from bidding.opening.deciding import TOO_FEW, Side, Way, way_of
from bidding.opening.opening import Outcome, decide
from bidding.opening.quorum import given_for, in_the_log, is_complete, releases
from ledger.act import act
from ledger.actor import Actor
from ledger.errors import Reason, _, refuse
from trading.models import Lot
from trading.stages import Stage

EARLY = Reason("bidding.custodians_have_time", _("The custodians still have time to come."))
BIDDERS = Reason("bidding.window_open", _("The bidders still have time to give their own shares."))
NOTHING = Reason("bidding.nothing_waits", _("No envelope waits for a custodian."))
ON_ITS_WAY = Reason("bidding.share_on_its_way", _("A custodian's shares are on their way into the log; look again."))


def waiting_bids(lot: Lot) -> list[Bid]:
    """The envelopes that wait for a custodian who has not come: too few are there, or they say different things."""
    undecided = [bid for bid in bids_of(lot) if bid.state == WAITING]
    if not undecided or not is_complete(lot):
        return undecided
    policy = policy_of(sheet_in_force(lot))
    given = {bid.pk: given_for(lot, bid.envelope.number) for bid in undecided}
    return [bid for bid in undecided if way_of(policy, given[bid.pk].shares.keys(), given[bid.pk].closed) is Way.WAIT]


def ending_blockers(lot: Lot, now: datetime) -> list[Reason]:
    """Why the wait cannot be ended now."""
    hall = hall_of(lot)
    if hall is None or hall.read_at is not None:
        return [NOTHING]
    if is_ended(lot):
        return [WAITING_OVER]
    found = [
        (PAUSED, lot.paused),
        (EARLY, now < hours_of(hall).custodians_until),
        (BIDDERS, _bidders_have_time(hall)),
        (NOTHING, not waiting_bids(lot)),
        (ON_ITS_WAY, len(in_the_log(lot)) < releases(lot).count()),
    ]
    return [why for why, holds in found if holds]


def _bidders_have_time(hall: Hall) -> bool:
    return hall.shares_until is not None and hall.shares_ended_at is None


def end_waiting(lot: Lot, reason: str, *, actor: Actor) -> None:
    """End the wait. Refused `bidding.custodians_have_time`, `.nothing_waits`, `.waiting_over`, `.reason_length`."""
    with act("bidding:waiting:end", actor, on=lot) as this:
        wordless = not 1 <= len(reason) <= MOST_LETTERS
        refuse([*ending_blockers(this.on, this.now), *([REASON] if wordless else [])])
        hall = require_hall(this.on)
        this.swap(kept_hours(hall), waiting_ended_at=(None, this.now))
        came = tuple(row.leaf for row in in_the_log(this.on))
        this.record(WaitingEnded(lot.code, hall.round, came, reason))


def fail_waiting(lot: Lot) -> int:
    """After the wait was ended: every envelope that waits fails, and no bidder answers for it. Returns how many."""
    found = waiting_bids(lot)
    for bid in found:
        decide(bid, Outcome(FAILED, TOO_FEW.code, Side.OTHER), given_for(lot, bid.envelope.number))
    return len(found)


def waiting_due() -> list[Lot]:
    """The lots whose wait was ended and that are not read out yet."""
    ended = HallHours.objects.filter(waiting_ended_at__isnull=False, hall__read_at=None)
    rows = ended.filter(hall__lot__stage=Stage.OPENING, hall__lot__paused=False).select_related("hall__lot__tender")
    return [row.hall.lot for row in rows]
