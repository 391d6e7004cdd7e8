"""The draw over HTTP: everybody reads it, three bodies act in it, and an expert learns no more than when and where."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from experts import panel
from experts.lottery import seed_commitment
from experts.models import Candidate, Draw, Expert
from tests.experts.drawing import accept_all, drawn, enter, frozen_draw, opened_lot, seed, wanted
from tests.world import World, credit_code
from trading.models import Account, Lot
from trading.stages import Stage

JSON = {"accept": "application/json"}
PAGE_QUERIES = 16
ROOT = Path(__file__).resolve().parents[2]


def browser(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def test_three_bodies_draw_over_http(world: World) -> None:
    lot = opened_lot(world)
    for number in range(1, 9):
        enter(world, number)
    draw = panel.request(lot, wanted(world), (), actor=world.agent.actor)
    url = f"/experts/lots/{lot.code}"
    clients = {"agent": browser(world.agent), "supervisor": browser(world.regulator), "centre": browser(world.centre)}
    for body, client in clients.items():
        page = client.get(f"{url}/draw/").content.decode()
        assert f'data-seed="commit" data-seed-draw="{draw.code}" data-seed-body="{body}"' in page
        commitment = seed_commitment(bytes.fromhex(draw.code), body, seed(body)).hex()
        assert client.post(f"{url}/seed/commit", {"commitment": commitment}).status_code == 302
    assert clients["centre"].post(f"{url}/pool/freeze", headers=JSON).json()["candidates"] == 8
    for body, client in clients.items():
        assert 'data-seed="reveal"' in client.get(f"{url}/draw/").content.decode()
        client.post(f"{url}/seed/reveal", {"seed": seed(body).hex()})
    facts = Client().get(f"{url}/draw/", headers=JSON).json()
    assert (facts["stage"], len(facts["order"]), facts["record"]) == ("drawn", 8, "")
    assert {row["code"] for row in facts["asked"]} == set(facts["order"][:5])
    assert Client().get(f"{url}/draw/record", headers=JSON).status_code == 404


def test_seed_mismatch_is_said_with_its_code(world: World) -> None:
    lot = opened_lot(world)
    for number in range(1, 9):
        enter(world, number)
    frozen_draw(world, lot)
    said = browser(world.agent).post(f"/experts/lots/{lot.code}/seed/reveal", {"seed": "00" * 32}, headers=JSON)
    assert (said.status_code, said.json()["reasons"][0]["code"]) == (422, "experts.seed_mismatch")
    refused = browser(world.stranger).post(f"/experts/lots/{lot.code}/seed/reveal", {"seed": "00" * 32}, headers=JSON)
    assert refused.status_code == 403


def test_published_record_is_recomputed_by_python_alone(world: World, tmp_path: Path) -> None:
    lot = opened_lot(world)
    for number in range(1, 9):
        enter(world, number)
    accept_all(drawn(world, lot))
    facts = Client().get(f"/experts/lots/{lot.code}/draw/", headers=JSON).json()
    file = tmp_path / "draw.json"
    file.write_bytes(Client().get(facts["record"]).content)
    done = _recompute(file)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "the file claims exactly this")
    assert [line.split()[-1] for line in done.stdout.splitlines() if line.startswith("order")] == facts["order"]
    file.write_text(file.read_text().replace(facts["order"][0], "0" * 32))
    assert _recompute(file).returncode != 0
    file.write_text("{}")
    assert (_recompute(file).returncode, _recompute(tmp_path / "none").returncode) == (2, 2)


def _recompute(file: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "experts.recompute", str(file)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_invitation_tells_no_tender_before_the_room_is_open(world: World) -> None:
    lot = opened_lot(world)
    for number in range(1, 9):
        enter(world, number)
    draw = drawn(world, lot)
    asked = draw.candidates.filter(state=Candidate.INVITED).select_related("expert__account")[0]
    client = browser(asked.expert.account)
    for page in ("/experts/invitations/", "/desk"):
        for headers in ({}, JSON):
            told = client.get(page, headers=headers).content.decode()
            for secret in (lot.code, lot.title, lot.tender.title, lot.tender.purchaser.name, asked.code, draw.code):
                assert secret not in told
    facts = client.get("/experts/invitations/", headers=JSON).json()["invitations"]
    assert [(one["code"], one["state"], one["lot"]) for one in facts] == [(asked.invitation, "invited", "")]
    public = Client().get(f"/experts/lots/{lot.code}/draw/").content.decode()
    assert asked.code in public
    assert asked.invitation not in public
    accept_all(draw)
    assert client.get("/experts/invitations/", headers=JSON).json()["invitations"][0]["lot"] == ""
    Lot.objects.filter(pk=lot.pk).update(stage=Stage.EVALUATING)
    assert client.get("/experts/invitations/", headers=JSON).json()["invitations"][0]["lot"] == lot.code


def test_nobody_answers_for_another_over_http(world: World) -> None:
    lot = opened_lot(world)
    for number in range(1, 9):
        enter(world, number)
    one, two = drawn(world, lot).candidates.filter(state=Candidate.INVITED).select_related("expert__account")[:2]
    url = f"/experts/invitations/{one.invitation}/answer"
    assert browser(two.expert.account).post(url, {"accepts": "on"}, headers=JSON).status_code == 404
    assert browser(one.expert.account).post(url, {"accepts": "", "reason": "ill"}, headers=JSON).json() == {
        "state": "declined"
    }


def test_centre_keeps_the_register(world: World) -> None:
    account = world.expert(1)
    form = {"username": account.username, "specialities": "A08, B01", "employer": credit_code(1), "region": "Haikou"}
    centre = browser(world.centre)
    assert centre.post("/experts/register/enter", form).status_code == 302
    assert Expert.objects.get().specialities == ["A08", "B01"]
    for spoiled, code in (
        ({}, "experts.account"),
        ({"specialities": "A08,A08"}, "experts.specialities"),
        ({"specialities": "x"}, "experts.specialities"),
        ({"employer": "1"}, "experts.employer"),
        ({"region": ""}, "experts.region"),
        ({"username": "agent"}, "experts.account"),
    ):
        said = centre.post("/experts/register/enter", {**form, **spoiled}, headers=JSON)
        assert code in [reason["code"] for reason in said.json()["reasons"]]
    assert browser(world.agent).post("/experts/register/enter", form, headers=JSON).status_code == 403
    assert account.display in centre.get("/experts/register/").content.decode()


@pytest.mark.parametrize("experts", [8, 16])
def test_page_of_a_draw_costs_the_same_however_large_the_pool(
    world: World, experts: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    lot = opened_lot(world)
    for number in range(1, experts + 1):
        enter(world, number)
    drawn(world, lot)
    with django_assert_num_queries(PAGE_QUERIES):
        assert Client().get(f"/experts/lots/{lot.code}/draw/").status_code == 200


def test_draw_of_a_draft_is_nobodys_business(world: World) -> None:
    lot = world.lot(Stage.DRAFT)
    assert Client().get(f"/experts/lots/{lot.code}/draw/", headers=JSON).status_code == 404
    assert Draw.objects.count() == 0
