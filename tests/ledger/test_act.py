"""Acts: one transaction with evidence, or nothing."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from ledger import feed, note, sequencer, tree
from ledger.act import act, veiled
from ledger.actor import Role
from ledger.errors import Broken, Conflict, Refused
from ledger.events import event, read_entry
from ledger.merkle import included, leaf_hash
from ledger.models import EntryRow, Inner, Waiting
from ledger.note import raw_public
from ledger.rights import ACTS, Act, roles
from ledger.veil import lift, lifting_blockers
from tests.world import World
from trading.models import Lot
from trading.stages import Stage


@event("tests:thing:done")
class Done:
    """A thing was done."""

    what: str


@pytest.fixture(autouse=True)
def _table() -> None:
    ACTS["tests:thing:do"] = Act("tests:thing:do", roles(Role.AGENT), stages=frozenset({"bidding"}))


def test_act_without_entry_commits_nothing(world: World) -> None:
    lot = world.lot()
    with pytest.raises(Broken), act("tests:thing:do", world.agent.actor, on=lot) as this:
        this.move(this.on, Stage.CLOSING)
    assert Lot.objects.get().stage == "bidding"


def test_act_moves_and_records_in_one(world: World) -> None:
    lot = world.lot()
    with act("tests:thing:do", world.agent.actor, on=lot) as this:
        this.move(this.on, Stage.CLOSING)
        row = this.record(Done("closing"))
    entry = read_entry(bytes(row.leaf))
    assert entry.values == {"what": "closing"}
    assert entry.stamp is not None
    assert (entry.stamp.at, entry.stamp.by) == (world.clock.now(), world.agent.code)
    assert (Lot.objects.get().stage, row.scope) == ("closing", lot.code)


def test_stranger_and_wrong_stage_are_refused(world: World) -> None:
    lot = world.lot()
    with pytest.raises(Refused) as refusal, act("tests:thing:do", world.stranger.actor, on=lot):
        pass
    assert refusal.value.codes == ["rights.role"]
    with pytest.raises(Refused) as refusal, act("tests:thing:do", world.agent.actor, on=world.lot(Stage.OPENED)):
        pass
    assert refusal.value.codes == ["rights.stage"]
    assert world.recorded() == []


def test_move_of_a_stale_row_is_a_conflict(world: World) -> None:
    lot = world.lot()
    with pytest.raises(Conflict), act("tests:thing:do", world.agent.actor, on=lot) as this:  # noqa: PT012  one race
        Lot.objects.update(stage="closing")
        this.move(this.on, Stage.CLOSING)
    assert Lot.objects.get().stage == "bidding"


def test_evidence_is_never_changed(world: World) -> None:
    with act("tests:thing:do", world.agent.actor, on=world.lot()) as this:
        this.record(Done("x"))
    with pytest.raises(DatabaseError), transaction.atomic():
        EntryRow.objects.update(scope="y")
    with pytest.raises(DatabaseError), transaction.atomic():
        EntryRow.objects.all()._raw_delete("default")  # the way around Django's own checks
    assert EntryRow.objects.get().scope == world.lot().code


def test_every_entry_is_proved_under_the_checkpoint(world: World) -> None:
    lot = world.lot()
    for number in range(11):
        with act("tests:thing:do", world.agent.actor, on=lot) as this:
            this.record(Done(str(number)))
        if number % 3 == 0:
            sequencer.run_once()
    sequencer.run_once()
    assert not Waiting.objects.exists()
    public = raw_public(sequencer.log_key().public_key())
    for row in EntryRow.objects.order_by("pk"):
        proof = tree.prove(row)
        assert proof is not None
        point = note.read(proof.checkpoint, public)
        assert included(leaf_hash(bytes(row.leaf)), proof.index, proof.size, list(proof.path), point.root)


def test_veiled_entry_says_nothing_until_it_is_lifted(world: World) -> None:
    lot = world.lot()
    with act("tests:thing:do", world.agent.actor, on=lot) as this:
        row = this.record(veiled(Done("secret")))
    assert (row.scope, row.at, b"secret" in bytes(row.leaf)) == ("", None, False)
    assert [reason.code for reason in lifting_blockers(lot.code)] == ["ledger.veil_waiting"]
    sequencer.run_once()
    with act("tests:thing:do", world.agent.actor, on=lot) as this:
        assert lift(this, lot.code) == 1
    inner = Inner.objects.get()
    assert read_entry(bytes(this.entries[0].leaf)).values["inner"] == bytes(inner.inner)
    assert read_entry(bytes(inner.inner)).values == {"what": "secret"}


def test_feed_delivers_in_order_and_again_after_a_failure(world: World) -> None:
    seen: list[int] = []

    def handler(news: feed.News) -> None:
        if news.index == 1 and len(seen) < 2:
            seen.append(-1)
            raise RuntimeError
        seen.append(news.index)

    feed.FOLLOWERS["tests"] = handler
    for number in range(3):
        with act("tests:thing:do", world.agent.actor, on=world.lot()) as this:
            this.record(Done(str(number)))
    sequencer.run_once()
    with pytest.raises(RuntimeError):
        feed.deliver("tests")
    assert feed.deliver("tests") == 2
    assert seen == [0, -1, 1, 2]
    del feed.FOLLOWERS["tests"]
