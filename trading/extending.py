"""The outage rule at work: outages are found or declared, and closings move by the formula (promises.md, P9).

Enters: a heartbeat that was missing, or an interval and a reason. Leaves: the outage on record, and for each lot that
took bids an extension, a notice and an entry that names the interval, the old deadline and the new one. A lot whose
bids are counted is not opened again for bids: their number is public by then.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from ledger import clock
from ledger.act import act
from ledger.actor import THE_CLOCK, Actor
from ledger.errors import Conflict, Reason, Refused, _, refuse
from trading import outage, outages
from trading.events import DeadlineExtended, OutageDeclared, OutageFound, OutageOver, OutageRule
from trading.models import Beat, Extension, Lot, Outage
from trading.noticing import give
from trading.periods import local
from trading.progress import schedule
from trading.records import ExtensionNotice
from trading.stages import Stage

SCOPE = "platform"
EVERY = timedelta(seconds=5)
LONGEST = 200
BACK = timedelta(hours=24)  # so long after its end an outage can still be declared
LENGTH = Reason("trading.reason_length", _("Give the reason in 1 to 200 characters."))
BACKWARDS = Reason("trading.outage_backwards", _("An outage ends after it begins."))
AHEAD = Reason("trading.outage_ahead", _("An outage that has not been yet cannot be declared."))
OLD = Reason("trading.outage_old", _("An outage is declared within 24 hours after its end."))
OVER = Reason("trading.outage_over", _("This outage is over already."))


def watch() -> int:
    """Beat; when the heartbeat was missing too long, put the outage on record; move what is to be moved.

    Returns how many acts ran.
    """
    real, beat = clock.real_now(), outages.last_beat()
    if beat is None:
        Beat.objects.get_or_create(pk=outages.FIRST, defaults={"real_at": real})
        return settle()
    found = 0
    if real - beat.real_at > outages.gap():
        find(beat, real)
        found = 1
    elif abs(real - beat.real_at) >= EVERY:
        Beat.objects.filter(pk=beat.pk, real_at=beat.real_at).update(real_at=real)
    return found + settle()


def find(beat: Beat, real: datetime) -> Outage:
    """The clock finds that the heartbeat was missing until now; `Conflict` when another ticker did."""
    with act("trading:outage:find", THE_CLOCK, on=None) as this:
        missing = real - beat.real_at
        this.swap(beat, real_at=(beat.real_at, real))
        made = Outage.objects.create(begin=this.now - missing, end=this.now, declared=False)
        this.record(OutageFound(made.code, made.begin, this.now, int(outages.gap().total_seconds())), scope=SCOPE)
    return made


def declare_blockers(begin: datetime, end: datetime | None, reason: str, now: datetime) -> list[Reason]:
    """Why this outage cannot be declared at `now`."""
    found = [
        (LENGTH, not 1 <= len(reason) <= LONGEST),
        (BACKWARDS, end is not None and end < begin),
        (AHEAD, begin > now or (end is not None and end > now)),
        (OLD, end is not None and end < now - BACK),
    ]
    return [why for why, holds in found if holds]


def declare(begin: datetime, end: datetime | None, reason: str, *, actor: Actor) -> Outage:
    """Declare an outage; without `end` it goes on, and until its end nothing closes that it concerns."""
    with act("trading:outage:declare", actor, on=None) as this:
        refuse(declare_blockers(begin, end, reason, this.now))
        made = Outage.objects.create(begin=begin, end=end, declared=True, reason=reason, by=actor.code)
        this.record(OutageDeclared(made.code, begin, end, reason), scope=SCOPE)
    return made


def end(row: Outage, *, actor: Actor) -> Outage:
    """A declared outage is over now."""
    with act("trading:outage:end", actor, on=row) as this:
        if this.on.end is not None:
            raise Refused(OVER)
        this.swap(this.on, end=(None, this.now))
        this.record(OutageOver(row.code, this.now), scope=SCOPE)
        return this.on


def settle() -> int:
    """Move every closing that an outage moves, then call the outage settled. Returns how many closings moved."""
    done = 0
    for row in Outage.objects.filter(settled=False, end__isnull=False).order_by("begin", "pk"):
        lots = Lot.objects.filter(stage=Stage.BIDDING, deadline__gte=row.begin).select_related("tender")
        due = [lot for lot in lots if outages.may_move(lot, row)]
        for lot in due:
            extend(lot, row)
        done += len(due)
        Outage.objects.filter(pk=row.pk, settled=False).update(settled=True)
    return done


def extend(lot: Lot, row: Outage) -> Extension:
    """Move the closing of one lot, once for each outage; `Conflict` when somebody did so meanwhile."""
    with act("trading:deadline:extend", THE_CLOCK, on=lot) as this:
        found, rule, old = outages.span(row), outages.rule(), this.on.deadline
        to = outage.moved(old, found, rule) if found and old else None
        if found is None or old is None or to is None or not outages.may_move(this.on, row):
            raise Conflict
        opening = max(to.opening, this.on.opens_at or to.opening)
        tender = this.on.tender
        this.swap(this.on, deadline=(old, to.closing), opens_at=(this.on.opens_at, opening))
        schedule(this, this.on)
        if tender.deadline is None or tender.deadline < to.closing:
            this.swap(tender, deadline=(tender.deadline, to.closing))
        said = ExtensionNotice(
            lot.code, lot.title, found.begin, found.end, old, to.closing, opening, row.declared, row.reason
        )
        notice = give(this, tender, said, lot.title, lot=this.on, until=to.closing)
        this.record(
            DeadlineExtended(
                lot.code, row.code, found.begin, found.end, old, to.closing, opening, OutageRule(*rule.minutes),
                bytes.fromhex(notice.digest),
            )
        )  # fmt: skip
        return Extension.objects.create(
            lot=this.on, outage=row, old=old, new=to.closing, opening=opening, notice=notice, at=this.now
        )


def told(row: Outage) -> str:
    """The interval in Beijing time."""
    return f"{local(row.begin):%Y-%m-%d %H:%M:%S}" + (f" – {local(row.end):%Y-%m-%d %H:%M:%S}" if row.end else "")
