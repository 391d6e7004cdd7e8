"""Pages of supervision: who sees what, what the public takes, and that nothing tells about bids before the opening."""

from __future__ import annotations

import hashlib
import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from ledger import note
from ledger.actor import Role
from supervision.alarming import raise_alarm
from supervision.alarms import Hint
from supervision.models import Alarm
from supervision.verifier.trust import read_log_key
from supervision.verifier.verifying import CHECKS
from tests.bidding.scenes import Scene
from tests.supervision.flow import Flow
from tests.world import MORNING, World
from trading.models import Account, Lot
from trading.stages import Stage

JSON = {"accept": "application/json"}
DESK_QUERIES = 9


def browser(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client


@pytest.fixture
def begun(scene: Scene) -> Flow:
    """A tender with bids in."""
    flow = Flow(scene)
    flow.enrol()
    flow.notice()
    flow.bid()
    return flow


def test_the_watch_desk_is_the_regulators(world: World) -> None:
    world.lot()
    assert Client().get("/supervision/").status_code == 302
    for account in (world.agent, world.bidder(1), world.operator, world.purchaser):
        assert browser(account).get("/supervision/").status_code == 403
    assert browser(world.regulator).get("/supervision/").status_code == 200


def test_another_regulator_sees_nothing_of_the_tender(world: World) -> None:
    lot = world.lot(Stage.EVALUATING)
    raise_alarm(lot, Hint("few_bids", "", {"count": "2", "least": "3"}))
    other = browser(world.account("other", Role.REGULATOR, "another body"))
    page = other.get("/supervision/").content.decode()
    assert lot.code not in page
    assert lot.title not in page
    assert other.get(f"/supervision/lots/{lot.code}/").status_code == 404
    assert other.get(f"/supervision/lots/{lot.code}/board").status_code == 404
    url = f"/supervision/alarms/{Alarm.objects.get().code}/settle"
    assert other.post(url, {"outcome": "found", "remark": "mine now"}).status_code == 404
    assert Alarm.objects.get().outcome == ""


def test_numbers_on_the_desk_are_those_of_the_rows(begun: Flow) -> None:
    flow, client = begun, browser(begun.world.regulator)
    assert client.get("/supervision/", headers=JSON).json() == {"today": 0, "rooms": 0, "results": 0, "alarms": 0}
    flow.late()
    assert client.get("/supervision/", headers=JSON).json() == {"today": 3, "rooms": 2, "results": 0, "alarms": 1}
    page = client.get("/supervision/").content.decode()
    for lot in flow.lots:
        assert f"/supervision/lots/{lot.code}/" in page


def shown(client: Client, lot: Lot) -> list[str]:
    """What the regulator sees, the form tokens apart."""
    urls = ("/supervision/", f"/supervision/lots/{lot.code}/", f"/supervision/lots/{lot.code}/board")
    return [re.sub(r"[A-Za-z0-9]{64}", "", client.get(url).content.decode()) for url in urls]


def test_before_the_opening_no_page_tells_how_many_bids_there_are(begun: Flow) -> None:
    client, lot = browser(begun.world.regulator), begun.lots[0]
    before, now = shown(client, lot), begun.world.clock.now()
    begun.send(begun.fresh(lot), 7, "9100000.00")
    begun.world.sequence()
    begun.world.clock.set(now)
    assert shown(client, lot) == before


def test_the_page_of_a_lot_shows_its_chain_and_its_alarms(begun: Flow) -> None:
    begun.late()
    one, two = begun.lots[:2]
    client = browser(begun.world.regulator)
    page = client.get(f"/supervision/lots/{one.code}/").content.decode()
    assert page.count("node-done") == 3
    assert page.count("node-current") == 1
    failed = client.get(f"/supervision/lots/{two.code}/").content.decode()
    assert failed.count("node-failed") == 1
    alarm = Alarm.objects.get()
    assert f"/supervision/alarms/{alarm.code}/settle" in failed
    answer = client.post(
        f"/supervision/alarms/{alarm.code}/settle", {"outcome": "unfounded", "remark": "只有两家有资质"}
    )
    assert (answer.status_code, answer["Location"]) == (302, f"/supervision/lots/{two.code}/#alarms")
    settled = client.get(f"/supervision/lots/{two.code}/").content.decode()
    assert "只有两家有资质" in settled
    assert "/settle" not in settled


def test_the_desk_asks_the_same_number_of_queries_for_one_lot_and_three(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = browser(world.regulator)
    for count in (1, 3):
        for number in range(1, count + 1):
            lot = world.lot(Stage.EVALUATING, number)
            Alarm.objects.get_or_create(lot=lot, rule="few_bids", facts={"count": "2", "least": "3"}, raised_at=MORNING)
        client.get("/supervision/")
        with django_assert_num_queries(DESK_QUERIES):
            client.get("/supervision/")


def test_everybody_takes_the_public_bundle_once_it_is_counted(
    begun: Flow, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    url = f"/supervision/tenders/{begun.tender.code}/bundle"
    answer = Client().get(url)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    assert answer["Repr-Digest"] == f"sha-256={hashlib.sha256(answer.content).hexdigest()}"
    with django_assert_max_num_queries(12):  # it is made once for a count, whoever asks
        assert Client().get(url).content == answer.content
    assert answer.content == browser(begun.world.bidder(1)).get(url).content
    assert Client().get("/supervision/tenders/nothing/bundle").status_code == 404


def test_a_draft_has_no_bundle_and_an_uncounted_tender_says_so(world: World) -> None:
    lot = world.lot(Stage.DRAFT)
    url = f"/supervision/tenders/{lot.tender.code}/bundle"
    assert Client().get(url).status_code == 404
    world.lot(Stage.BIDDING)
    refused = Client().get(url, headers=JSON)
    assert (refused.status_code, refused.json()["reasons"][0]["code"]) == (422, "supervision.not_counted")
    assert Client().get(url, headers={"Accept": "application/zip"}).json() == refused.json()
    assert Lot.objects.count() == 1


@pytest.mark.usefixtures("begun")
def test_how_to_check_us_hands_out_key_roots_and_the_numbered_list() -> None:
    client = Client()
    facts = client.get("/verify", headers=JSON).json()
    key = read_log_key(client.get("/supervision/log.key").content.decode())
    assert facts["log_key"] == note.verifier_key(key.name, key.public)
    checkpoint = note.read(client.get("/log/checkpoint").content, key.public)
    assert (facts["checkpoint"]["size"], facts["checkpoint"]["root"]) == (checkpoint.size, checkpoint.root.hex())
    assert client.get("/supervision/roots.pem").content.startswith(b"-----BEGIN CERTIFICATE-----")
    assert [one["number"] for one in facts["checks"]] == [check.number for check in CHECKS]
    before = client.get("/supervision/verify")
    assert (before.status_code, before["Location"]) == (301, "/verify")
    page = client.get("/verify").content.decode()
    assert facts["log_key"] in page
    assert '<li value="40" data-check="40"' in page
