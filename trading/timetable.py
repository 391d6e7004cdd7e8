"""Pure. When things may and must happen, and what the clock has to do next (domain.md 0.4, 2.1).

Enters: a procedure, the instants of a lot, the holiday table. Leaves: named instants with their articles, the reasons
against a proposed timetable, and the next event, which is stored as `next_at` and is all the ticker asks for.
The words of the terms: documents, preparation, clarification, objection_to_papers, answer, publicity_start, publicity,
report, contract, bond_refund, complaint.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ledger.errors import Reason, _
from trading.holidays import HolidayTable
from trading.periods import at_least_days, earliest_end, latest_before, local, local_day, period_end
from trading.procedures.procedure import Procedure, Term
from trading.stages import Stage


@dataclass(frozen=True)
class Mark:
    """A named instant: for an "until" what comes before `at` is in time. `article` is empty where no law speaks."""

    name: str
    at: datetime
    article: str


class Event(StrEnum):
    """What the clock brings about. The first two move the lot; the others are told once."""

    CLOSE = "close"  # the deadline: bidding -> closing
    COUNT = "count"  # everything stamped in time is decided: closing -> closed
    PUBLICITY_LATE = "publicity_late"  # the candidates should stand in public by now
    PUBLICITY_OVER = "publicity_over"  # the award may be given
    CONTRACT_LATE = "contract_late"
    REFUND_LATE = "refund_late"


@dataclass(frozen=True)
class State:
    """What `next_event` knows of a lot. Instants that have not come are None."""

    stage: Stage
    paused: bool = False
    deadline: datetime | None = None
    reported: datetime | None = None
    publicity_until: datetime | None = None
    awarded: datetime | None = None
    contracted: datetime | None = None


def earliest_deadline(procedure: Procedure, noticed: datetime, table: HolidayTable) -> datetime:
    """The first lawful deadline for a notice given at `noticed`. Refused `trading.holidays_missing`."""
    return earliest_end(noticed, procedure.terms["preparation"].period, table)


def timetable(procedure: Procedure, noticed: datetime, deadline: datetime, table: HolidayTable) -> list[Mark]:
    """The instants of a tender from its notice to its opening, in order of time. Refused as `earliest_deadline`."""
    terms = procedure.terms
    marks = [
        Mark("noticed", local(noticed), ""),
        _until("documents_at_least_until", noticed, terms["documents"], table),
        _before("clarification_until", deadline, terms["clarification"]),
        _before("objection_to_papers_until", deadline, terms["objection_to_papers"]),
        Mark("deadline", local(deadline), terms["preparation"].article),
        Mark("opening", local(deadline), _("Bidding Law, article 34")),
    ]
    return sorted(marks, key=lambda mark: mark.at)


def timetable_blockers(
    procedure: Procedure,
    noticed: datetime,
    deadline: datetime,
    table: HolidayTable,
    documents_until: datetime | None = None,
) -> list[Reason]:
    """Why this timetable may not be published; the papers stay to be had until `documents_until` (None: the deadline).

    Codes `trading.deadline_not_whole_second`, `_on_holiday`, `_too_early`, `trading.documents_too_short`.
    """
    return [
        *_deadline_blockers(deadline, table),
        *_too_early(procedure, noticed, deadline, table),
        *_documents_blockers(procedure, noticed, documents_until or deadline, table),
    ]


def addendum_blockers(procedure: Procedure, given: datetime, deadline: datetime) -> list[Reason]:
    """Why an addendum that affects bids may not stand at `given` without a later deadline: `trading.addendum_late`."""
    term = procedure.terms["clarification"]
    if at_least_days(given, deadline, term.period.count):
        return []
    text = _("An addendum comes at least %(days)s days before the deadline; move the deadline with it (%(article)s).")
    return [Reason("trading.addendum_late", text, {"days": str(term.period.count), "article": term.article})]


def deadline_after_addendum(procedure: Procedure, given: datetime, deadline: datetime, table: HolidayTable) -> datetime:
    """`deadline`, or the first lawful one after an addendum at `given`, at the same time of day, if that is later."""
    if not addendum_blockers(procedure, given, deadline):
        return local(deadline)
    day = local_day(earliest_end(given, procedure.terms["clarification"].period, table))
    return datetime.combine(day, local(deadline).timetz())


def objection_to_papers_blockers(procedure: Procedure, made: datetime, deadline: datetime) -> list[Reason]:
    """Why an objection to the tender papers comes too late at `made`: `trading.objection_late`."""
    term = procedure.terms["objection_to_papers"]
    if at_least_days(made, deadline, term.period.count):
        return []
    text = _("An objection to the tender papers comes at least %(days)s days before the deadline (%(article)s).")
    return [Reason("trading.objection_late", text, {"days": str(term.period.count), "article": term.article})]


def answer_until(procedure: Procedure, objected: datetime, table: HolidayTable) -> Mark:
    """By when an objection made at `objected` is answered; the activity rests meanwhile."""
    return _until("answer_until", objected, procedure.terms["answer"], table)


def publicity_start_until(procedure: Procedure, reported: datetime, table: HolidayTable) -> Mark:
    """By when the candidates must stand in public after the report."""
    return _until("publicity_start_until", reported, procedure.terms["publicity_start"], table)


def publicity_until(procedure: Procedure, begun: datetime, table: HolidayTable) -> Mark:
    """The earliest end of the candidates' publicity that began at `begun`; objections before it are in time."""
    return _until("publicity_until", begun, procedure.terms["publicity"], table)


def publicity_blockers(procedure: Procedure, begun: datetime, until: datetime, table: HolidayTable) -> list[Reason]:
    """Why the candidates' publicity may not end at `until`: `trading.publicity_too_short`."""
    mark = publicity_until(procedure, begun, table)
    text = _("The candidates stand in public until %(earliest)s at least (%(article)s).")
    return _earlier(until, mark.at, "trading.publicity_too_short", text, mark.article)


def after_award(procedure: Procedure, awarded: datetime, table: HolidayTable) -> list[Mark]:
    """By when the contract is signed and the supervisor told, after an award at `awarded`."""
    terms = procedure.terms
    return [
        _until("report_to_supervisor_until", awarded, terms["report"], table),
        _until("contract_until", awarded, terms["contract"], table),
    ]


def refund_until(procedure: Procedure, contracted: datetime, table: HolidayTable) -> Mark:
    """By when the bonds are given back with interest after the contract."""
    return _until("bond_refund_until", contracted, procedure.terms["bond_refund"], table)


def next_event(
    procedure: Procedure, state: State, table: HolidayTable, *, told: datetime | None = None
) -> tuple[datetime, Event] | None:
    """The next thing the clock must see to, with its instant; None while nothing waits for the clock.

    Moves stay due until the lot has moved. Reminders at or before `told` (the ticker's last look) are not repeated.
    A paused lot waits for nothing. Refused `trading.holidays_missing`.
    """
    if state.paused:
        return None
    if state.stage in {Stage.BIDDING, Stage.CLOSING} and state.deadline:
        return local(state.deadline), Event.CLOSE if state.stage is Stage.BIDDING else Event.COUNT
    waiting = [pair for pair in _reminders(procedure, state, table) if told is None or pair[0] > told]
    return min(waiting, default=None)


def _reminders(procedure: Procedure, state: State, table: HolidayTable) -> Iterator[tuple[datetime, Event]]:
    if state.stage is Stage.EVALUATED and state.reported:
        yield publicity_start_until(procedure, state.reported, table).at, Event.PUBLICITY_LATE
    if state.stage is Stage.PUBLICITY and state.publicity_until:
        yield local(state.publicity_until), Event.PUBLICITY_OVER
    if state.stage is Stage.AWARDED and state.awarded:
        yield period_end(state.awarded, procedure.terms["contract"].period, table), Event.CONTRACT_LATE
    if state.stage is Stage.CONTRACTED and state.contracted:
        yield refund_until(procedure, state.contracted, table).at, Event.REFUND_LATE


def _until(name: str, start: datetime, term: Term, table: HolidayTable) -> Mark:
    return Mark(name, period_end(start, term.period, table), term.article)


def _before(name: str, deadline: datetime, term: Term) -> Mark:
    return Mark(name, latest_before(deadline, term.period.count), term.article)


def _deadline_blockers(deadline: datetime, table: HolidayTable) -> Iterator[Reason]:
    if deadline.microsecond:
        yield Reason("trading.deadline_not_whole_second", _("A deadline falls on a whole second."))
    if not table.is_working(local_day(deadline)):
        yield Reason("trading.deadline_on_holiday", _("A deadline falls on a working day."))


def _too_early(procedure: Procedure, noticed: datetime, deadline: datetime, table: HolidayTable) -> list[Reason]:
    text = _("The deadline is %(earliest)s at the earliest (%(article)s).")
    earliest, article = earliest_deadline(procedure, noticed, table), procedure.terms["preparation"].article
    return _earlier(deadline, earliest, "trading.deadline_too_early", text, article)


def _documents_blockers(procedure: Procedure, noticed: datetime, until: datetime, table: HolidayTable) -> list[Reason]:
    text = _("The tender papers are to be had until %(earliest)s at least (%(article)s).")
    earliest, article = (
        period_end(noticed, procedure.terms["documents"].period, table),
        procedure.terms["documents"].article,
    )
    return _earlier(until, earliest, "trading.documents_too_short", text, article)


def _earlier(at: datetime, earliest: datetime, code: str, text: str, article: str) -> list[Reason]:
    if at >= earliest:
        return []
    return [Reason(code, text, {"earliest": f"{local(earliest):%Y-%m-%d %H:%M}", "article": article})]
