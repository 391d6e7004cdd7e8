"""The pages of bidding before an opening: they show what they must and nothing of others."""

from __future__ import annotations

import json
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.bidding.scenes import Scene
from trading.stages import Stage


def test_the_desk_shows_own_receipts_and_the_sealing_facts(scene: Scene) -> None:
    lot, bidder = scene.lot(), scene.world.bidder(1)
    receipt = scene.submit(lot, bidder)
    number = receipt["says"]["number"]
    page = scene.client(bidder).get(f"/bidding/lots/{lot.code}/")
    assert page.status_code == 200
    text = page.content.decode()
    assert number in text
    assert "sealing-facts" in text
    other = scene.client(scene.world.bidder(2)).get(f"/bidding/lots/{lot.code}/")
    assert number not in other.content.decode()


def test_a_withdrawal_is_asked_once_more_and_then_done(scene: Scene) -> None:
    lot, bidder = scene.lot(), scene.world.bidder(1)
    number = scene.submit(lot, bidder)["says"]["number"]
    client = scene.client(bidder)
    page = client.get(f"/bidding/lots/{lot.code}/receipts/{number}/withdraw")
    assert page.status_code == 200
    assert number in page.content.decode()
    done = client.post(f"/bidding/lots/{lot.code}/withdraw", {"number": number})
    assert (done.status_code, done["Location"]) == (302, f"/bidding/lots/{lot.code}/")


def test_others_receipts_are_absent(scene: Scene) -> None:
    lot, bidder, other = scene.lot(), scene.world.bidder(1), scene.world.bidder(2)
    receipt = scene.submit(lot, bidder)["says"]
    for path in (f"receipts/{receipt['number']}", f"receipts/{receipt['number']}/proof",
                 f"receipts/{receipt['number']}/withdraw", f"submissions/{receipt['submission']}"):  # fmt: skip
        answer = scene.client(other).get(f"/bidding/lots/{lot.code}/{path}", headers={"accept": "application/json"})
        assert answer.status_code == 404, path


def test_the_sheet_is_public_and_says_who_can_open(scene: Scene) -> None:
    lot = scene.lot()
    from django.test import Client

    reader = Client()
    reader.cookies["sunlight_language"] = "en"
    page = reader.get(f"/bidding/lots/{lot.code}/sheet")
    assert "any 2 of the agent, the centre, the regulator can open the bids together." in page.content.decode()
    facts = Client().get(f"/bidding/lots/{lot.code}/sheet", headers={"accept": "application/json"}).json()
    assert sorted(facts["signatures"]) == ["a", "c", "r"]


def test_the_custody_page_is_for_custodians_of_the_tender(scene: Scene) -> None:
    lot = scene.lot()
    url = f"/bidding/tenders/{lot.tender.code}/custody"
    assert scene.client(scene.world.centre).get(url).status_code == 200
    assert scene.client(scene.world.bidder(1)).get(url).status_code in {403, 404}


def test_a_pasted_receipt_is_checked(scene: Scene) -> None:
    from django.test import Client

    lot = scene.lot()
    receipt = scene.submit(lot, scene.world.bidder(1))
    good = Client().post("/bidding/verify", {"receipt": json.dumps(receipt)})
    assert (good.status_code, receipt["leaf"] in good.content.decode()) == (200, True)
    receipt["says"]["size"] = 1
    bad = Client().post("/bidding/verify", {"receipt": json.dumps(receipt)})
    assert (bad.status_code, "bidding.receipt_says" in bad.content.decode()) == (422, True)


def test_more_receipts_ask_no_more_questions(scene: Scene, django_assert_num_queries: Any) -> None:
    lot, bidder = scene.lot(), scene.world.bidder(1)
    url = f"/bidding/lots/{lot.code}/"
    scene.submit(lot, bidder)
    with CaptureQueriesContext(connection) as one:
        scene.client(bidder).get(url)
    asked = len(one)  # the next request empties the list
    scene.submit(lot, bidder)
    scene.submit(lot, bidder)
    with django_assert_num_queries(asked):
        scene.client(bidder).get(url)


def test_a_draft_is_absent_for_bidders(scene: Scene) -> None:
    lot = scene.world.lot(Stage.DRAFT)
    answers = [scene.client(scene.world.bidder(1)).get(f"/bidding/lots/{code}/") for code in (lot.code, "none-1")]
    assert [answer.status_code for answer in answers] == [404, 404]
