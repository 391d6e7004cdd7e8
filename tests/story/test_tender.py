"""The way of one bid, steps 0 to 12, played through the front door of a real site; every number comes over HTTP."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
from docx import Document
from openpyxl import load_workbook

import bidding.events
import evaluation.events
import experts.events
import guarantees.events
import supervision.events
import trading.events
from ledger import merkle, note, tiles
from ledger.events import Entry, read_entry
from tests.story.conftest import Played
from tests.story.demo import ROOT, log_key

pytestmark = [pytest.mark.server, pytest.mark.slow, pytest.mark.xdist_group("story")]
KINDS = (bidding.events, evaluation.events, experts.events, guarantees.events, supervision.events, trading.events)
TENDER = "sl-2026-0001"
LOT_1, LOT_2, LOT_3 = (f"{TENDER}-{number}" for number in (1, 2, 3))
LOTS = {LOT_1, LOT_2, LOT_3}
PATIENCE = 90.0  # seconds
# The worked example: bidder, price, points for the price, total.
WORKED = {
    "东屿建设集团有限公司": ("9850000.00", "57.35", "89.35"),
    "南渡路桥工程有限公司": ("9720000.00", "58.71", "92.11"),
    "恒川市政工程有限公司": ("9680000.00", "59.12", "93.12"),
    "海岳建工集团有限公司": ("9600000.00", "59.96", "96.76"),
    "安澜水利建设有限公司": ("9550000.00", "59.76", "95.56"),
    "启明基础工程有限公司": ("9430000.00", "59.14", "93.34"),
    "和丰建筑工程有限公司": ("9120000.00", "57.52", "88.32"),
}
WINNERS = {LOT_1: ("海岳建工集团有限公司", "9600000.00"), LOT_2: ("安澜水利建设有限公司", "48197987.32")}


def facts(story: Played, path: str) -> Any:
    return story.public.get(path).raise_for_status().json()


@cache
def _log(client: httpx.Client) -> tuple[list[bytes], note.Checkpoint]:
    signed = note.read(client.get("/log/checkpoint").raise_for_status().content, log_key(client))
    leaves: list[bytes] = []
    for number in range(-(-signed.size // tiles.WIDTH)):
        path = tiles.tile_path("entries", number, min(tiles.WIDTH, signed.size - number * tiles.WIDTH))
        leaves += tiles.unbundle(client.get(f"/log/{path}").raise_for_status().content)
    return leaves, signed


def entries(story: Played) -> list[Entry]:
    """Every entry but those of the demo itself, whose kinds are not known outside it (switches, moves of the clock)."""
    return [read_entry(leaf) for leaf in _log(story.public)[0] if not leaf[5:].startswith(b"config:")]


def of(story: Played, tag: str, **values: object) -> list[Entry]:
    found = [entry for entry in entries(story) if entry.tag == tag]
    return [entry for entry in found if all(entry.values[name] == value for name, value in values.items())]


def lifted(story: Played) -> list[Entry]:
    """What came under a veil for a lot of the tender and was lifted since."""
    inner = [read_entry(entry.values["inner"]) for entry in of(story, "ledger:veiled:lifted")]
    return [entry for entry in inner if entry.values.get("lot") in LOTS]  # fillers have none


def test_0_the_notice_has_lawful_periods_and_ceilings(story: Played) -> None:
    tender = facts(story, f"/tenders/{TENDER}")
    times = {mark["name"]: mark["at"] for mark in tender["timetable"]}
    lots = [(lot["lot"], facts(story, f"/lots/{lot['lot']}")["ceiling"]) for lot in tender["lots"]]
    assert lots == [(LOT_1, "10000000.00"), (LOT_2, "50353100.00"), (LOT_3, "3600000.00")]
    assert times["noticed"].startswith("2026-03-02T09:")
    assert times["deadline"] == "2026-03-24T09:30:00+08:00"
    assert times["clarification_until"] == "2026-03-10T00:00:00+08:00"
    assert [entry.values["number"] for entry in of(story, "trading:addendum:issued")] == [1]
    assert len(of(story, "trading:question:answered")) == 1


def test_1_three_bodies_hold_the_key_of_each_lot_and_two_open_it(story: Played) -> None:
    for lot in (LOT_1, LOT_2, LOT_3):
        sheet = facts(story, f"/bidding/lots/{lot}/sheet")
        assert (sheet["policy"], sheet["sealed"]) == ("2(a,c,r)", True)
        assert [leaf["label"] for leaf in sheet["leaves"]] == ["a", "c", "r"]
        assert len({leaf["key"] for leaf in sheet["leaves"]} | {leaf["holder"] for leaf in sheet["leaves"]}) == 6
        assert sorted(sheet["signatures"]) == ["a", "c", "r"]


def test_1_the_rehearsal_opened_for_every_pair_before_the_notice(story: Played) -> None:
    (opened,) = of(story, "bidding:rehearsal:opened", tender=TENDER)
    assert [one.leaves for one in opened.values["sets"]] == [("a", "c"), ("a", "r"), ("c", "r")]
    told = [entry.tag for entry in entries(story) if entry.values.get("tender") == TENDER]
    assert told.index("bidding:rehearsal:opened") < told.index("trading:notice:published")
    assert sorted(one.values["leaf"] for one in of(story, "bidding:rehearsal:given", tender=TENDER)) == ["a", "c", "r"]


def test_2_covers_stand_behind_every_opened_bid(story: Played) -> None:
    recognised = of(story, "guarantees:guarantee:recognised")
    assert Counter(entry.values["lot"] for entry in recognised) == {LOT_1: 7, LOT_2: 4}


def test_3_to_5_every_envelope_got_a_receipt_under_a_veil(story: Played) -> None:
    inner = lifted(story)
    sealed = [entry for entry in inner if entry.tag == "bidding:envelope:sealed"]
    withdrawn = [entry for entry in inner if entry.tag == "bidding:envelope:withdrawn"]
    assert Counter(entry.values["lot"] for entry in sealed) == {LOT_1: 9, LOT_2: 4, LOT_3: 2}
    assert [entry.values["lot"] for entry in sealed if entry.values["replaces"]] == [LOT_1]
    assert [entry.values["lot"] for entry in withdrawn] == [LOT_1]
    assert len({entry.values["number"] for entry in (*sealed, *withdrawn)}) == 16
    assert len({entry.values["digest"] for entry in sealed}) == 15


def test_6_the_deadline_counts_what_came_in_time_and_nothing_else(story: Played) -> None:
    deadline = datetime.fromisoformat("2026-03-24T09:30:00+08:00")
    closed = {entry.values["lot"]: entry.values["count"] for entry in of(story, "bidding:lot:closed")}
    assert {lot: count for lot, count in closed.items() if lot in LOTS} == {LOT_1: 7, LOT_2: 4, LOT_3: 2}
    [late] = [entry for entry in lifted(story) if entry.tag == "bidding:envelope:refused"]
    assert (late.values["lot"], late.values["codes"]) == (LOT_1, ("bidding.late",))
    assert late.values["stamp"] >= deadline
    stamps = [entry.values["stamp"] for entry in lifted(story) if entry.tag == "bidding:envelope:sealed"]
    assert max(stamps) < deadline


def test_6_below_three_a_lot_fails_and_nothing_is_opened(story: Played) -> None:
    assert facts(story, f"/lots/{LOT_3}")["stage"] == "failed"
    assert len(of(story, "bidding:lot:failed", lot=LOT_3, count=2, least=3)) == 1
    about = [entry.tag for entry in entries(story) if entry.values.get("lot") == LOT_3]
    assert not {"bidding:hall:opened", "bidding:share:released", "bidding:prices:read"} & set(about)
    assert facts(story, f"/bidding/lots/{LOT_3}/hall/")["bids"] is None


def test_7_two_of_three_custodians_open_and_all_prices_come_together(story: Played) -> None:
    board = facts(story, f"/bidding/lots/{LOT_1}/hall/")
    assert {one["leaf"]: one["given"] for one in board["custodians"]} == {"a": True, "c": True, "r": False}
    assert {one["name"]: one["price"] for one in board["bids"]} == {name: row[0] for name, row in WORKED.items()}
    assert all(one["cover"] == [] and one["invalid"] == "" for one in board["bids"])
    assert board["record"] == {"host": True, "signed": ["host", "witness"]}
    order = [entry.tag for entry in entries(story) if entry.values.get("lot") == LOT_1]
    assert order.index("bidding:prices:read") > len(order) - 1 - order[::-1].index("bidding:envelope:decided")
    assert len(of(story, "bidding:record:confirmed", lot=LOT_1)) == 7


def test_8_the_draw_can_be_computed_again_by_anybody(story: Played, tmp_path: Path) -> None:
    for lot in (LOT_1, LOT_2):
        record = tmp_path / f"{lot}.json"
        record.write_bytes(story.public.get(f"/experts/lots/{lot}/draw/record").raise_for_status().content)
        done = subprocess.run(
            [sys.executable, "-m", "experts.recompute", str(record)],
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout
        assert "the file claims exactly this" in done.stdout
        result = json.loads(record.read_text())["result"]
        assert Counter(seat["speciality"] for seat in result["seats"]) == {"A08": 3, "C01": 2}
    asked = [one["state"] for one in facts(story, f"/experts/lots/{LOT_1}/draw/")["asked"]]
    assert Counter(asked) == {"accepted": 5, "declined": 1}


def test_8_experts_who_work_for_a_bidder_are_avoided(story: Played) -> None:
    record = story.public.get(f"/experts/lots/{LOT_1}/draw/record").raise_for_status().json()
    assert len(record["record"]["pool"]["lines"]) == 18
    assert len(record["result"]["excluded"]) == 2


def test_9_base_price_points_and_ranking_are_those_of_the_worked_example(story: Played) -> None:
    result = facts(story, f"/evaluation/lots/{LOT_1}/result/")
    assert result["base"] == "9596000.00"
    ranking = {line["name"]: (line["price"], line["price_points"], line["total"]) for line in result["ranking"]}
    assert ranking == WORKED
    assert [line["name"] for line in result["ranking"]] == sorted(WORKED, key=lambda name: -Decimal(WORKED[name][2]))
    assert (len(result["points"]), len(result["signed"]), result["rejections"]) == (5, 5, [])
    figures = {
        tuple(sorted(cell for row in sheet.values() for cell in row.values())) for sheet in result["points"].values()
    }
    assert len(figures) == 5, "five members, five opinions"


def test_9_the_lowest_price_wins_the_large_lot_428_basis_points_below_its_ceiling(story: Played) -> None:
    result = facts(story, f"/evaluation/lots/{LOT_2}/result/")
    prices = [Decimal(line["price"]) for line in result["ranking"]]
    below = (Decimal("50353100.00") - prices[0]) / Decimal("50353100.00")
    assert prices == sorted(prices)
    assert below.quantize(Decimal("0.0001")) == Decimal("0.0428")


def test_10_report_and_award_are_documents(story: Played) -> None:
    for lot, (winner, _price) in WINNERS.items():
        for path in (f"/evaluation/lots/{lot}/report.docx", f"/lots/{lot}/award.docx"):
            data = story.public.get(path).raise_for_status().content
            made = Document(io.BytesIO(data))
            cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
            assert winner in "\n".join([*cells, *(paragraph.text for paragraph in made.paragraphs)])
        for path in (f"/evaluation/lots/{lot}/scores.xlsx", f"/bidding/lots/{lot}/bids.xlsx"):
            book = load_workbook(io.BytesIO(story.public.get(path).raise_for_status().content))
            assert any(
                winner in str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row
            )


def test_10_an_objection_is_answered_before_the_award_and_the_contract_says_the_same_amount(story: Played) -> None:
    order = [entry.tag for entry in entries(story) if entry.values.get("lot") == LOT_1]
    steps = ["trading:candidates:published", "trading:objection:made", "trading:objection:answered",
             "trading:publicity:ended", "trading:award:noticed", "trading:contract:signed"]  # fmt: skip
    assert [order.count(tag) for tag in steps] == [1] * 6
    assert sorted(steps, key=order.index) == steps
    for lot, (_winner, price) in WINNERS.items():
        [award], [contract] = of(story, "trading:award:noticed", lot=lot), of(story, "trading:contract:signed", lot=lot)
        assert award.values["amount"] == contract.values["amount"] == Decimal(price)
        assert facts(story, f"/lots/{lot}")["stage"] == "contracted"


def test_11_every_guarantee_went_back_deposits_with_interest(story: Played) -> None:
    with closing(story.demo.client("purchaser")) as purchaser:
        rows = purchaser.get("/guarantees/").raise_for_status().json()["guarantees"]
    assert Counter((row["kind"], row["stage"]) for row in rows) == {
        ("guarantee", "released"): 8,
        ("deposit", "released"): 3,
    }
    released = of(story, "guarantees:guarantee:released")
    assert len(released) == 11
    assert sorted(entry.values["interest"] > 0 for entry in released) == [False] * 8 + [True] * 3


def test_12_the_log_is_the_one_that_was_signed(story: Played) -> None:
    leaves, signed = _log(story.public)
    assert signed.size == len(leaves) > 400
    assert merkle.root_of([merkle.leaf_hash(leaf) for leaf in leaves]) == signed.root


def verified(bundle: Path, pinned: Path) -> subprocess.CompletedProcess[str]:
    """What the verifier says of a bundle, with trust of its own: it runs without Django and without the site."""
    trust = ["--log-key", str(pinned / "log.key"), "--roots", str(pinned / "roots.pem"), "--language", "en"]
    command = [sys.executable, "-m", "supervision.verifier", str(bundle), *trust]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_12_anybody_can_check_the_public_bundle_and_sees_when_one_byte_is_another(
    story: Played, tmp_path: Path
) -> None:
    for name in ("log.key", "roots.pem"):
        (tmp_path / name).write_bytes(story.public.get(f"/supervision/{name}").raise_for_status().content)
    bundle = tmp_path / "bundle.zip"
    data = story.public.get(f"/supervision/tenders/{TENDER}/bundle").raise_for_status().content
    bundle.write_bytes(data)
    good = verified(bundle, tmp_path)
    assert good.returncode == 0, good.stdout
    assert ", 0 failed" in good.stdout.splitlines()[-1]
    at = data.index(b"\xe6\xa0\x87")  # somewhere in the papers or entries: half a word of them
    bundle.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
    assert verified(bundle, tmp_path).returncode == 1


def test_12_the_evidence_was_put_away_and_stays_what_it_was(story: Played, tmp_path: Path) -> None:
    end = time.monotonic() + PATIENCE
    while len(listed := facts(story, f"/supervision/tenders/{TENDER}/archives")["archives"]) < 2:
        assert time.monotonic() < end, "no worker made the archives"
        time.sleep(0.5)
    assert [one["moment"] for one in listed] == ["deadline", "opening", "award", "archive"][: len(listed)]
    for name in ("log.key", "roots.pem"):
        (tmp_path / name).write_bytes(story.public.get(f"/supervision/{name}").raise_for_status().content)
    for one in listed:
        data = story.public.get(one["href"]).raise_for_status().content
        assert hashlib.sha256(data).hexdigest() == one["sha256"]
    (tmp_path / "opening.zip").write_bytes(story.public.get(listed[1]["href"]).content)
    done = verified(tmp_path / "opening.zip", tmp_path)
    assert done.returncode == 0, done.stdout
    assert done.stdout.startswith(f"Public bundle of {TENDER} (after the opening)")


def test_12_the_regulator_took_everything_and_every_check_passed(story: Played) -> None:
    folder = story.demo.var / "demo" / "parties" / "regulator"
    for name in ("log.vkey", "roots.pem"):
        (folder / name.replace("vkey", "key")).write_bytes((folder / name).read_bytes())
    whole = verified(folder / f"{TENDER}-regulator.zip", folder)
    assert whole.returncode == 0, whole.stdout
    assert " 0 failed, 3 were not done" in whole.stdout.splitlines()[-1]  # own policy, timestamp roots, receipts
    exported = of(story, "supervision:bundle:exported", tender=TENDER)
    assert [entry.values["size"] for entry in exported] == [(folder / f"{TENDER}-regulator.zip").stat().st_size]


def test_no_process_of_the_site_opened_the_folders_of_the_parties(story: Played) -> None:
    var, seen = story.demo.var, story.demo.seen
    assert any(name.startswith(f"{var}/db/") for name in seen), "the watch saw nothing at all"
    assert [name for name in seen if name.startswith(f"{var}/demo/parties/")] == []  # beside: the list to switch by
    folders = sorted((var / "demo" / "parties").iterdir())
    assert {oct(folder.stat().st_mode & 0o777) for folder in folders} == {"0o700"}
    assert {folder.name for folder in folders} >= {"agent", "centre", "regulator", "bidder-1", "expert-01"}


def test_visitors_are_told_where_to_look_and_become_whom_they_are_told(story: Played) -> None:
    for line in story.demo.visitors.splitlines():
        if line.strip().startswith("http") and "/bidding/lots/sl-2026-0002" not in line:
            answer = story.public.get(line.strip(), headers={"Accept": "text/html"})
            assert answer.status_code == 200, line
    names = json.loads((story.demo.var / "demo" / "cast.json").read_text())
    assert {"operator", "purchaser", "agent", "centre", "regulator", "bidder-4"} <= set(names)
    with closing(story.demo.client()) as visitor:
        visitor.get("/accounts/login/", headers={"Accept": "text/html"})
        form = {"account": "regulator", "next": "/desk", "csrfmiddlewaretoken": visitor.cookies["sunlight_csrf"]}
        assert visitor.post("/demo/switch", data=form).status_code == 302
        assert "曾强" in visitor.get("/desk", headers={"Accept": "text/html"}).text


def test_the_regulator_heard_what_happened_while_it_happened(story: Played) -> None:
    about = [entry for entry in entries(story) if entry.values.get("lot") == LOT_1]
    assert "监管小结" in story.done.stdout
    [said] = [line for line in story.done.stdout.splitlines() if f"{LOT_1}：实时收到" in line]
    assert int(said.split("实时收到 ")[1].split(" ")[0]) >= len(about)


def test_a_tender_is_left_open_for_visitors(story: Played) -> None:
    assert (story.left_open["lot"], story.left_open["stage"]) == ("sl-2026-0002-1", "bidding")
