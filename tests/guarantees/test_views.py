"""The pages of guarantees: shown to those concerned, to nobody else, in both languages."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.guarantees.test_settling import _table, recognised  # noqa: F401  the same stage
from tests.world import World

JSON = {"accept": "application/json"}


def page(account: object, path: str) -> tuple[int, str]:
    client = Client()
    client.force_login(account)  # type: ignore[arg-type]
    answer = client.get(path)
    return answer.status_code, answer.content.decode()


def test_list_and_page_for_those_concerned(world: World) -> None:
    row = recognised(world, 1)
    for account in (world.bidder(1), world.guarantor, world.purchaser, world.agent, world.regulator):
        status, text = page(account, "/guarantees/")
        assert (status, row.number in text) == (200, True)
        assert page(account, f"/guarantees/{row.code}/")[0] == 200
    assert "索赔" in page(world.purchaser, f"/guarantees/{row.code}/")[1]


def test_the_stranger_sees_nothing(world: World) -> None:
    row = recognised(world, 1)
    status, text = page(world.stranger, "/guarantees/")
    assert (status, row.number in text) == (200, False)
    assert page(world.stranger, f"/guarantees/{row.code}/")[0] == 404
    assert page(world.expert(1), "/guarantees/")[0] == 403
    assert Client().get("/guarantees/").status_code == 302


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_the_same_queries(world: World, count: int, django_assert_num_queries: object) -> None:
    for number in range(count):
        recognised(world, number)
    client = Client()
    client.force_login(world.purchaser)
    with django_assert_num_queries(4):  # type: ignore[operator]  # session, account, party, list
        client.get("/guarantees/")


def test_claim_through_the_door(world: World) -> None:
    row = recognised(world, 1)
    client = Client()
    client.force_login(world.purchaser)
    form = client.get(f"/guarantees/{row.code}/claim/")
    assert form.status_code == 200
    answer = client.post(f"/guarantees/{row.code}/claim", {"amount": "200000.00", "grounds": "clause 3.4"})
    assert (answer.status_code, answer["Location"]) == (302, f"/guarantees/{row.code}/")
    again = client.post(
        f"/guarantees/{row.code}/claim", {"amount": "1", "grounds": "x"}, headers={"accept": "application/json"}
    )
    assert (again.status_code, again.json()["reasons"][0]["code"]) == (422, "rights.stage")
