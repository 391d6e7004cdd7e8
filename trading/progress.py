"""What the clock does to a lot: closes it, ends its publicity, says once when the law's time has passed.

Enters: a lot whose `next_at` has come. Leaves: one act of the clock with its entry, and the next `next_at`, computed
from the lot's state by `trading.timetable.next_event` alone.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ledger.act import This, act
from ledger.actor import THE_CLOCK
from ledger.errors import Conflict, Reason, _, refuse
from trading import outages
from trading.almanac import shipped
from trading.events import LotClosing, LotOverdue, PublicityEnded
from trading.models import Lot, Objection
from trading.procedures.known import procedure_of
from trading.stages import Stage
from trading.timetable import Event, State, next_event


def state_of(lot: Lot) -> State:
    """What the timetable asks about a lot."""
    return State(
        stage=Stage(lot.stage), paused=lot.paused, deadline=lot.deadline, reported=lot.reported_at,
        publicity_until=lot.publicity_until, awarded=lot.awarded_at, contracted=lot.contracted_at,
    )  # fmt: skip


def due(lot: Lot) -> tuple[datetime, Event] | None:
    """What the clock must see to next, and when."""
    return next_event(procedure_of(lot.tender.procedure), state_of(lot), shipped(), told=lot.told_at)


def schedule(this: This[Any], lot: Lot) -> None:
    """Within an act: set `next_at` anew after the lot's state has changed."""
    after = due(lot)
    this.swap(lot, next_at=(lot.next_at, after[0] if after else None))


def reported(this: This[Any], lot: Lot) -> None:
    """Within the act that signs the report (the lot is EVALUATED by then): the publicity's time begins to run."""
    this.swap(lot, reported_at=(lot.reported_at, this.now))
    schedule(this, lot)


def close(lot: Lot) -> None:
    """Bidding is over; what was stamped before the deadline is still being decided."""
    with act("trading:lot:close", THE_CLOCK, on=lot) as this:
        deadline = this.on.deadline
        if deadline is None or this.now < deadline:
            refuse([Reason("trading.too_early", _("The time for this has not come."))])
            return
        if outages.is_undecided(this.on, this.now):
            raise Conflict("an outage may still move this deadline")
        this.move(this.on, Stage.CLOSING)
        schedule(this, this.on)
        this.record(LotClosing(lot.code, deadline))


def end_publicity(lot: Lot) -> None:
    """Objections to the result are no longer in time; the award may be given."""
    with act("trading:publicity:end", THE_CLOCK, on=lot) as this:
        until = this.on.publicity_until
        if until is None or this.now < until:
            refuse([Reason("trading.too_early", _("The time for this has not come."))])
            return
        _tell(this)
        made = Objection.objects.filter(lot=this.on, about="result").count()
        this.record(PublicityEnded(lot.code, until, made))


def remind(lot: Lot, what: Event, when: datetime) -> None:
    """Say once that the law's time for `what` has passed."""
    with act("trading:lot:remind", THE_CLOCK, on=lot) as this:
        if this.now < when:
            refuse([Reason("trading.too_early", _("The time for this has not come."))])
        _tell(this)
        this.record(LotOverdue(lot.code, what.value, when))


def go_on(lot: Lot) -> bool:
    """Do what is due for `lot`. False when nothing is: then its `next_at` was stale and is mended."""
    after = due(lot)
    if after is None:
        Lot.objects.filter(pk=lot.pk, stage=lot.stage, next_at=lot.next_at).update(next_at=None)
        return False
    when, what = after
    if what is Event.CLOSE:
        close(lot)
    elif what is Event.PUBLICITY_OVER:
        end_publicity(lot)
    elif what is not Event.COUNT:  # the room above counts
        remind(lot, what, when)
    return what is not Event.COUNT


def _tell(this: This[Lot]) -> None:
    this.swap(this.on, told_at=(this.on.told_at, this.now))
    schedule(this, this.on)
