"""Alarms about the house: late witnesses and timestamps are told by the clock, shown to everybody, and cleared."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from ledger import clock, dating, witness_rounds, witnessing
from ledger.events import read_entry
from ledger.models import CheckpointRow, EntryRow
from supervision import house_watch
from supervision.house import COSIGNATURES, TIMESTAMPS
from supervision.house_alarms import settle, standing
from supervision.models import HouseAlarm
from tests.ledger.test_witnessing import (
    line_of,
    newest,
    policy,  # noqa: F401  the fixture
    turn_page,
)
from tests.world import World
from trading import dating_log, desks

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings


def after(seconds: int) -> int:
    """A look of the clock when the newest checkpoint has waited so long."""
    last = CheckpointRow.objects.order_by("-size")[0]
    return house_watch.look(last.signed_at + timedelta(seconds=seconds))


def cosign() -> None:
    """Both witnesses cosign the newest checkpoint."""
    for who, name in ((7, "regulator.example"), (8, "bidders.example")):
        witnessing.take(newest(), line_of(who, name))


def entries(tag: str) -> list[dict[str, object]]:
    """What entries of a tag say."""
    rows = EntryRow.objects.filter(tag=tag).order_by("pk")
    return [dict(read_entry(bytes(row.leaf)).values) for row in rows]


@pytest.mark.usefixtures("policy")
def test_late_witnesses_are_an_alarm_until_they_have_cosigned(world: World, settings: Settings) -> None:
    turn_page(world)
    dating_log.call()
    size = newest().size
    assert after(60) == 0
    assert after(61) == 1
    assert after(600) == 0
    made = HouseAlarm.objects.get()
    assert (made.rule, made.facts, made.cleared_at) == (COSIGNATURES, {"size": size, "limit": 60}, None)
    cosign()
    assert after(600) == 1
    assert HouseAlarm.objects.get().cleared_at == world.clock.now()
    assert entries("supervision:house:alarmed") == [{"alarm": made.code, "rule": COSIGNATURES, "subject": ""}]
    assert entries("supervision:house:cleared") == [{"alarm": made.code}]
    settings.SUNLIGHT_COSIGN_SECONDS = 5
    turn_page(world, 2)
    dating.keep(newest().size, b"token", world.clock.now())
    assert after(6) == 1
    assert HouseAlarm.objects.count() == 2


@pytest.mark.usefixtures("policy")
def test_one_witness_of_two_is_late_too_and_the_oldest_that_waits_counts(world: World) -> None:
    turn_page(world)
    witnessing.take(newest(), line_of(7, "regulator.example"))
    first = newest().size
    turn_page(world, 2)
    found = witnessing.late(CheckpointRow.objects.get(size=first).signed_at + timedelta(seconds=90))
    assert found is not None
    assert (found[0].size, found[1]) == (first, 90)


@pytest.mark.usefixtures("policy")
def test_a_policy_named_on_an_old_log_has_its_time_too(world: World) -> None:
    turn_page(world)
    old = CheckpointRow.objects.get(size=newest().size).signed_at
    assert witnessing.late(old + timedelta(days=9)) is not None
    assert witness_rounds.name_witnesses() == 1
    assert witnessing.late(old + timedelta(days=9)) is None  # its entry has no place yet
    world.sequence()
    first = CheckpointRow.objects.get(size=newest().size)
    turn_page(world, 2)
    assert witnessing.late(first.signed_at + timedelta(seconds=60)) is None
    assert witnessing.late(first.signed_at + timedelta(seconds=61)) == (first, 61)


def test_without_a_policy_nobody_is_late(world: World, client: Client) -> None:
    turn_page(world)
    assert witnessing.late(clock.real_now() + timedelta(days=9)) is None
    assert witnessing.state(clock.real_now()) is None
    assert "逾时" not in client.get("/").content.decode()


@pytest.mark.usefixtures("policy")
def test_the_portal_says_how_far_witnesses_are_and_when_they_are_late(
    world: World, client: Client, settings: Settings
) -> None:
    turn_page(world)
    cosign()
    cosigned = newest().size
    assert f"已联署 {cosigned} 条，共 {cosigned} 条" in client.get("/").content.decode()
    turn_page(world, 2)
    assert "逾时" not in client.get("/").content.decode()
    settings.SUNLIGHT_COSIGN_SECONDS = -1
    for address in ("/", "/log/witnesses"):
        text = client.get(address).content.decode()
        assert "日志见证方逾时" in text
        assert f"已联署 {cosigned} 条，共 {newest().size} 条" in text


def test_late_timestamps_are_an_alarm_until_one_has_come(world: World, settings: Settings) -> None:
    settings.TSA_URL = "http://127.0.0.1:1/"
    turn_page(world)
    dating_log.call()
    assert (after(900), after(901), after(902)) == (0, 1, 0)
    assert standing(TIMESTAMPS) is not None
    settings.TSA_URL = ""
    dating_log.date_newest()
    world.sequence()
    assert after(0) == 1
    assert standing(TIMESTAMPS) is None


def test_an_alarm_stands_once_whoever_looks(world: World) -> None:
    assert (settle(TIMESTAMPS, {"size": 1, "limit": 2}), settle(TIMESTAMPS, {"size": 5, "limit": 2})) == (1, 0)
    with pytest.raises(IntegrityError), transaction.atomic():
        HouseAlarm.objects.create(rule=TIMESTAMPS, facts={}, raised_at=world.clock.now())
    assert (settle(TIMESTAMPS, None), settle(TIMESTAMPS, None)) == (1, 0)
    assert settle(TIMESTAMPS, {"size": 6, "limit": 2}) == 1


def test_regulators_and_the_operator_have_it_on_their_desks_and_everybody_on_a_page(world: World) -> None:
    settle(COSIGNATURES, {"size": 12, "limit": 60})
    told = "覆盖 12 条的已签名状态在 60 秒内未获足够见证方联署"
    for account in (world.regulator, world.operator):
        found = desks.waiting(account.actor, world.clock.now())
        assert "日志见证方逾时未联署" in [item.title for item in found]
    assert "日志见证方逾时未联署" not in [one.title for one in desks.waiting(world.agent.actor, world.clock.now())]
    client = Client()
    assert told in client.get("/supervision/house").content.decode()
    said = client.get("/supervision/house", headers={"accept": "application/json"}).json()
    assert [(one["name"], one["cleared_at"]) for one in said["alarms"]] == [("日志见证方逾时未联署", None)]
    client.force_login(world.regulator)
    assert told in client.get("/supervision/").content.decode()
    settle(COSIGNATURES, None)
    assert told not in client.get("/supervision/").content.decode()
    assert "已解除" in client.get("/supervision/house").content.decode()
