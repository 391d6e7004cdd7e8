"""Pure. Checks 31 to 34: candidates, publicity, award, contract.

31. The candidates published are those of the signed report, with the prices that were read and the report's points.
32. They stood in public as long as the law asks, and every objection to the result was answered before the award.
33. The award went to the first candidate, at the price of its bid.
34. The contract is for what was awarded, and purchaser and winner signed it.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from bidding.hall.opening_record import OpeningRecord
from evaluation.report import Report, ReportBid
from ledger.canon import encode
from ledger.errors import Reason, _
from supervision.verifier.belonging import ENROLLED, REGISTERED, bodies
from supervision.verifier.case import Case, Happened, fault, missing
from supervision.verifier.check import Check, Found, each_lot
from supervision.verifier.judging import EVALUATED, report_of
from supervision.verifier.notice import line_of, procedure_of
from supervision.verifier.opening import readout_of
from supervision.verifier.trust import Trust
from trading.records import AwardNotice, Body, CandidateLine, CandidatesNotice, ContractRecord
from trading.timetable import after_award, answer_until, publicity_until

PUBLISHED, OVER, AWARDED = "trading:candidates:published", "trading:publicity:ended", "trading:award:noticed"
OBJECTED, ANSWERED = "trading:objection:made", "trading:objection:answered"
DRAWN, ENDORSED, CONTRACTED = "trading:contract:drawn", "trading:contract:endorsed", "trading:contract:signed"
FOUR = Decimal("0.0001")


@each_lot
def candidates(case: Case, _trust: Trust, lot: str) -> Found:
    """Check 31."""
    for entry in case.all(PUBLISHED, lot=lot):
        record = case.record(CandidatesNotice, entry["digest"], _("the notice of the candidates"))
        report, evaluated = report_of(case, lot), case.one(EVALUATED, lot=lot)
        said = (record.lot, record.title, record.begun, record.until, record.report, entry["report"], record.bidders)
        so = (
            lot, line_of(case, lot).title, entry.at, entry["until"], evaluated["digest"], evaluated["digest"],
            len(report.bids),
        )  # fmt: skip
        if said != so or entry.index < evaluated.index:
            yield fault("candidates", _("The notice of the candidates does not rest on the signed report."))
        if tuple(_plain(line) for line in record.candidates) != tuple(_lines(report)):
            yield fault("candidate", _("The candidates published are not those of the report."))
        yield from _stated(case, lot, report, record)


def _plain(line: CandidateLine) -> tuple[object, ...]:
    return line.rank, line.name, line.credit_code, line.price, line.score, line.days


def _lines(report: Report) -> Iterator[tuple[object, ...]]:
    totals = {line.bid: line.total for line in report.lines}
    for rank, code in enumerate(report.candidates, start=1):
        bid, total = report.bid(code), totals[code]
        score = None if total is None else total.quantize(FOUR)
        yield rank, bid.name, bid.credit_code, bid.price, score, bid.days


def _stated(case: Case, lot: str, report: Report, record: CandidatesNotice) -> Iterator[Reason]:
    """Quality and manager are those of the opening record."""
    opened = case.record(OpeningRecord, case.one("bidding:lot:opened", lot=lot)["record"], _("the opening record"))
    items = {bid.code: {item.name: item.value for item in bid.items} for bid in opened.bids}
    for code, line in zip(report.candidates, record.candidates, strict=True):
        stated = items.get(code, {})
        if (line.quality, line.manager) != (stated.get("quality", "")[:200], stated.get("manager", "")[:100]):
            yield fault("candidate", _("The candidates published are not those of the report."))


@each_lot
def publicity(case: Case, trust: Trust, lot: str) -> Found:
    """Check 32."""
    for entry in case.all(PUBLISHED, lot=lot):
        record = case.record(CandidatesNotice, entry["digest"], _("the notice of the candidates"))
        mark = publicity_until(procedure_of(case, trust), record.begun, trust.holidays)
        if record.until < mark.at or record.article != mark.article:
            yield fault("publicity", _("The candidates stood in public for less than the law asks."))
    published = case.last(PUBLISHED, lot=lot)
    for entry in case.all(OVER, lot=lot):
        made = [one for one in case.all(OBJECTED, lot=lot, about="result") if one.index < entry.index]
        if (
            published is None
            or entry["until"] != published["until"]
            or entry.at < published["until"]
            or entry["objections"] != len(made)
        ):
            yield fault("publicity_end", _("The publicity was ended early, or with another number of objections."))
    yield from _objections(case, trust, lot)
    for award in case.all(AWARDED, lot=lot):
        if not any(one.index < award.index for one in case.all(OVER, lot=lot)):
            yield fault("publicity_open", _("The award was given before the end of the publicity was on record."))
        for one in case.all(OBJECTED, lot=lot, about="result"):
            answers = case.all(ANSWERED, lot=lot, objection=one["objection"])
            if one.index < award.index and not any(answer.index < award.index for answer in answers):
                yield fault("unanswered", _("The award was given before an objection was answered."))


def _objections(case: Case, trust: Trust, lot: str) -> Iterator[Reason]:
    """Every objection has the time for its answer that the law gives; every answer is to one that was made."""
    made = {one["objection"]: one for one in case.all(OBJECTED, lot=lot)}
    for one in made.values():
        if one["answer_until"] != answer_until(procedure_of(case, trust), one.at, trust.holidays).at:
            yield fault("answer_until", _("An objection was given another time for its answer than the law gives."))
    for answer in case.all(ANSWERED, lot=lot):
        about = made.get(answer["objection"])
        if about is None or about["about"] != answer["about"]:
            yield fault("answer", _("An answer is to an objection that nobody made."))


def winner_of(case: Case, lot: str) -> ReportBid:
    """The first candidate; `Missing` when the report has none."""
    report = report_of(case, lot)
    if not report.candidates:
        raise missing(_("a candidate in the report"))
    return report.bid(report.candidates[0])


@each_lot
def award(case: Case, trust: Trust, lot: str) -> Found:
    """Check 33."""
    for entry in case.all(AWARDED, lot=lot):
        published, first = case.last(PUBLISHED, lot=lot), winner_of(case, lot)
        if published is None or entry.at < published["until"] or entry.index < published.index:
            yield fault("award_early", _("The award was given before the publicity was over."))
        party = {bid.code: bid.party for bid in readout_of(case, lot).bids}.get(first.code)
        if (entry["bid"], entry["winner"], entry["amount"]) != (first.code, party, first.price):
            yield fault("award", _("The award did not go to the first candidate at the price of its bid."))
        yield from _award_record(case, trust, entry, first)
        case.object(entry["paper"], _("the award notice as a document"))


def _award_record(case: Case, trust: Trust, entry: Happened, first: ReportBid) -> Iterator[Reason]:
    record = case.record(AwardNotice, entry["digest"], _("the award notice"))
    marks = {mark.name: mark for mark in after_award(procedure_of(case, trust), entry.at, trust.holidays)}
    until = marks["contract_until"]
    made = AwardNotice(
        lot=entry["lot"], title=line_of(case, entry["lot"]).title, number=entry["number"],
        purchaser=bodies(case)["purchaser"], winner=Body(first.credit_code, first.name), amount=first.price,
        days=first.days, awarded=entry.at, contract_until=until.at, article=until.article,
    )  # fmt: skip
    if record != made or entry["contract_until"] != until.at:
        yield fault("award_notice", _("The award notice says something else than report and law give."))


@each_lot
def contract(case: Case, trust: Trust, lot: str) -> Found:
    """Check 34."""
    for entry in case.all(DRAWN, lot=lot):
        noticed = case.last(AWARDED, lot=lot)
        if noticed is None:
            raise missing(_("the award behind the contract"))
        record = case.record(ContractRecord, entry["digest"], _("the contract"))
        yield from _contract_record(case, entry, noticed, record)
        for signature in case.all(ENDORSED, lot=lot, number=entry["number"]):
            yield from _endorsed(case, trust, signature, record)
        if len(case.all(ENDORSED, lot=lot, number=entry["number"])) > 1 and not case.all(CONTRACTED, lot=lot):
            yield fault("contract_open", _("Both sides signed the contract, and the log does not conclude it."))
    for done in case.all(CONTRACTED, lot=lot):
        drawn, noticed = case.one(DRAWN, lot=lot, number=done["number"]), case.last(AWARDED, lot=lot)
        sides = [one["party"] for one in case.all(ENDORSED, lot=lot, number=done["number"]) if one.index < done.index]
        if noticed is None or (done["digest"], done["amount"], done["winner"]) != (
            drawn["digest"], noticed["amount"], noticed["winner"],
        ):  # fmt: skip
            yield fault("contract", _("The contract is not for what was awarded."))
        if len(set(sides)) != 2 or len(sides) != 2 or done["winner"] not in sides:
            yield fault("contract_unsigned", _("The contract was concluded without the signatures of both sides."))


def _contract_record(case: Case, entry: Happened, noticed: Happened, record: ContractRecord) -> Iterator[Reason]:
    given = case.record(AwardNotice, noticed["digest"], _("the award notice"))
    said = (
        record.number, record.lot, record.title, record.purchaser, record.winner, record.amount, record.days,
        record.award, record.drawn,
    )  # fmt: skip
    so = (
        entry["number"], given.lot, given.title, given.purchaser, given.winner, given.amount, given.days,
        noticed["digest"], entry.at,
    )  # fmt: skip
    if said != so:
        yield fault("contract", _("The contract is not for what was awarded."))
    if record.drawn >= given.contract_until and not record.late:
        yield fault("contract_late", _("The contract was drawn up too late and gives no reason."))
    if record.text is not None and not case.is_public:
        case.object(record.text, _("the text of the contract"))


def _endorsed(case: Case, trust: Trust, entry: Happened, record: ContractRecord) -> Iterator[Reason]:
    signer = trust.signer(encode(record), case.object(entry["signature"], _("a contract signature")), entry.at)
    body = next((one for one in (record.purchaser, record.winner) if one.credit_code == signer.credit_code), None)
    party = case.all(REGISTERED, party=entry["party"], credit_code=signer.credit_code)
    account = case.all(ENROLLED, fingerprint=signer.fingerprint, account=entry.by)
    if body is None or not party or not account:
        yield fault("contract_signer", _("The contract was signed by somebody who is no side of it."))


CHECKS = (
    Check(31, _("The candidates published are those of the report"), candidates, since=(PUBLISHED,)),
    Check(
        32,
        _("The publicity lasted as long as the law asks, and objections were answered"),
        publicity,
        since=(PUBLISHED, OBJECTED),
    ),
    Check(33, _("The award went to the first candidate at the price of its bid"), award, since=(AWARDED,)),
    Check(34, _("The contract is for what was awarded"), contract, since=(DRAWN,)),
)
