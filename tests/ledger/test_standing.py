"""A restored database: recognised, refused, and rolled forward to the same bytes."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from ledger import fsck, merkle, note, objects, sequencer, standing
from ledger.act import act, veiled
from ledger.actor import THE_CLOCK
from ledger.errors import Broken
from ledger.models import CheckpointRow, EntryRow, Inner, Lease, Lifted, Node, Place, TreeState, Waiting
from ledger.rolling import roll_forward
from ledger.standing import check_standing
from ledger.veil import lift
from tests.ledger.test_fsck import LineWritten, flip, log, run_raw, write  # noqa: F401  the fixture
from tests.world import World


def go_back(size: int) -> None:
    """What a copy taken at `size` entries does not hold; the entries after the first of them wait, as they did then."""
    run_raw("SELECT 1")
    statements = [
        'DELETE FROM ledger_lifted WHERE by_id IN (SELECT entry_id FROM ledger_place WHERE "index" > %s)',
        'DELETE FROM ledger_inner WHERE entry_id IN (SELECT entry_id FROM ledger_place WHERE "index" > %s)',
        'DELETE FROM ledger_place WHERE "index" >= %s',
        "DELETE FROM ledger_round WHERE first >= %s",
        "DELETE FROM ledger_tree WHERE size > %s",
        "DELETE FROM ledger_checkpoint WHERE size > %s",
        "DELETE FROM ledger_node WHERE ((number + 1) << level) > %s",
    ]
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, [size])
    unplaced = list(EntryRow.objects.filter(place__isnull=True).order_by("pk"))
    with connection.cursor() as cursor:
        for row in unplaced[1:]:
            cursor.execute("DELETE FROM ledger_inner WHERE entry_id = %s", [row.pk])
            cursor.execute("DELETE FROM ledger_entry WHERE id = %s", [row.pk])
    Waiting.objects.create(entry=unplaced[0], veiled=False)
    Lease.objects.all().delete()


def leaves() -> list[bytes]:
    return [bytes(leaf) for leaf in EntryRow.objects.order_by("place__index").values_list("leaf", flat=True)]


def test_a_database_that_fits_the_log_is_taken(log: World) -> None:  # noqa: F811
    assert standing.written() == 600
    assert standing.standing_blockers() == []
    assert check_standing(["default"]) == []
    write(3)
    sequencer.sequence()  # placed, not yet published
    assert standing.standing_blockers() == []


def test_an_older_copy_is_refused_and_rolled_forward_to_the_same_log(log: World) -> None:  # noqa: F811
    with act("tests:line:write", THE_CLOCK, on=None) as this:
        lift(this, "line")
    sequencer.run_once()
    before, lifted = leaves(), set(Lifted.objects.values_list("entry__place__index", "by__place__index"))
    secrets = {bytes(row.inner): bytes(row.salt) for row in Inner.objects.all()}
    go_back(305)
    assert [reason.code for reason in standing.standing_blockers()] == ["ledger.behind"]
    (said,) = check_standing(["default"])
    assert "knows 305 entries of the log, but a checkpoint over 603 is signed" in said.msg
    with pytest.raises(CommandError, match="older copy"):
        call_command("tick")
    call_command("rollforward")
    assert leaves() == before
    assert {bytes(row.inner): bytes(row.salt) for row in Inner.objects.all()} == secrets
    assert set(Lifted.objects.values_list("entry__place__index", "by__place__index")) == lifted
    assert not Waiting.objects.exists()
    assert (standing.standing_blockers(), fsck.first_difference()) == ([], None)
    write(1)
    assert sequencer.run_once() == 1
    assert fsck.first_difference() is None


def test_bundles_that_do_not_give_the_signed_root_roll_nothing_forward(log: World) -> None:  # noqa: F811
    go_back(305)
    flip("log/tile/entries/001", 9000)
    with pytest.raises(Broken):
        roll_forward()
    assert TreeState.objects.order_by("-size")[0].size == 305
    assert Place.objects.count() == Node.objects.filter(level=0).count() == 305


def test_a_missing_copy_of_what_is_veiled_is_said(log: World) -> None:  # noqa: F811
    go_back(305)
    for name in objects.store().names("inner"):
        objects.store().path(name).unlink()  # type: ignore[attr-defined]  # the folder store of tests
    with pytest.raises(CommandError, match="1 veiled entries have no kept copy"):
        call_command("rollforward")


def test_a_database_with_another_history_is_refused(log: World) -> None:  # noqa: F811
    run_raw("DELETE FROM ledger_node WHERE level = 9")
    Node.objects.create(level=9, number=0, digest=bytes(32))
    assert [reason.code for reason in standing.standing_blockers()] == ["ledger.other_history"]
    with pytest.raises(CommandError, match="another history"):
        call_command("rollforward")


def test_a_checkpoint_that_somebody_else_holds_is_compared_too(log: World) -> None:  # noqa: F811
    signed = note.Checkpoint("sunlight.invalid/log", 700, merkle.EMPTY)
    assert [reason.code for reason in standing.against(signed)] == ["ledger.behind"]


def test_a_batch_whose_checkpoint_was_never_signed_counts_for_nothing(log: World) -> None:  # noqa: F811
    write(2)
    sequencer.sequence()
    sequencer._write(sequencer._bundles(600, 602))
    assert standing.written() == 602
    assert (standing.last_signed() or signed_nothing()).size == 600


def signed_nothing() -> note.Checkpoint:
    raise AssertionError


def test_the_first_start_has_nothing_to_compare(world: World) -> None:
    assert (standing.written(), standing.last_signed(), standing.standing_blockers()) == (0, None, [])
    assert not CheckpointRow.objects.exists()
    with act("tests:line:write", THE_CLOCK, on=None) as this:
        this.record(veiled(LineWritten(1)), scope="line")
    assert standing.standing_blockers() == []
