"""Pausing an opening, and going on (domain.md 3.4 and 9.2; Bidding Regulation, article 62).

Enters: the regulator's reason, or an outage of the platform. Leaves: a lot that rests where it stands, entries, and
windows that got the time back. A pause of more than a day ends at a noticed time, by the clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from bidding.hall.entering import PAUSED, hall_of
from bidding.hall.events import OpeningInterrupted, OpeningPaused, OpeningRescheduled, OpeningResumed
from bidding.hall.hours import AHEAD, LONGEST, look_again, run_on, windows_of
from bidding.models.hall import HallPause
from bidding.models.opening import Hall
from ledger.act import This, act
from ledger.actor import THE_CLOCK, Actor, Role
from ledger.errors import Broken, Conflict, Reason, _, refuse
from trading import outages
from trading.models import Lot, Outage
from trading.noticing import give
from trading.outage import uncovered
from trading.progress import schedule
from trading.records import RescheduleNotice
from trading.stages import Stage

MOST_LETTERS = 200
ARTICLE = _("Bidding Regulation, article 62")
REASON = Reason("bidding.reason_length", _("Give the reason in 1 to 200 characters."))
CLAUSE = Reason("bidding.clause_length", _("Name the article in at most 100 characters."))
NOT_PAUSED = Reason("bidding.not_paused", _("The opening of this lot is not paused."))
LATER = Reason("bidding.goes_on_later", _("The time at which this opening goes on has been noticed already."))


def pause_of(lot: Lot) -> HallPause | None:
    """The pause in which the lot rests now."""
    return HallPause.objects.filter(lot=lot, round=lot.tender.round, ended_at=None).last() if lot.paused else None


def pausing_blockers(lot: Lot, reason: str, clause: str = "") -> list[Reason]:
    """Why the opening cannot be paused."""
    found = [
        (PAUSED, lot.paused),
        (REASON, not 1 <= len(reason) <= MOST_LETTERS),
        (CLAUSE, len(clause) > MOST_LETTERS // 2),
    ]
    return [why for why, holds in found if holds]


def pause(lot: Lot, reason: str, *, actor: Actor, clause: str = ARTICLE) -> HallPause:
    """The opening rests. Refused `trading.paused`, `bidding.reason_length`, `.clause_length`."""
    with act("bidding:opening:pause", actor, on=lot) as this:
        refuse(pausing_blockers(this.on, reason, clause))
        made = HallPause.objects.create(
            lot=this.on, round=this.on.tender.round, reason=reason, clause=clause, at=this.now
        )
        this.record(OpeningPaused(lot.code, made.round, made.code, reason, clause))
        _rest(this)
    return made


def _rest(this: This[Lot]) -> None:
    this.swap(this.on, paused=(False, True))
    schedule(this, this.on)
    hall = hall_of(this.on)
    if hall is not None:
        look_again(this, hall)


def resuming_blockers(lot: Lot, actor: Actor, now: datetime) -> list[Reason]:
    """Why the opening does not go on now."""
    row = pause_of(lot)
    if row is None:
        return [NOT_PAUSED]
    waits = row.until is not None and (actor.role is not Role.CLOCK or now < row.until)
    return [LATER] if waits else []


def resume(lot: Lot, *, actor: Actor) -> HallPause:
    """Let the opening go on: now, or after more than a day at a noticed time.

    Refused `bidding.not_paused`, `.goes_on_later`.
    """
    with act("bidding:opening:resume", actor, on=lot) as this:
        refuse(resuming_blockers(this.on, actor, this.now))
        row = _require_pause(this.on)
        if row.until is None and this.now - row.at > LONGEST:
            _reschedule(this, row)
        else:
            _go_on(this, row)
    return row


def _require_pause(lot: Lot) -> HallPause:
    row = pause_of(lot)
    if row is None:
        raise Broken(f"{lot.code} is paused and nobody knows since when")
    return row


def _go_on(this: This[Lot], row: HallPause) -> None:
    hall, lost = hall_of(this.on), this.now - row.at
    this.swap(row, ended_at=(None, this.now))
    this.swap(this.on, paused=(True, False))
    schedule(this, this.on)
    windows = run_on(this, hall, row.at, lost) if hall else windows_of(None)
    if hall is not None:
        look_again(this, hall)
    this.record(OpeningResumed(this.on.code, row.round, row.code, row.at, windows))


def _reschedule(this: This[Lot], row: HallPause) -> None:
    lot, until = this.on, (this.now + AHEAD).replace(microsecond=0) + timedelta(seconds=1)
    this.swap(row, until=(None, until))
    cause = "outage" if row.outage_id else "regulator"
    said = RescheduleNotice(lot.code, lot.title, row.at, until, cause, row.reason)
    digest = bytes.fromhex(give(this, lot.tender, said, lot.title, lot=lot, until=until).digest)
    this.record(OpeningRescheduled(lot.code, row.round, row.code, row.at, until, digest))


def interrupt(lot: Lot, row: Outage) -> HallPause:
    """An outage interrupted the opening: pause and go on in one, or a noticed time after more than a day.

    `Conflict` when it was seen to already.
    """
    with act("bidding:opening:interrupt", THE_CLOCK, on=lot) as this:
        hall, found = hall_of(this.on), outages.span(row)
        if hall is None or found is None or _seen(this.on, row):
            raise Conflict
        since = max(found.begin, hall.opened_at)
        made = HallPause.objects.create(
            lot=this.on, round=hall.round, outage=row, reason=row.reason, at=since, ended_at=found.end
        )
        lost = uncovered(since, found.end, _rests(this, made))
        is_long = lost > LONGEST and not this.on.paused
        windows = windows_of(hall) if is_long else run_on(this, hall, since, lost)
        this.record(OpeningInterrupted(lot.code, hall.round, row.code, since, found.end, windows))
        if is_long:
            this.swap(made, ended_at=(found.end, None))
            _rest(this)
            _reschedule(this, made)
        else:
            look_again(this, hall)
    return made


def _rests(this: This[Any], made: HallPause) -> Sequence[tuple[datetime, datetime]]:
    """When the opening rested anyway; time in a pause is given back when the pause ends."""
    others = HallPause.objects.filter(lot=this.on, round=made.round).exclude(pk=made.pk)
    return [(one.at, one.ended_at or this.now) for one in others]


def _seen(lot: Lot, row: Outage) -> bool:
    return HallPause.objects.filter(lot=lot, round=lot.tender.round, outage=row).exists()


def interrupted(hall: Hall, row: Outage) -> bool:
    """Whether the outage fell into the opening and has not been seen to."""
    return row.end is not None and row.end > hall.opened_at and not _seen(hall.lot, row)


def resting_due(now: datetime) -> list[tuple[Lot, Outage | None]]:
    """The lots whose pause ends by the clock now (None), and those that an outage interrupted, with the outage."""
    over = HallPause.objects.filter(ended_at=None, until__lte=now).select_related("lot__tender")
    due: list[tuple[Lot, Outage | None]] = [(row.lot, None) for row in over]
    halls = Hall.objects.filter(ended_at=None, lot__stage=Stage.OPENING).select_related("lot__tender")
    first = min((hall.opened_at for hall in halls), default=None)
    recent = Outage.objects.filter(end__gt=first) if first else Outage.objects.none()
    return due + [(hall.lot, row) for row in recent for hall in halls if interrupted(hall, row)]
