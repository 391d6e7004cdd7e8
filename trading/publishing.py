"""Publishing: a draft becomes a tender that everybody sees, with a timetable the law allows (domain.md 2.1, C4 to C8).

Enters: a draft tender and a deadline. Leaves: the notice as a canonical record, the lots in stage bidding, or every
reason against it at once. No lot is noticed before its custody sheet is in the log (sealing.md).
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from datetime import datetime, time

from ledger.act import act
from ledger.actor import Actor
from ledger.errors import Reason, Refused, _, refuse
from ledger.models import EntryRow
from trading import method, papers
from trading.almanac import shipped
from trading.drafting import LotDraft, draft_lot_blockers
from trading.events import LotNoticed, NoticePublished
from trading.models import Lot, Notice, Tender
from trading.noticing import body_of, give
from trading.periods import SHANGHAI, local, local_day
from trading.procedures.known import procedure_of
from trading.procedures.procedure import Method, Procedure
from trading.records import Instant, LotLine, TenderNotice
from trading.stages import Stage
from trading.timetable import Mark, State, earliest_deadline, next_event, timetable, timetable_blockers

# Entries of the room above: a lot's custody sheet is settled, a rehearsal was opened; and what undoes both.
CUSTODY, REHEARSED = "bidding:sheet:sealed", "bidding:rehearsal:opened"
UNDOING = ("bidding:key:registered", "bidding:policy:chosen")
METHODS = {
    method.Kind.COMPREHENSIVE: Method.COMPREHENSIVE,
    method.Kind.LOWEST_PRICE: Method.LOWEST_EVALUATED,
}


def publication_blockers(tender: Tender, deadline: datetime | None, at: datetime) -> list[Reason]:
    """Every reason why `tender` cannot be published at `at` with this deadline."""
    procedure = procedure_of(tender.procedure)
    lots = list(tender.lots.all())
    return [
        *_lots_blockers(procedure, lots),
        *procedure.missing_papers(frozenset(paper.kind for paper in tender.papers.all())),
        *_custody_blockers(tender, lots),
        *_deadline_blockers(procedure, deadline, at),
    ]


def publish(tender: Tender, deadline: datetime, *, actor: Actor) -> Notice:
    """Give the notice of `tender`; every lot takes bids from now until `deadline`."""
    with act("trading:tender:publish", actor, on=tender) as this:
        fresh = this.on
        refuse(publication_blockers(fresh, deadline, this.now))
        procedure = procedure_of(fresh.procedure)
        times = instants(timetable(procedure, this.now, deadline, shipped()))
        this.move(fresh, "published")
        this.swap(fresh, published_at=(None, this.now), deadline=(None, deadline))
        notice = give(this, fresh, _record(fresh, times), fresh.title, until=deadline)
        digest = bytes.fromhex(notice.digest)
        this.record(NoticePublished(fresh.code, digest, this.now, deadline, times))
        for lot in fresh.lots.all():
            this.move(lot, Stage.BIDDING)
            after = next_event(procedure, State(Stage.BIDDING, deadline=deadline), shipped())
            this.swap(lot, deadline=(None, deadline), next_at=(None, after[0] if after else None))
            this.record(LotNoticed(lot.code, digest, deadline), scope=lot.code)
    return notice


def suggested_deadline(tender: Tender, at: datetime) -> datetime:
    """The first lawful working day for the deadline of a notice given at `at`, at half past nine in the morning."""
    day = local_day(earliest_deadline(procedure_of(tender.procedure), at, shipped()))
    return datetime.combine(day, time(9, 30), SHANGHAI)


def timetable_of(tender: Tender) -> list[Mark]:
    """The instants of a published tender, in order of time."""
    if tender.published_at is None or tender.deadline is None:
        return []
    return timetable(procedure_of(tender.procedure), tender.published_at, tender.deadline, shipped())


def instants(marks: list[Mark]) -> tuple[Instant, ...]:
    """Marks as records name them."""
    return tuple(Instant(mark.name, mark.at, mark.article) for mark in marks)


def _record(tender: Tender, times: tuple[Instant, ...]) -> TenderNotice:
    if tender.published_at is None or tender.deadline is None:
        raise ValueError("a notice needs its instants")
    return TenderNotice(
        tender=tender.code,
        round=tender.round,
        title=tender.title,
        summary=tender.summary,
        procedure=tender.procedure,
        purchaser=body_of(tender.purchaser),
        agent=body_of(tender.agent),
        centre=body_of(tender.centre),
        regulator=body_of(tender.regulator),
        published=tender.published_at,
        deadline=tender.deadline,
        timetable=times,
        lots=tuple(_line(lot) for lot in tender.lots.all()),
        papers=tuple(papers.line_of(paper) for paper in tender.papers.all()),
    )


def _line(lot: Lot) -> LotLine:
    spelled = json.dumps(lot.method, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return LotLine(lot.code, lot.title, lot.ceiling, lot.bond, lot.days, unicodedata.normalize("NFC", spelled))


def _lots_blockers(procedure: Procedure, lots: list[Lot]) -> Iterator[Reason]:
    if not lots:
        yield Reason("trading.no_lots", _("A tender has at least one lot."))
    for lot in lots:
        yield from draft_lot_blockers(LotDraft(lot.title, lot.ceiling, lot.bond, lot.days, lot.method))
        yield from _bond_blockers(procedure, lot)
        yield from _method_blockers(procedure, lot)


def _bond_blockers(procedure: Procedure, lot: Lot) -> list[Reason]:
    if lot.ceiling is None and lot.bond:
        text = _("Lot %(lot)s asks for a bond but has no ceiling price to measure it by.")
        return [Reason("trading.bond_without_ceiling", text, {"lot": lot.code})]
    return procedure.bond.blockers(lot.bond, lot.ceiling or lot.bond)


def _method_blockers(procedure: Procedure, lot: Lot) -> list[Reason]:
    try:
        declared = method.parse(lot.method)
    except Refused as refusal:
        return list(refusal.reasons)
    if METHODS[declared.kind] in procedure.methods:
        return []
    text = _("The evaluation method of lot %(lot)s is not allowed in this kind of trade.")
    return [Reason("trading.method_not_allowed", text, {"lot": lot.code})]


def _custody_blockers(tender: Tender, lots: list[Lot]) -> list[Reason]:
    """Sheets and rehearsal count only when they came after the last key and the last choice of the policy."""
    codes = [lot.code for lot in lots]
    undone = EntryRow.objects.filter(tag__in=UNDOING, scope=tender.code).order_by("-pk").first()
    after = EntryRow.objects.filter(pk__gt=undone.pk if undone else 0)
    sealed = set(after.filter(tag=CUSTODY, scope__in=codes).values_list("scope", flat=True))
    text = _("The custodians of lot %(lot)s have not sealed their sheet of keys yet.")
    reasons = [Reason("trading.no_custody_sheet", text, {"lot": code}) for code in codes if code not in sealed]
    if not after.filter(tag=REHEARSED, scope=tender.code).exists():
        text = _("The custodians have not opened a rehearsal with their keys yet.")
        reasons.append(Reason("trading.no_rehearsal", text))
    return reasons


def _deadline_blockers(procedure: Procedure, deadline: datetime | None, at: datetime) -> list[Reason]:
    if deadline is None:
        return [Reason("trading.deadline_missing", _("The deadline for bids is not set."))]
    try:
        return timetable_blockers(procedure, local(at), deadline, shipped())
    except Refused as refusal:
        return list(refusal.reasons)
