"""What the site shows of a lot before its opening is the same whoever has bid, and however many (promises.md, P4).

Two worlds that differ in that alone: every public page and the desks of everybody else answer with the same bytes, as
pages and as JSON; the socket of the lot tells the same entries.
"""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.test import Client

from tests.bidding.scenes import Scene, Sealed
from trading.method import WORKED
from trading.models import Lot
from trading.sequence import entries_from

CHANCE = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"|"X-CSRFToken": "[^"]*"')  # of the same length always
VARYING = {"Set-Cookie", "Content-Security-Policy"}  # a session, a nonce
PATHS = (
    "/",
    "/notices",
    "/desk",
    "/statistics",
    "/statistics.csv",
    "/tenders/{tender}",
    "/tenders/{tender}.ics",
    "/tenders/{tender}/questions",
    "/lots/{lot}",
    "/lots/{lot}/award",
    "/bidding/trust",
    "/bidding/openings",
    "/bidding/tenders/{tender}/custody",
    "/bidding/lots/{lot}/",
    "/bidding/lots/{lot}/sheet",
    "/bidding/lots/{lot}/headers",
    "/bidding/lots/{lot}/hall/",
    "/bidding/lots/{lot}/hall/board",
    "/bidding/lots/{lot}/hall/wall",
    "/bidding/lots/{lot}/record/",
    "/bidding/questions/{tender}",
)
Answers = dict[tuple[str, str, str], tuple[int, dict[str, str], bytes]]


def watchers(scene: Scene) -> dict[str, Client]:
    """Everybody who might want to know: the public, another bidder, and those who run the tender."""
    people = {name: getattr(scene.world, name) for name in ("purchaser", "agent", "centre", "regulator")}
    signed_in = {name: scene.client(account) for name, account in people.items()}
    return {"nobody": Client(), "rival": scene.client(scene.world.bidder(9)), **signed_in}


def seen(scene: Scene, lot: Lot) -> Answers:
    """Status, headers and bytes of every page, for everybody, as a page and as JSON."""
    found: Answers = {}
    for who, client in watchers(scene).items():
        for path in PATHS:
            for accept in ("text/html", "application/json"):
                cache.clear()
                address = path.format(lot=lot.code, tender=lot.tender.code)
                answer = client.get(address, headers={"accept": accept})
                body = answer.getvalue() if answer.streaming else answer.content
                headers = {name: value for name, value in answer.items() if name not in VARYING}
                found[who, path, accept] = (answer.status_code, headers, CHANCE.sub(b"", body))
    return found


def differences(one: Answers, other: Answers) -> list[tuple[str, str, str]]:
    return [which for which in one if one[which] != other[which]]


def one_bid(scene: Scene, lot: Lot) -> None:
    scene.submit(lot, scene.world.bidder(1), "9595123.45")


def another_bid(scene: Scene, lot: Lot) -> None:
    scene.submit(lot, scene.world.bidder(2), "9595123.45")


def many(scene: Scene, lot: Lot) -> None:
    """Bids, one replaced, one withdrawn, one refused, one that is still coming."""
    for number in (1, 2, 3, 4, 5):
        scene.submit(lot, scene.world.bidder(number), f"959{number}000.00")
    receipt = scene.submit(lot, scene.world.bidder(1), "9595123.45")
    number = receipt["says"]["number"]
    scene.client(scene.world.bidder(1)).post(f"/bidding/lots/{lot.code}/withdraw", {"number": number})
    bad = scene.seal(lot, scene.world.bidder(6))
    scene.begin(lot, scene.world.bidder(6), bad)
    scene.send(lot, scene.world.bidder(6), Sealed(bad.data[:-1], bad.id))
    scene.begin(lot, scene.world.bidder(7), scene.seal(lot, scene.world.bidder(7)))


def set_up(scene: Scene) -> Lot:
    """A lot, and everybody who is there in all worlds."""
    lot = scene.lot(method=dict(WORKED), days=300)
    for number in range(1, 8):
        scene.pen(scene.world.bidder(number))
    watchers(scene)
    scene.world.sequence()
    return lot


@pytest.mark.slow
@pytest.mark.parametrize("happens", [one_bid, another_bid, many])
def test_nobody_sees_who_bid_or_how_many(scene: Scene, happens: object) -> None:
    lot = set_up(scene)
    before, told = seen(scene, lot), entries_from(lot.code, 0)
    assert callable(happens)
    happens(scene, lot)
    assert differences(before, seen(scene, lot)) == []
    scene.world.sequence()
    assert differences(before, seen(scene, lot)) == []
    assert entries_from(lot.code, 0) == told


def test_the_pages_are_there_and_a_difference_is_seen(scene: Scene) -> None:
    lot = set_up(scene)
    before = seen(scene, lot)
    assert {path for (_who, path, _accept), (status, *_rest) in before.items() if status == 200} >= {
        "/", "/notices", "/tenders/{tender}", "/lots/{lot}", "/bidding/openings", "/bidding/lots/{lot}/hall/",
        "/bidding/lots/{lot}/hall/board", "/bidding/lots/{lot}/", "/bidding/lots/{lot}/sheet", "/desk",
    }  # fmt: skip
    Lot.objects.filter(pk=lot.pk).update(title="another title")
    assert ("nobody", "/lots/{lot}", "text/html") in differences(before, seen(scene, lot))


def test_what_is_anothers_answers_like_what_is_not_there(scene: Scene) -> None:
    """A rival who holds another's receipt number and id learns no more with them than with made-up ones."""
    lot = set_up(scene)
    says = scene.submit(lot, scene.world.bidder(1))["says"]
    rival = scene.client(scene.world.bidder(9))
    for path in ("receipts/{number}", "receipts/{number}/proof", "receipts/{number}/envelope", "submissions/{id}",
                 "receipts/{number}/withdraw", "receipts/{number}/files/paper"):  # fmt: skip
        found = []
        for names in ({"number": says["number"], "id": says["submission"]}, {"number": "a" * 16, "id": "0a" * 16}):
            answer = rival.get(f"/bidding/lots/{lot.code}/{path.format(**names)}")
            headers = {name: value for name, value in answer.items() if name not in VARYING}
            body = answer.content
            for asked_for in names.values():  # a page says its own address
                body = body.replace(str(asked_for).encode(), b"")
            found.append((answer.status_code, headers, CHANCE.sub(b"", body)))
        assert found[0] == found[1], path
        assert found[0][0] == 404, path
    url = f"/bidding/lots/{lot.code}/withdraw"
    asked = [
        rival.post(url, {"number": number}, content_type="application/json").json()
        for number in (says["number"], "a" * 16)
    ]
    assert asked[0]["reasons"] == asked[1]["reasons"]
    assert [one["receipt"]["says"]["withdraws"] for one in asked] == ["", ""]
