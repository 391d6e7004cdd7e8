"""Releasing: complete, signed, by the right person, not before the count; and the shares stay private."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from django.db import connection

from bidding.envelope.sheet import sheet_digest
from bidding.models import Release
from bidding.opening.quorum import Light, given_for, is_complete, lights
from bidding.opening.release import release
from bidding.opening.statement import make_statement
from bidding.submission.closing import close
from ledger.actor import Role
from ledger.errors import Absent, Refused
from ledger.events import read_entry
from ledger.models import EntryRow
from tests.bidding.full_hall import Hall
from tests.world import World
from trading.stages import Stage


@pytest.fixture
def hall(world: World) -> Hall:
    made = Hall(world)
    for number in (1, 2, 3):
        made.submit(number)
    return made


def refused(hall: Hall, label: str = "a", **change: object) -> list[str]:
    """The codes with which a batch is refused; nothing of it may stay."""
    batch = replace(hall.batch(label), **change)  # type: ignore[arg-type]  # fields by name
    actor = {"a": hall.world.agent, "c": hall.world.centre, "r": hall.world.regulator}[label].actor
    with pytest.raises(Refused) as refusal:
        release(hall.fresh(), batch, actor=actor)
    assert not Release.objects.exists()
    assert "bidding:share:released" not in hall.world.recorded()
    return refusal.value.codes


@pytest.mark.parametrize("stage", [Stage.BIDDING, Stage.CLOSING])
def test_a_share_before_the_count_is_too_early(hall: Hall, stage: Stage) -> None:
    hall.move(stage)
    assert refused(hall) == ["bidding.too_early"]


def test_a_share_waits_for_the_checkpoint_over_the_closing_entry(hall: Hall) -> None:
    hall.world.clock.set(hall.lot.deadline)  # type: ignore[arg-type]  # the lot has one
    hall.move(Stage.CLOSING)
    close(hall.fresh())
    assert refused(hall) == ["bidding.closing_unproved"]


def test_the_leaf_of_another_is_refused(hall: Hall) -> None:
    hall.count()
    assert refused(hall, "a", leaf="c") == ["bidding.wrong_custodian"]
    assert refused(hall, "a", leaf="x") == ["bidding.wrong_custodian"]


def test_a_colleague_of_the_custodian_is_refused(hall: Hall) -> None:
    """Same body, own enrolled certificate, but not the person in the sheet."""
    hall.count()
    colleague = hall.world.account("agent2", Role.AGENT, "agent")
    batch = hall.batch("a")
    with pytest.raises(Refused) as refusal:
        release(hall.fresh(), batch, actor=colleague.actor)
    assert refusal.value.codes == ["signature.not_yours"]
    signed = replace(batch, signature=hall.signer(colleague).sign(statement_of(hall)))
    with pytest.raises(Refused) as refusal:
        release(hall.fresh(), signed, actor=colleague.actor)
    assert refusal.value.codes == ["bidding.wrong_custodian"]


def statement_of(hall: Hall) -> bytes:
    """The statement that custodian a would sign."""
    shares = hall.shares("a")
    pieces = [hall.piece("a", row, shares[row.number]) for row in hall.envelopes()]
    return make_statement(hall.lot.code, 1, sheet_digest(hall.sheet), "a", pieces)


def test_strangers_and_bidders_are_refused(hall: Hall) -> None:
    hall.count()
    for account in (hall.world.stranger, hall.world.bidder(1), hall.world.purchaser):
        with pytest.raises(Refused) as refusal:
            release(hall.fresh(), hall.batch("a"), actor=account.actor)
        assert refusal.value.codes == ["rights.role"]


def test_an_incomplete_batch_is_refused(hall: Hall) -> None:
    hall.count()
    shares = hall.shares("a")
    fewer = dict(list(shares.items())[1:])
    more = {**shares, "nosuchnumber": bytes(16)}
    assert refused(hall, shares=fewer) == ["bidding.batch_incomplete"]
    assert refused(hall, shares=more) == ["bidding.batch_incomplete"]


@pytest.mark.parametrize("length", [0, 15, 16, 17])
def test_a_share_that_does_not_fit_its_commitment_is_as_if_not_given(hall: Hall, length: int) -> None:
    hall.count()
    shares = hall.shares("a")
    shares[min(shares)] = bytes(length)
    assert refused(hall, shares=shares) == ["bidding.share_mismatch"]


def test_the_share_of_another_envelope_does_not_fit(hall: Hall) -> None:
    hall.count()
    shares = hall.shares("a")
    first, second, *_rest = shares
    shares[first], shares[second] = shares[second], shares[first]
    assert refused(hall, shares=shares) == ["bidding.share_mismatch"] * 2


def test_the_share_of_another_leaf_does_not_fit(hall: Hall) -> None:
    hall.count()
    assert refused(hall, shares=hall.shares("c")) == ["bidding.share_mismatch"] * 3


def test_an_unsigned_batch_or_a_changed_testimony_is_refused(hall: Hall) -> None:
    hall.count()
    shares = hall.shares("a")
    assert refused(hall, signature=b"") == ["signature.malformed"]
    assert refused(hall, shares={**shares, min(shares): None}) == ["signature.other_data"]


def test_a_leaf_gives_once(hall: Hall) -> None:
    hall.count()
    hall.release("a")
    batch = hall.batch("a")
    with pytest.raises(Refused) as refusal:
        release(
            hall.fresh(),
            replace(batch, shares={**batch.shares, min(batch.shares): None}),
            actor=hall.world.agent.actor,
        )
    assert refusal.value.codes == ["bidding.released"]
    assert Release.objects.count() == 1


def test_the_same_batch_again_is_the_same_release(hall: Hall) -> None:
    """The line dropped before the answer came: the client asks again, with a signature of its own each time."""
    hall.count()
    actor = hall.world.agent.actor
    first = release(hall.fresh(), hall.batch("a"), actor=actor)
    before = hall.world.recorded()
    assert release(hall.fresh(), hall.batch("a"), actor=actor) == first
    assert hall.world.recorded() == before
    with pytest.raises(Refused):
        release(hall.fresh(), hall.batch("a"), actor=hall.world.centre.actor)
    colleague = hall.world.account("agent2", Role.AGENT, "agent")
    with pytest.raises(Refused) as refusal:
        release(hall.fresh(), hall.batch("a"), actor=colleague.actor)
    assert refusal.value.codes == ["bidding.released"]


def test_the_lights_and_the_quorum(hall: Hall) -> None:
    hall.count()
    assert [light.is_lit for light in lights(hall.lot)] == [False, False, False]
    hall.release("r")
    assert lights(hall.lot)[2] == Light("r", "the regulator", is_lit=True)
    assert not is_complete(hall.lot)
    hall.release("a")
    assert is_complete(hall.lot)


def test_the_entry_names_commitments_and_never_a_share(hall: Hall) -> None:
    hall.count()
    shares = hall.shares("a")
    made = hall.release("a")
    entry = read_entry(bytes(EntryRow.objects.get(tag="bidding:share:released").leaf))
    assert (entry.values["leaf"], entry.values["count"], entry.values["closed"]) == ("a", 3, ())
    assert entry.values["signature"] == hashlib.sha256(bytes(made.signature)).digest()
    assert given_for(hall.lot, min(shares)).shares == {0: shares[min(shares)]}
    with connection.cursor() as cursor:
        cursor.execute("SELECT leaf FROM ledger_entry")
        leaves = b"".join(bytes(row[0]) for row in cursor.fetchall())
    stored = bytes(made.batch) + bytes(made.statement) + bytes(made.signature) + leaves
    assert not any(share in stored for share in shares.values() if share)


def test_a_paused_lot_takes_no_share(hall: Hall) -> None:
    hall.count()
    type(hall.lot).objects.update(paused=True)
    assert refused(hall) == ["trading.paused"]


def test_absent_is_not_what_a_custodian_of_another_tender_hears(hall: Hall) -> None:
    hall.count()
    other = hall.world.account("agent9", Role.AGENT, "another agency")
    with pytest.raises(Refused) as refusal:
        release(hall.fresh(), hall.batch("a"), actor=other.actor)
    assert not isinstance(refusal.value, Absent)
    assert refusal.value.codes == ["rights.relation"]
