"""The candidates' publicity: a record for everybody, as long as the law wants it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest

from ledger.errors import Refused
from ledger.events import read_entry
from ledger.models import EntryRow
from tests.trading.results import REPORT, candidate, credit_code_of, evaluated, in_publicity, publish_candidates
from tests.world import World
from trading import noticing
from trading.models import CandidateRow, Lot, Notice, Participant
from trading.records import CandidateLine, CandidatesNotice

BEFORE_QINGMING = datetime.fromisoformat("2026-04-02T15:00:00+08:00")


def test_candidates_stand_in_public_for_three_days(world: World) -> None:
    lot = in_publicity(world)
    until = datetime.fromisoformat("2026-03-06T00:00:00+08:00")
    assert (lot.stage, lot.reported_at, lot.publicity_until, lot.next_at) == (
        "publicity", world.clock.now(), until, until,
    )  # fmt: skip
    record = noticing.record_of(Notice.objects.get(kind="candidates"))
    assert isinstance(record, CandidatesNotice)
    assert (record.bidders, record.until, record.report.hex()) == (4, until, REPORT)
    assert record.candidates[0] == CandidateLine(
        1, "bidder1", credit_code_of(world.bidder(1)), Decimal("9596000.00"), Decimal("95.5000"), 281, "合格", "张工"
    )
    assert [line.rank for line in record.candidates] == [1, 2, 3]
    assert Participant.objects.count() == 4
    entry = read_entry(bytes(EntryRow.objects.latest("pk").leaf))
    assert (entry.tag, dict(entry.values)) == (
        "trading:candidates:published",
        {"lot": lot.code, "digest": bytes.fromhex(Notice.objects.get(kind="candidates").digest),
         "report": bytes.fromhex(REPORT), "until": until},
    )  # fmt: skip


def test_publicity_is_extended_over_holidays(world: World) -> None:
    lot = evaluated(world)
    world.clock.set(BEFORE_QINGMING)
    notice = publish_candidates(world, lot, candidate(world, 1))
    assert notice.until == datetime.fromisoformat("2026-04-08T00:00:00+08:00")


def test_a_candidate_who_did_not_bid_publishes_nothing(world: World) -> None:
    lot = evaluated(world)
    with pytest.raises(Refused) as refusal:
        publish_candidates(world, lot, candidate(world, 1), candidate(world, 3, rank=3))
    assert refusal.value.codes == ["trading.candidates_ranks"]
    assert (Lot.objects.get().stage, CandidateRow.objects.count()) == ("evaluated", 0)
