"""The hall over HTTP: every role's way through it, what each sees when, and that no price comes out early."""

from __future__ import annotations

import base64
import io
import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from bidding.hall.opening_record import OpeningRecord
from bidding.models import Bid
from bidding.opening.giving import give
from bidding.submission.closing import fail
from bidding.tasks import decrypt
from ledger import cms
from ledger.canon import decode
from ledger.models import EntryRow, Inner
from ledger.note import raw_public
from ledger.sequencer import log_key
from tests.bidding.full_hall import LABELS, Hall, Offer
from tests.world import World
from trading import authority
from trading.models import Account
from trading.sequence import entries_from
from trading.stages import Stage

PRICES = {1: Decimal("9123456.78"), 2: Decimal("8765432.10"), 3: Decimal("10000000.01")}
CLOSED_QUERIES, READ_QUERIES = 14, 19
KINDS = ("text/html", "application/json")
NEEDLES = ("9123456.78", "9,123,456.78", "8765432.10", "8,765,432.10", "10000000.01", "above_ceiling")


@pytest.fixture
def stage(world: World) -> Hall:
    made = Hall(world)
    for number, price in PRICES.items():
        made.submit(number, Offer(price))
    made.count()
    return made


def client_of(account: Account | None) -> Client:
    """A browser in which `account` is signed in."""
    client = Client()
    if account is not None:
        client.force_login(account)
    return client


def in_english(client: Client) -> Client:
    """A browser whose reader chose English."""
    client.cookies["sunlight_language"] = "en"
    return client


def post(account: Account | None, path: str, body: object | None = None) -> tuple[int, dict[str, Any]]:
    """POST JSON; status and facts."""
    answer = client_of(account).post(path, json.dumps(body or {}), content_type="application/json")
    return answer.status_code, answer.json()


def get(account: Account | None, path: str) -> tuple[int, dict[str, Any]]:
    """GET JSON."""
    answer = client_of(account).get(path, headers={"accept": "application/json"})
    return answer.status_code, answer.json()


def codes(answer: tuple[int, dict[str, Any]]) -> list[str]:
    """The codes of a refusal."""
    return [reason["code"] for reason in answer[1]["reasons"]]


def url(stage: Hall, rest: str) -> str:
    return f"/bidding/lots/{stage.lot.code}/{rest}"


def give_over_http(stage: Hall, label: str) -> tuple[int, dict[str, Any]]:
    """What a custodian's client does: fetch, check, decrypt, sign, post."""
    account = getattr(stage.world, LABELS[label])
    status, facts = get(account, url(stage, "headers"))
    assert status == 200
    batch = give(
        facts,
        base64.b64decode(facts["sheet"]),
        stage.keys[label].private,
        now=stage.world.clock.now(),
        log_key=raw_public(log_key().public_key()),
    )
    answer = post(account, url(stage, "release"), batch.body(stage.signer(account).sign(batch.statement)))
    stage.world.sequence()
    return answer


def walk_to_read_out(stage: Hall) -> None:
    """Host, two custodians, decryption, prices."""
    assert post(stage.world.agent, url(stage, "hall/open"))[0] == 200
    stage.world.sequence()
    for label in ("a", "r"):
        assert give_over_http(stage, label)[0] == 200
    for bid in Bid.objects.order_by("number"):
        decrypt(bid.code)
    stage.world.sequence()
    stage.fresh()


def test_the_whole_way_over_http(stage: Hall) -> None:
    world = stage.world
    walk_to_read_out(stage)
    _status, facts = get(None, url(stage, "hall/"))
    assert {bid["number"]: Decimal(bid["price"]) for bid in facts["bids"]} == PRICES
    assert post(world.bidder(1), url(stage, "record/confirm")) == (200, {"number": 1})
    _status, made = post(world.bidder(2), url(stage, "objections"), {"text": "报价顺序"})
    answer = url(stage, f"objections/{made['objection']}/answer")
    assert codes(post(world.bidder(3), answer, {"text": "x"})) == ["rights.role"]
    assert post(world.agent, answer, {"text": "已核对"})[0] == 200
    world.clock.pass_(timedelta(minutes=15))
    for account in (world.agent, world.centre):
        data = client_of(account).get(url(stage, "record/bytes")).content
        signature = base64.b64encode(stage.signer(account).sign(data)).decode()
        assert post(account, url(stage, "record/sign"), {"signature": signature})[0] == 200
    assert stage.fresh().stage == Stage.OPENED
    record = client_of(None).get(url(stage, "record/bytes")).content
    witness = client_of(None).get(url(stage, "record/witness.p7s")).content
    cms.verify(record, witness, authority.roots(), world.clock.now())
    found = decode(OpeningRecord, record)
    assert [bid.price for bid in found.bids] == list(PRICES.values())
    assert found.bids[1].objections[0].answer == "已核对"
    stage.move(Stage.EVALUATING)
    _status, facts = get(world.purchaser, url(stage, "bids/"))
    name, code = facts["bids"][0]["files"][0]["name"], facts["bids"][0]["code"]
    file = client_of(world.purchaser).get(url(stage, f"bids/{code}/files/{name}"))
    assert b"".join(file.streaming_content) == b"%PDF-1.7 how we build it"  # type: ignore[attr-defined]
    assert get(world.bidder(1), url(stage, "bids/"))[0] == 403


def everything_public(stage: Hall, bidders: list[Account]) -> str:
    """All that anybody is shown of a hall, the log and what a socket says included."""
    paths = ["hall/", "hall/board", "hall/wall", "hall/replay", "record/", "record/bytes", "bids.xlsx", "bids.csv"]
    paths += ["bids/", "headers"]
    world = stage.world
    people = [None, world.agent, world.centre, world.regulator, world.purchaser, world.operator, *bidders]
    shown = []
    for account in people:
        client = client_of(account)
        for path in paths:
            answers = [client.get(url(stage, path), headers={"accept": kind}) for kind in KINDS]
            shown += [answer.content.decode(errors="replace") for answer in answers]
        shown.append(client.get("/bidding/openings").content.decode())
    leaves = [bytes(row.leaf).decode(errors="replace") for row in EntryRow.objects.all()]
    inner = [bytes(row.inner).decode(errors="replace") for row in Inner.objects.all()]
    sockets = [json.dumps({"entry": index}) for index in entries_from(stage.lot.code, 0)]
    return "\n".join([*shown, *leaves, *inner, *sockets])


def test_no_price_comes_out_before_every_envelope_is_decided(stage: Hall) -> None:
    world = stage.world
    post(world.agent, url(stage, "hall/open"))
    world.sequence()
    give_over_http(stage, "a")
    give_over_http(stage, "c")
    opened = Bid.objects.order_by("number")
    decrypt(opened[0].code)
    decrypt(opened[2].code)
    world.sequence()
    shown = everything_public(stage, [world.bidder(1), world.bidder(2)])
    names = [account.display for account in (world.bidder(3),)]
    assert [needle for needle in (*NEEDLES, *names) if needle in shown] == []
    decrypt(opened[1].code)
    world.sequence()
    shown = everything_public(stage, [])
    assert [needle for needle in ("9,123,456.78", "above_ceiling", "bidder3") if needle not in shown] == []


def test_the_tiles_say_what_they_may_at_each_step(stage: Hall) -> None:
    world = stage.world

    def states() -> list[str]:
        return [tile["state"] for tile in get(None, url(stage, "hall/"))[1]["envelopes"]]

    assert states() == ["waiting"] * 3
    assert post(world.bidder(2), url(stage, "hall/join"))[0] == 200
    assert states() == ["waiting", "present", "waiting"]
    post(world.agent, url(stage, "hall/open"))
    world.sequence()
    assert states() == ["waiting", "present", "waiting"]
    give_over_http(stage, "c")
    give_over_http(stage, "r")
    assert states() == ["opening"] * 3
    decrypt(Bid.objects.get(number=3).code)
    assert states() == ["opening", "opening", "open"]


def test_before_the_deadline_the_hall_shows_a_clock_and_nothing_else(world: World) -> None:
    stage = Hall(world)
    for number in (1, 2, 3):
        stage.submit(number)
    world.sequence()
    _status, facts = get(None, url(stage, "hall/"))
    assert (facts["envelopes"], facts["custodians"], facts["bids"]) == ([], [], None)
    text = client_of(world.bidder(1)).get(url(stage, "hall/")).content.decode()
    assert f'data-countdown="{int(stage.lot.deadline.timestamp())}"' in text  # type: ignore[union-attr]
    assert 'class="tile ' not in text
    assert [word for word in ("bidder2", "bidder3", "Envelope") if word in text] == []


def test_refusals_of_the_doors(stage: Hall, world: World) -> None:
    assert codes(post(None, url(stage, "hall/open"))) == ["rights.sign_in"]
    assert codes(post(world.regulator, url(stage, "hall/open"))) == ["rights.role"]
    assert codes(post(world.stranger, url(stage, "hall/join"))) == ["trading.absent"]
    assert codes(get(world.bidder(1), url(stage, "headers"))) == ["rights.role"]
    assert codes(post(world.agent, url(stage, "release"), {"leaf": "a", "shares": [], "signature": ""})) == [
        "bidding.batch_incomplete"
    ]
    assert codes(post(world.agent, url(stage, "release"), {"leaf": "a"})) == ["form.missing", "form.missing"]
    assert codes(get(None, "/bidding/lots/no-such-lot/hall/")) == ["trading.absent"]
    assert post(world.agent, url(stage, "hall/open"))[0] == 200
    assert codes(post(world.agent, url(stage, "hall/open"))) == ["rights.stage"]
    assert codes(post(world.bidder(1), url(stage, "record/confirm"))) == ["bidding.prices_not_read"]
    assert codes(get(None, url(stage, "record/bytes"))) == ["bidding.prices_not_read"]
    assert codes(get(None, url(stage, "bids.csv"))) == ["bidding.prices_not_read"]
    assert codes(get(world.purchaser, url(stage, "bids/"))) == ["rights.stage"]


def test_a_share_before_the_count_is_refused_over_http_too(world: World) -> None:
    stage = Hall(world)
    stage.submit(1)
    batch = {"leaf": "a", "shares": [], "signature": ""}
    assert codes(post(world.agent, url(stage, "release"), batch)) == ["bidding.too_early"]
    assert codes(get(world.agent, url(stage, "headers"))) == ["rights.stage"]


def test_the_bid_list_is_the_record(stage: Hall) -> None:
    walk_to_read_out(stage)
    data = client_of(None).get(url(stage, "bids.xlsx")).content
    sheet = load_workbook(io.BytesIO(data)).active
    rows = list(sheet.iter_rows(min_row=3, values_only=True))  # type: ignore[union-attr]
    assert [(row[0], row[1], Decimal(str(row[3]))) for row in rows] == [
        (number, f"bidder{number}", price) for number, price in PRICES.items()
    ]
    assert "玖佰壹拾贰万叁仟肆佰伍拾陆元柒角捌分" in rows[0][4]
    lines = client_of(None).get(url(stage, "bids.csv")).content.decode("utf-8-sig").splitlines()
    assert lines[2].split(",")[:2] == ["2", "bidder2"]
    assert "8765432.10" in lines[2].split(",")


def test_pages_render_for_everybody_at_every_step(stage: Hall) -> None:
    world = stage.world
    people = [None, world.agent, world.centre, world.regulator, world.bidder(1), world.stranger, world.operator]

    def all_well() -> None:
        for account in people:
            for path in ("hall/", "hall/board", "hall/wall", "record/"):
                status = client_of(account).get(url(stage, path)).status_code
                assert status == (422 if path == "record/" and stage.lot.stage == Stage.CLOSED else 200), path

    all_well()
    post(world.agent, url(stage, "hall/open"))
    world.sequence()
    stage.fresh()
    all_well()
    give_over_http(stage, "a")
    give_over_http(stage, "r")
    all_well()
    for bid in Bid.objects.all():
        decrypt(bid.code)
    all_well()
    post(world.bidder(2), url(stage, "objections"), {"text": "x"})
    all_well()


def test_nothing_is_inline(stage: Hall) -> None:
    walk_to_read_out(stage)
    for path in ("hall/", "hall/board", "hall/wall", "record/"):
        text = client_of(stage.world.agent).get(url(stage, path)).content.decode()
        assert [word for word in ("style=", "<style", "onclick", "<script>", "javascript:") if word in text] == []


def queries(client: Client, path: str) -> int:
    """How many queries a page takes."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


@pytest.mark.parametrize("bidders", [3, 5])
def test_the_board_takes_as_many_queries_for_many_bids_as_for_few(world: World, bidders: int) -> None:
    stage = Hall(world)
    for bidder in range(1, bidders + 1):
        stage.submit(bidder)
    stage.count()
    closed = queries(client_of(None), url(stage, "hall/board"))
    walk_to_read_out(stage)
    assert (closed, queries(client_of(None), url(stage, "hall/board"))) == (CLOSED_QUERIES, READ_QUERIES)


def test_a_lot_that_fails_after_its_opening_keeps_its_hall(stage: Hall) -> None:
    walk_to_read_out(stage)
    stage.move(Stage.FAILED)
    facts = get(None, url(stage, "hall/"))[1]
    assert [tile["state"] for tile in facts["envelopes"]] == ["open"] * 3
    assert len(facts["bids"]) == 3


def test_a_lot_with_too_few_bids_says_so(world: World) -> None:
    stage = Hall(world)
    stage.submit(1)
    stage.count()
    fail(stage.lot)
    world.sequence()
    text = in_english(client_of(None)).get(url(stage, "hall/")).content.decode()
    assert "Nothing was opened, and nothing will be." in text
    assert "Only 1 bids: the lot failed, nothing was opened." in text
    assert 'class="tile ' not in text
    for path in ("record/", "record/bytes", "record/host.p7s", "bids.xlsx", "bids.csv"):
        assert client_of(None).get(url(stage, path)).status_code == 404, path


def test_the_board_is_sent_again_only_when_it_changed(stage: Hall) -> None:
    client = client_of(stage.world.agent)
    text = client.get(url(stage, "hall/")).content.decode()
    seen = text.partition("board?seen=")[2][:16]
    assert client.get(url(stage, f"hall/board?seen={seen}")).status_code == 204
    post(stage.world.bidder(1), url(stage, "hall/join"))
    changed = client.get(url(stage, f"hall/board?seen={seen}"))
    assert (changed.status_code, changed.content.decode().count('id="board"')) == (200, 1)


def test_the_log_replays_the_opening(stage: Hall) -> None:
    walk_to_read_out(stage)
    text = in_english(client_of(None)).get(url(stage, "hall/board")).content.decode()
    order = [
        "All prices were read out: 3 bids.", "Envelope 3 is open.", "Envelope 2 is open.", "Envelope 1 is open.",
        "The custodian of the regulator gave the shares for all bids.",
        "The custodian of the agent gave the shares for all bids.", "The host opened the hall.", "3 bids were counted.",
    ]  # fmt: skip
    places = [text.find(sentence) for sentence in order]
    assert places == sorted(places)
    assert -1 not in places
