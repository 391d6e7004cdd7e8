"""The evaluation over HTTP: what each may see and do; nothing of a sheet gets out before the last signature."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from bidding.models import Bid
from evaluation.models import Room
from evaluation.sheet import Part
from experts.models import Draw
from ledger.actor import Role
from ledger.models import EntryRow
from tests.evaluation.chamber import SET_X, Chamber, opened
from tests.experts.drawing import enter
from tests.world import World
from trading.models import Account
from trading.stages import Stage

THREE = ("9000000", "9100000", "9200000")
JSON = {"accept": "application/json"}
ROOM_QUERIES, PROGRESS_QUERIES = 23, 19


def browser(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def member(chamber: Chamber, at: int) -> Client:
    return browser(chamber.seats[at].expert.account)


def pages(chamber: Chamber) -> list[str]:
    base = f"/evaluation/lots/{chamber.lot.code}"
    return [
        f"{base}/room/", f"{base}/room/board", f"{base}/room/panel", f"{base}/sheets/scores/",
        f"{base}/sheets/scores/record",
        f"{base}/progress/", f"{base}/progress/board", f"{base}/result/", f"{base}/scores.csv",
        f"/experts/lots/{chamber.lot.code}/draw/", f"/lots/{chamber.lot.code}", "/desk",
    ]  # fmt: skip


def watchers(world: World, chamber: Chamber) -> Iterable[Client]:
    for account in (world.agent, world.purchaser, world.centre, world.regulator, world.bidder(1), world.stranger):
        yield browser(account)
    yield from (browser(world.operator), browser(world.expert(40)), Client())
    yield from (member(chamber, at) for at in (1, 2, 3, 4))


def test_member_judges_over_http(world: World) -> None:
    chamber = Chamber(world, THREE)
    url = f"/evaluation/lots/{chamber.lot.code}"
    one = member(chamber, 0)
    facts = one.get(f"{url}/room/", headers=JSON).json()
    assert (facts["entered"], facts["bids"], len(facts["bidders"])) == (False, [], 3)
    entered = one.post(f"{url}/room/enter", {"promise": True}, "application/json")
    assert entered.json() == {"seat": chamber.seats[0].code, "sitting": True}
    for at in range(1, 5):
        assert member(chamber, at).post(f"{url}/room/enter", {"promise": "on"}).status_code == 302
    for at in range(5):
        voted = member(chamber, at).post(f"{url}/room/leader", {"choice": facts["seat"]})
        assert (voted.status_code, voted.headers["Location"]) == (302, f"{url}/room/")
    facts = one.get(f"{url}/room/", headers=JSON).json()
    assert (facts["stage"], facts["part"], facts["leader"]) == ("admitting", "admission", facts["seat"])
    items = [row["code"] for row in facts["method"]["criteria"] if row["kind"] == "pass"]
    cells = [(bid["code"], item) for bid in facts["bids"] for item in items]
    form = {
        "seat": facts["seat"], "part": "admission", "bid": [bid for bid, _item in cells],
        "item": [item for _bid, item in cells], "value": ["yes"] * len(cells), "reason": [""] * len(cells),
    }  # fmt: skip
    assert one.post(f"{url}/sheets/save", form).status_code == 302
    sheet = one.get(f"{url}/sheets/admission/", headers=JSON).json()
    record = one.get(sheet["record"]).content
    assert (sheet["digest"], sheet["blockers"]) == (hashlib.sha256(record).hexdigest(), [])
    page = one.get(f"{url}/sheets/admission/").content.decode()
    assert f'data-bytes-url="{sheet["record"]}" data-digest="{sheet["digest"]}"' in page
    for name, value in (("seat", facts["seat"]), ("part", "admission"), ("digest", sheet["digest"])):
        assert f'name="{name}" value="{value}"' in page
    signature = SimpleUploadedFile("sheet.p7s", chamber.pen(0).sign(record))
    signed = one.post(
        f"{url}/sheets/sign",
        {"seat": facts["seat"], "part": "admission", "digest": sheet["digest"], "signature": signature},
    )
    assert signed.status_code == 302
    facts = one.get(f"{url}/room/", headers=JSON).json()
    assert [row["admission"] for row in facts["members"]] == [True, False, False, False, False]


def test_nothing_of_a_sheet_gets_out_before_the_last_signature(world: World) -> None:
    chamber = Chamber(world, THREE)
    chamber.admit()
    chamber.score(0, {"plan": "13.37", "quality": "11.11", "schedule": "7.77"})
    secrets = (b"13.37", b"11.11", b"7.77")
    own = member(chamber, 0).get(f"/evaluation/lots/{chamber.lot.code}/room/").content
    assert all(secret in own for secret in secrets)
    for signed in (False, True):
        if signed:
            chamber.sign(0, Part.SCORES)
            world.sequence()
        for client in watchers(world, chamber):
            for page in pages(chamber):
                for headers in ({}, JSON):
                    said = client.get(page, headers=headers)
                    assert not any(secret in said.content for secret in secrets), (page, signed)
        assert not any(secret in bytes(row.leaf) for row in EntryRow.objects.all() for secret in secrets)


def test_points_are_shown_to_those_around_once_all_have_signed_and_to_all_in_publicity(world: World) -> None:
    chamber = Chamber(world, THREE)
    chamber.judge()
    result = f"/evaluation/lots/{chamber.lot.code}/result/"
    assert member(chamber, 1).get(result).status_code == 200
    for account, status in (
        (world.agent, 200),
        (world.regulator, 200),
        (world.bidder(1), 404),
        (world.expert(40), 404),
    ):
        assert browser(account).get(result, headers=JSON).status_code == status
    assert Client().get(result, headers=JSON).status_code == 404
    chamber.report()
    assert Client().get(result, headers=JSON).status_code == 404
    published = browser(world.agent).post(f"/evaluation/lots/{chamber.lot.code}/candidates/publish")
    assert published.status_code == 302
    facts = Client().get(result, headers=JSON).json()
    assert [row["number"] for row in facts["ranking"]] == [2, 1, 3]
    assert facts["points"][chamber.seats[4].code][chamber.code(1)]["plan"] == "14.00"
    for name in ("report.docx", "scores.xlsx", "scores.csv", "report/record"):
        assert Client().get(f"/evaluation/lots/{chamber.lot.code}/{name}").status_code == 200
    csv = Client().get(f"/evaluation/lots/{chamber.lot.code}/scores.csv").content.decode().splitlines()
    assert (len(csv), csv[1]) == (1 + 3 * 3 * 5, f"{chamber.lot.code},2,plan,1,10.00")


def test_refusals_are_said_with_their_code(world: World) -> None:
    chamber = Chamber(world, THREE)
    chamber.admit()
    url = f"/evaluation/lots/{chamber.lot.code}/sheets/save"
    form = {"seat": chamber.seats[0].code, "part": "scores", "bid": chamber.code(1), "item": "plan", "value": "15.01"}
    cases = [
        (member(chamber, 0), form, 422, "evaluation.score_out_of_range"),
        (member(chamber, 1), {**form, "value": "3"}, 422, "evaluation.not_your_sheet"),
        (member(chamber, 0), {**form, "part": "beauty"}, 400, "form.not_a_choice"),
        (member(chamber, 0), {**form, "item": ["plan", "quality"]}, 400, "form.not_a_list"),
        (member(chamber, 0), {**form, "part": "admission", "value": "yes"}, 422, "evaluation.room_stage"),
        (browser(world.expert(40)), form, 404, "trading.absent"),
        (browser(world.stranger), form, 403, "rights.role"),
    ]
    for client, data, status, code in cases:
        said = client.post(url, data, headers=JSON)
        assert (said.status_code, said.json()["reasons"][0]["code"]) == (status, code)


def test_experts_without_a_seat_read_no_bid_through_any_door(world: World) -> None:
    chamber = Chamber(world, THREE)
    bid = Bid.objects.get(number=1)
    file = f"lots/{chamber.lot.code}/bids/{bid.code}/files/technical.pdf"
    outsider = browser(world.expert(40))
    for url in (f"/evaluation/{file}", f"/bidding/{file}", f"/bidding/lots/{chamber.lot.code}/bids/"):
        assert outsider.get(url, headers=JSON).status_code == 404
    seated = member(chamber, 0)
    for url in (f"/evaluation/{file}", f"/bidding/{file}", f"/bidding/lots/{chamber.lot.code}/bids/"):
        assert seated.get(url, headers=JSON).status_code == 404  # not entered yet
    chamber.gather()
    read = seated.get(f"/evaluation/{file}")
    assert b"".join(read) == b"%PDF-1.7 how we build it"


def test_agent_draws_opens_and_watches(world: World) -> None:
    lot = opened(world, THREE)
    for number in range(1, 17):
        enter(world, number)
    agent, progress = browser(world.agent), f"/evaluation/lots/{lot.code}/progress/"
    assert b"f-specialities" in agent.get(progress).content
    form = {"specialities": "A08:3, B01:2", "meets_at": "2026-03-25T09:00", "place": "Room 3", "days": "1"}
    bad = agent.post(f"/evaluation/lots/{lot.code}/draw/request", {**form, "specialities": "A08"}, headers=JSON)
    assert bad.json()["reasons"][0]["code"] == "experts.specialities"
    drawn = agent.post(f"/evaluation/lots/{lot.code}/draw/request", form)
    assert (drawn.status_code, drawn.headers["Location"]) == (302, f"/experts/lots/{lot.code}/draw/")
    avoided = Draw.objects.get().avoid
    assert avoided == sorted(world.bidder(number).party.credit_code for number in (1, 2, 3))  # type: ignore[union-attr]
    refused = agent.post(f"/evaluation/lots/{lot.code}/room/open", headers=JSON)
    assert refused.json()["reasons"][0]["code"] == "evaluation.panel_incomplete"
    for account in (world.bidder(1), world.expert(1), world.stranger):
        assert browser(account).get(progress, headers=JSON).status_code == 403
    other = world.account("other-agent", Role.AGENT)
    assert browser(other).get(progress, headers=JSON).status_code == 404


@pytest.mark.parametrize("prices", [THREE, SET_X])
def test_pages_cost_the_same_for_three_bids_and_seven(
    world: World, prices: tuple[str, ...], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    chamber = Chamber(world, prices)
    chamber.admit()
    chamber.score(0, {"plan": "10", "quality": "12.50", "schedule": "8"})
    one, watcher = member(chamber, 0), browser(world.regulator)
    with django_assert_num_queries(ROOM_QUERIES):
        assert one.get(f"/evaluation/lots/{chamber.lot.code}/room/").status_code == 200
    with django_assert_num_queries(PROGRESS_QUERIES):
        assert watcher.get(f"/evaluation/lots/{chamber.lot.code}/progress/").status_code == 200


def test_failed_evaluation_says_why_to_everybody(world: World) -> None:
    chamber = Chamber(world, THREE)
    chamber.gather()
    for at in range(5):
        chamber.vote(at, {(number, "safety"): f"page {number}" for number in (1, 2, 3)})
    assert (chamber.fresh().stage, Room.objects.get().stage) == (Stage.FAILED, Room.FAILED)
    said = Client().get(f"/evaluation/lots/{chamber.lot.code}/result/")
    assert said.status_code == 200
    assert b"page 3" in said.content


def test_every_page_renders_in_every_step(world: World) -> None:
    chamber = Chamber(world, THREE)
    _look_everywhere(world, chamber)
    chamber.gather()
    _look_everywhere(world, chamber)
    for at in range(5):
        chamber.vote(at)
    _look_everywhere(world, chamber)


def _look_everywhere(world: World, chamber: Chamber) -> None:
    for client in (member(chamber, 0), browser(world.agent), browser(world.regulator), Client()):
        for page in pages(chamber):
            assert client.get(page).status_code in {200, 302, 403, 404, 422}, page
    assert member(chamber, 0).get(f"/evaluation/lots/{chamber.lot.code}/room/").status_code == 200
