"""Pure. Checks 12 to 14: what was published, whether the law allows it, and what changed it.

12. The notice is the record that the log names; papers, lots, deadline and timetable in it are those of the log.
13. The timetable, the bonds and the methods are lawful for this kind of trade, by the verifier's own holiday table.
14. Every addendum is the record that the log names, came in time and moved the deadline only to a later time; every
    extension after an outage is what the formula makes of the interval; answered questions are the published ones; the
    deadline in force is the one at which the lots were closed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime

from ledger.errors import Reason, _
from supervision.verifier.case import Case, Happened, fault, missing, once_a_case, sha256
from supervision.verifier.check import Check, Found, each_lot
from supervision.verifier.trust import Trust
from trading import method, outage
from trading.method import Kind
from trading.periods import local
from trading.procedures.procedure import Method, Procedure
from trading.records import Addendum, ExtensionNotice, Instant, LotLine, PaperLine, TenderNotice
from trading.timetable import addendum_blockers, timetable, timetable_blockers

PUBLISHED, NOTICED, ADDED, DROPPED = (
    "trading:notice:published", "trading:lot:noticed", "trading:paper:added", "trading:paper:dropped",
)  # fmt: skip
ISSUED, MOVED = "trading:addendum:issued", "trading:deadline:moved"
EXTENDED = "trading:deadline:extended"
LATER_KINDS = frozenset({"addendum", "contract"})  # papers that come after the notice
METHODS = {Kind.COMPREHENSIVE: Method.COMPREHENSIVE, Kind.LOWEST_PRICE: Method.LOWEST_EVALUATED}


def record_of(case: Case) -> TenderNotice:
    """The notice; `Missing` without it."""
    return case.record(TenderNotice, case.one(PUBLISHED)["digest"], _("the notice"))


def line_of(case: Case, lot: str) -> LotLine:
    """A lot as noticed; `Missing` when it is not in the notice."""
    found = next((line for line in record_of(case).lots if line.code == lot), None)
    if found is None:
        raise missing(_("the lot in the notice"))
    return found


@once_a_case
def method_of(case: Case, lot: str) -> method.Method:
    """The method of a lot as noticed. Refused trading.method_*."""
    return method.parse(json.loads(line_of(case, lot).method))


def procedure_of(case: Case, trust: Trust) -> Procedure:
    """The kind of trade; `Missing` when this verifier does not know it."""
    found = trust.procedures.get(record_of(case).procedure)
    if found is None:
        raise missing(_("rules for this kind of trade"))
    return found


def deadline_of(case: Case, lot: str, before: int | None = None) -> datetime:
    """The deadline in force for the bids of a lot: in the end, or before the entry with the index `before`."""
    steps = sorted((*case.all(MOVED, lot=lot), *case.all(EXTENDED, lot=lot)), key=lambda one: one.index)
    found: datetime = case.one(NOTICED, lot=lot)["deadline"]
    for one in steps:
        if before is None or one.index < before:
            found = one["new"]
    return found


def notice(case: Case, _trust: Trust) -> Found:
    """Check 12."""
    entry, record = case.one(PUBLISHED), record_of(case)
    said = (entry["tender"], entry["published"], entry["deadline"], entry["timetable"], entry.at)
    if said != (record.tender, record.published, record.deadline, record.timetable, record.published):
        yield fault("notice", _("The notice says something else than its entry in the log."))
    if record.tender != case.tender or tuple(line.code for line in record.lots) != case.lots:
        yield fault("notice_lots", _("The bundle is not about the tender and the lots of the notice."))
    case.one("trading:tender:drafted", tender=case.tender)
    for lot in case.lots:
        case.one("trading:lot:drafted", lot=lot)
        noticed = case.one(NOTICED, lot=lot)
        if (noticed["notice"], noticed["deadline"], noticed.at) != (entry["digest"], record.deadline, entry.at):
            text = _("The entry that opened lot %(lot)s for bids does not fit the notice.")
            yield fault("lot_noticed", text, lot=lot)
    yield from _papers(case, entry, record)


def _papers(case: Case, entry: Happened, record: TenderNotice) -> Iterator[Reason]:
    dropped = {one["paper"] for one in case.all(DROPPED) if one.index < entry.index}
    laid = [one for one in case.all(ADDED) if one.index < entry.index and one["paper"] not in dropped]
    if [(one["kind"], one["digest"], one["size"]) for one in laid] != [
        (line.kind, line.digest, line.size) for line in record.papers
    ]:
        yield fault("papers", _("The papers of the notice are not those that were laid with the tender."))
    yield from bytes_of(case, record.papers)


def bytes_of(case: Case, papers: Iterable[PaperLine]) -> Iterator[Reason]:
    """Findings about papers whose bytes are not there or have another length."""
    for line in papers:
        if len(case.object(line.digest, _("a tender paper"))) != line.size:
            yield fault("paper_size", _("The paper %(name)s has another size than published."), name=line.name)


def lawful(case: Case, trust: Trust) -> Found:
    """Check 13."""
    record, procedure = record_of(case), procedure_of(case, trust)
    yield from procedure.missing_papers(frozenset(line.kind for line in record.papers))
    yield from timetable_blockers(procedure, local(record.published), record.deadline, trust.holidays)
    marks = timetable(procedure, record.published, record.deadline, trust.holidays)
    if record.timetable != tuple(Instant(mark.name, mark.at, mark.article) for mark in marks):
        yield fault("timetable", _("The timetable of the notice is not the one that the law makes of its dates."))
    for line in record.lots:
        yield from _lawful_lot(procedure, line)


def _lawful_lot(procedure: Procedure, line: LotLine) -> Iterator[Reason]:
    declared = method.parse(json.loads(line.method))
    if METHODS[declared.kind] not in procedure.methods:
        text = _("The evaluation method of lot %(lot)s is not allowed in this kind of trade.")
        yield fault("method", text, lot=line.code)
    if line.ceiling is None and line.bond:
        text = _("Lot %(lot)s asks for a bond but has no ceiling price to measure it by.")
        yield fault("bond", text, lot=line.code)
    elif line.ceiling is not None:
        yield from procedure.bond.blockers(line.bond, line.ceiling)


def addenda(case: Case, trust: Trust) -> Found:
    """Check 14, what concerns the tender; then the lots."""
    deadline = record_of(case).deadline
    issued = case.all(ISSUED, tender=case.tender)
    if [one["number"] for one in issued] != list(range(1, len(issued) + 1)):
        yield fault("addenda", _("The addenda are not numbered one after the other."))
    for one in issued:
        later = [step["new"] for step in case.all(EXTENDED) if step.index < one.index]
        yield from _addendum(case, trust, one, max([deadline, *later]))
        deadline = one["deadline"]
    yield from _answers(case)
    for one in case.all(MOVED):
        if not any(issue.at == one.at and issue["deadline"] == one["new"] for issue in issued):
            yield fault("deadline_moved", _("A deadline was moved without an addendum."))
    yield from _extensions(case, trust)
    yield from _closings(case, trust)


@each_lot
def _extensions(case: Case, _trust: Trust, lot: str) -> Found:
    """Every extension after an outage is what the formula makes of it, before the lot was closed, and was noticed."""
    closing = case.first("trading:lot:closing", lot=lot)
    for one in case.all(EXTENDED, lot=lot):
        record = case.record(ExtensionNotice, one["digest"], _("the notice of an extension"))
        said = (record.lot, record.begin, record.end, record.old, record.new, record.opening)
        if said != (lot, one["begin"], one["end"], one["old"], one["new"], one["opening"]):
            yield fault("extension_notice", _("The notice of an extension says something else than its entry."))
        if not _is_extension(one, deadline_of(case, lot, one.index)) or (closing and closing.index < one.index):
            yield fault("extension", _("A deadline was moved after an outage otherwise than the formula says."))


def _is_extension(one: Happened, before: datetime) -> bool:
    rule = one["rule"]
    figures = (rule.near, rule.long, rule.closing, rule.opening, rule.long_closing, rule.long_opening)
    try:
        to = outage.moved(
            one["old"], outage.Outage(one["begin"], one["end"]), outage.rule_of([str(figure) for figure in figures])
        )
    except ValueError:
        return False
    said = (one["old"], one["new"])
    return to is not None and said == (before, to.closing) and one["opening"] >= to.opening and one.at >= one["end"]


def _answers(case: Case) -> Iterator[Reason]:
    """Answers are numbered one after the other, each to a question that was asked, once its veil is off."""
    answers = case.all("trading:question:answered")
    asked = {one["question"]: one for one in case.all("trading:question:asked")}
    if [one["number"] for one in answers] != list(range(1, len(answers) + 1)):
        yield fault("answers", _("The published answers are not numbered one after the other."))
    for one in answers:
        question, _mark, _answer = case.object(one["digest"], _("a published answer")).partition(b"\0")
        is_off = case.all("bidding:prices:read", lot=one["lot"]) or case.all("bidding:lot:failed", lot=one["lot"])
        said = asked.get(one["question"])
        if is_off and (said is None or said["text"] != sha256(question)):
            yield fault("question", _("An answer is to another question than was asked."))


def _addendum(case: Case, trust: Trust, entry: Happened, before: datetime) -> Iterator[Reason]:
    record = case.record(Addendum, entry["digest"], _("an addendum"))
    said = (entry["tender"], entry["number"], entry["material"], entry["deadline"], entry.at)
    if said != (record.tender, record.number, record.material, record.deadline, record.issued):
        yield fault("addendum", _("An addendum says something else than its entry in the log."))
    if record.deadline < before or record.issued >= before:
        yield fault("addendum_late", _("An addendum came after the deadline, or moved it to an earlier time."))
    if record.material:
        yield from addendum_blockers(procedure_of(case, trust), local(record.issued), record.deadline)
    yield from bytes_of(case, record.papers)


@each_lot
def _closings(case: Case, _trust: Trust, lot: str) -> Found:
    deadline = deadline_of(case, lot)
    for one in (*case.all("trading:lot:closing", lot=lot), *case.all("bidding:lot:closed", lot=lot)):
        if one["deadline"] != deadline or one.at < deadline:
            yield fault("closed_early", _("The lot was closed at another time than its deadline."))


CHECKS = (
    Check(12, _("The notice and its papers are what the log says was published"), notice),
    Check(13, _("Timetable, bonds and methods are lawful"), lawful),
    Check(14, _("Addenda, answers and the deadline in force"), addenda),
)
