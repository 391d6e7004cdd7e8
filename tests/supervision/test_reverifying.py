"""What is kept is verified again every month: what was changed in the meantime is told in the log, and by an alarm."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from django.conf import settings

from bidding.models import Envelope
from ledger import clock, note, tree
from ledger.events import read_entry
from ledger.models import EntryRow
from supervision import rechecks, tasks
from supervision.house import EVIDENCE
from supervision.house_alarms import standing
from supervision.house_page import alarms, checks, says
from supervision.models import HouseAlarm, Recheck
from supervision.reverifying import LOG, reverify, stored_leaves
from tests.ledger.test_witnessing import turn_page
from tests.supervision.flow import Flow
from tests.world import World

MONTH = timedelta(days=30)


def said(subject: str) -> list[tuple[int, tuple[int, ...], int]]:
    """What the log says of verifications of a subject: passed, failed, faults."""
    rows = EntryRow.objects.filter(tag="supervision:evidence:verified").order_by("pk")
    values = [read_entry(bytes(row.leaf)).values for row in rows]
    return [(one["passed"], one["failed"], one["faults"]) for one in values if one["subject"] == subject]


def due(world: World, step: timedelta) -> None:
    """Time passes; the ticker asks until nothing more is due."""
    now = world.clock.pass_(step)
    rechecks.plan(now)
    while Recheck.objects.filter(due_at__lte=now).exists():
        rechecks.call(now)


def change(path: Path, how: bytes | None) -> bytes:
    """Write other bytes into an object, as who owns the disk can; the bytes before."""
    before = path.read_bytes()
    path.chmod(0o644)
    if how is None:
        path.unlink()
    else:
        path.write_bytes(how)
    return before


def objects_folder() -> Path:
    """Where the objects lie."""
    return Path(str(settings.OBJECTS_URL).removeprefix("file://"))


def test_the_log_is_verified_at_the_start_and_every_month(world: World) -> None:
    for number in range(3):
        turn_page(world, number)
    due(world, timedelta(0))
    assert said(LOG) == [(2, (), 0)]
    entry = EntryRow.objects.get(tag="supervision:evidence:verified")
    point = note.text_of(bytes(tree.latest_checkpoint().note))  # type: ignore[union-attr]
    values = read_entry(bytes(entry.leaf)).values
    assert (values["digest"], values["size"]) == (point.root, point.size)
    due(world, MONTH - timedelta(seconds=1))
    assert len(said(LOG)) == 1
    due(world, timedelta(seconds=1))
    assert said(LOG) == [(2, (), 0)] * 2
    assert [row["about"] for row in checks()] == ["整个日志"]


def test_a_changed_entry_bundle_is_found_and_what_was_put_right_clears_the_alarm(world: World) -> None:
    for number in range(3):
        turn_page(world, number)
    size = tree.latest_checkpoint().size  # type: ignore[union-attr]
    path = objects_folder() / f"log/tile/entries/000.p/{size}"
    good = path.read_bytes()
    change(path, good[:-1] + bytes([good[-1] ^ 1]))
    due(world, timedelta(0))
    assert [failed for _passed, failed, _faults in said(LOG)] == [(1, 2)]
    made = standing(EVIDENCE, LOG)
    assert made is not None
    assert "复核证据时发现" in says(made)
    assert alarms(whole=False)[0]["says"] == ""
    change(path, None)
    due(world, MONTH)
    assert said(LOG)[-1][1] == (1, 2)
    assert HouseAlarm.objects.count() == 1
    path.write_bytes(good)
    due(world, MONTH)
    assert said(LOG)[-1] == (2, (), 0)
    assert standing(EVIDENCE, LOG) is None


def test_leaves_are_read_from_a_fuller_bundle_when_the_partial_one_is_gone(world: World) -> None:
    for number in range(3):
        turn_page(world, number)
    leaves = [bytes(row.leaf) for row in EntryRow.objects.order_by("place__index")]
    assert list(stored_leaves(len(leaves))) == leaves
    folder = objects_folder() / "log/tile/entries"
    whole = (folder / f"000.p/{len(leaves)}").read_bytes()
    (folder / f"000.p/{len(leaves)}").unlink()
    (folder / "000").write_bytes(whole)
    assert list(stored_leaves(len(leaves) - 1)) == leaves[:-1]


def test_a_task_that_is_told_twice_runs_once_and_a_dead_worker_is_replaced(world: World) -> None:
    turn_page(world)
    now = world.clock.now()
    rechecks.plan(now)
    assert reverify(LOG) is None  # nobody's turn
    moment = clock.real_now()
    row = Recheck.objects.get()
    assert rechecks._is_ours(row, moment)
    assert not rechecks._is_ours(row, moment)
    Recheck.objects.update(is_begun=True)  # and then its worker died
    assert reverify(LOG) is None
    rechecks.call(now)
    assert said(LOG) == []
    assert rechecks._is_ours(row, moment + rechecks.TURN)
    tasks.reverify(LOG)
    assert said(LOG) == [(2, (), 0)]
    tasks.reverify(LOG)
    assert len(said(LOG)) == 1


def test_the_evidence_of_a_tender_is_verified_a_day_after_its_end_and_every_month(flow: Flow) -> None:
    world, code = flow.world, flow.tender.code
    assert rechecks.ended() == [code]
    rechecks.plan(world.clock.now())
    due(world, rechecks.SETTLED - timedelta(seconds=1))
    assert said(code) == []
    due(world, timedelta(seconds=1))
    assert said(code) == [(said(code)[0][0], (), 0)]
    assert said(code)[0][0] > 40
    kept = read_entry(bytes(EntryRow.objects.filter(tag="supervision:archive:made")[0].leaf)).values
    archive = objects_folder() / f"archives/{kept['regulators'].hex()}.sealed"
    sealed = change(archive, archive.read_bytes() + b"!")
    closed = read_entry(bytes(EntryRow.objects.get(tag="bidding:lot:closed", scope=flow.lots[2].code).leaf)).values
    stored = Envelope.objects.filter(lot=flow.lots[2], digest=closed["envelopes"][0].digest.hex()).get().object
    path = objects_folder() / stored
    good = path.read_bytes()
    change(path, good[:-1] + bytes([good[-1] ^ 1]))
    due(world, MONTH)
    assert {0, 37} < set(said(code)[-1][1])
    made = standing(EVIDENCE, code)
    assert made is not None
    assert (made.facts["count"], said(code)[-1][2]) == (said(code)[-1][2], made.facts["count"])
    assert code in [row["about"] for row in alarms(whole=True)]
    path.write_bytes(good)
    archive.write_bytes(sealed)
    due(world, MONTH)
    assert said(code)[-1][1:] == ((), 0)
    assert standing(EVIDENCE, code) is None
