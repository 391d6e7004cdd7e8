"""The candidates' publicity: from the signed report to the end of the objection window (Bidding Regulation 54).

Enters: within the evaluation's act, a lot in stage evaluated, its candidates, its bidders, the report's digest. Leaves:
the notice of candidates and the lot in stage publicity until the time the law demands, extended over holidays.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from ledger.act import This
from ledger.errors import refuse
from trading.almanac import shipped
from trading.candidates import Bidder, Candidate, candidates_blockers
from trading.enrolment import registered
from trading.events import CandidatesPublished
from trading.models import CandidateRow, Lot, Notice, Participant, Party
from trading.noticing import give
from trading.procedures.known import procedure_of
from trading.progress import schedule
from trading.records import CandidateLine, CandidatesNotice
from trading.stages import Stage
from trading.timetable import Mark, publicity_until

FOUR = Decimal("0.0001")


def receive_candidates(
    this: This[Any], lot: Lot, candidates: Sequence[Candidate], *, bidders: Sequence[Bidder], report: str
) -> Notice:
    """Publish the candidates of `lot` now. `report` is the SHA-256 (hex) of the signed report, `bidders` all that were
    opened. The lot must be in stage evaluated; it goes to publicity. Refused `trading.candidates_*`, `party.unknown`.
    """
    procedure = procedure_of(lot.tender.procedure)
    refuse(candidates_blockers(candidates, bidders, procedure.most_candidates))
    parties = {bidder.credit_code: registered(bidder.credit_code) for bidder in bidders}
    until = publicity_until(procedure, this.now, shipped())
    record = _record(this, lot, candidates, parties, until, report)
    notice = give(this, lot.tender, record, lot.title, lot=lot, until=until.at)
    Participant.objects.bulk_create(
        Participant(lot=lot, party=parties[bidder.credit_code], notice=notice, bid_code=bidder.bid_code)
        for bidder in bidders
    )
    CandidateRow.objects.bulk_create(_row(lot, notice, parties, candidate) for candidate in candidates)
    this.move(lot, Stage.PUBLICITY)
    this.swap(lot, reported_at=(lot.reported_at, lot.reported_at or this.now))
    this.swap(lot, publicity_until=(lot.publicity_until, until.at))
    schedule(this, lot)
    digests = bytes.fromhex(notice.digest), bytes.fromhex(report)
    this.record(CandidatesPublished(lot.code, *digests, until.at), scope=lot.code)
    return notice


def _record(
    this: This[Any], lot: Lot, candidates: Sequence[Candidate], parties: dict[str, Party], until: Mark, report: str
) -> CandidatesNotice:
    return CandidatesNotice(
        lot=lot.code,
        title=lot.title,
        begun=this.now,
        until=until.at,
        article=until.article,
        bidders=len(parties),
        candidates=tuple(_line(candidate, parties[candidate.credit_code]) for candidate in candidates),
        report=bytes.fromhex(report),
    )


def _line(candidate: Candidate, party: Party) -> CandidateLine:
    return CandidateLine(
        candidate.rank, party.name, party.credit_code, candidate.price, _score(candidate), candidate.days,
        candidate.quality, candidate.manager,
    )  # fmt: skip


def _row(lot: Lot, notice: Notice, parties: dict[str, Party], candidate: Candidate) -> CandidateRow:
    return CandidateRow(
        lot=lot, party=parties[candidate.credit_code], notice=notice, rank=candidate.rank, bid_code=candidate.bid_code,
        price=candidate.price, score=_score(candidate), days=candidate.days, quality=candidate.quality,
        manager=candidate.manager,
    )  # fmt: skip


def _score(candidate: Candidate) -> Decimal | None:
    return None if candidate.score is None else candidate.score.quantize(FOUR)
