"""Which openings wait for a custodian: by deadline, with their state, for the person on the sheet alone."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bidding.custody.duties import duties, keys_held
from ledger.actor import Role
from tests.bidding.full_hall import Hall
from tests.bidding.scenes import Scene
from tests.world import World
from trading.models import Account, Lot
from trading.stages import Stage

MOST_QUERIES = 12


@pytest.fixture
def hall(world: World) -> Hall:
    made = Hall(world)
    for number in (1, 2, 3):
        made.submit(number)
    return made


def states(account: Account) -> list[tuple[str, str, str]]:
    return [(duty.lot.code, duty.leaf, duty.state) for duty in duties(account.actor)]


def signed_in(account: Account) -> Client:
    client = Client(headers={"accept": "application/json"})
    client.force_login(account)
    return client


def test_an_opening_is_waited_for_then_due_then_given(hall: Hall) -> None:
    agent, lot = hall.world.agent, hall.lot.code
    assert states(agent) == [(lot, "a", "waiting")]
    hall.count()
    assert states(agent) == [(lot, "a", "due")]
    hall.release("a")
    assert states(agent) == [(lot, "a", "given")]
    assert states(hall.world.centre) == [(lot, "c", "due")]


def test_only_the_person_on_the_sheet_is_asked(hall: Hall) -> None:
    colleague = hall.world.account("agent2", Role.AGENT, "agent")
    assert states(colleague) == []
    assert states(hall.world.purchaser) == []
    assert signed_in(hall.world.purchaser).get("/bidding/custody").status_code == 403
    assert signed_in(colleague).get(f"/bidding/lots/{hall.lot.code}/giving").status_code == 200


def test_machines_are_told_the_same(hall: Hall) -> None:
    hall.count()
    facts = signed_in(hall.world.regulator).get("/bidding/custody").json()
    [one] = facts["openings"]
    assert (one["lot"], one["leaf"], one["state"]) == (hall.lot.code, "r", "due")
    assert one["href"] == f"/bidding/lots/{hall.lot.code}/giving"


def test_the_page_asks_the_database_as_often_for_one_lot_as_for_five(scene: Scene) -> None:
    scene.lots(5)
    client = signed_in(scene.world.agent)
    with CaptureQueriesContext(connection) as asked:
        found = client.get("/bidding/custody").json()["openings"]
    assert [one["state"] for one in found] == ["waiting"] * 5
    assert len(asked) <= MOST_QUERIES


def test_the_giving_page_waits_and_then_goes_on_by_itself(hall: Hall) -> None:
    client = Client()
    client.force_login(hall.world.agent)
    path = f"/bidding/lots/{hall.lot.code}/giving"
    waits = client.get(path).content.decode()
    assert "bidding.not_closed" in waits
    assert 'id="giving-facts"' not in waits
    assert client.get(path, headers={"hx-request": "true"}).headers.get("HX-Refresh") is None
    hall.count()
    again = client.get(path, headers={"hx-request": "true"})
    assert (again.status_code, again.headers["HX-Refresh"]) == (204, "true")
    due = client.get(path).content.decode()
    assert 'id="giving-facts"' in due
    assert "bidding.not_closed" not in due
    hall.release("a")
    given = client.get(path).content.decode()
    assert 'id="giving-facts"' not in given


def test_a_stranger_does_not_find_the_page(hall: Hall) -> None:
    for account in (hall.world.bidder(1), hall.world.stranger):
        answer = signed_in(account).get(f"/bidding/lots/{hall.lot.code}/giving")
        assert answer.status_code in {403, 404}


def test_what_is_due_stands_on_the_desk(hall: Hall) -> None:
    hall.count()
    client = Client()
    client.force_login(hall.world.centre)
    desk = client.get("/desk").content.decode()
    assert f"/bidding/lots/{hall.lot.code}/giving" in desk


def test_a_lot_that_is_over_is_no_duty(hall: Hall) -> None:
    hall.count()
    hall.move(Stage.FAILED)
    assert states(hall.world.agent) == []


def test_a_key_is_held_until_its_lot_is_opened_or_failed(hall: Hall) -> None:
    agent, lot = hall.world.agent, hall.lot
    [(key, lots)] = keys_held(agent.actor).items()
    assert (key.startswith("age1"), lots) == (True, [lot.code])
    hall.count()
    assert keys_held(agent.actor) == {key: [lot.code]}
    assert signed_in(agent).get("/bidding/custody").json()["keys"] == [{"key": key, "lots": [lot.code]}]
    hall.move(Stage.FAILED)
    assert keys_held(agent.actor) == {key: []}
    assert keys_held(hall.world.account("agent2", Role.AGENT, "agent").actor) == {}


def test_a_key_is_held_while_any_lot_of_its_tender_waits(scene: Scene) -> None:
    first, second = scene.lots(2)
    [(key, lots)] = keys_held(scene.world.regulator.actor).items()
    assert lots == sorted([first.code, second.code])
    Lot.objects.filter(pk=first.pk).update(stage=Stage.OPENED)
    assert keys_held(scene.world.regulator.actor) == {key: [second.code]}
    Lot.objects.filter(pk=second.pk).update(stage=Stage.TERMINATED)
    assert keys_held(scene.world.regulator.actor) == {key: []}
