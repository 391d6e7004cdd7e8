"""Blanks made for a lot: what the check finds in them, and that they can be filled in and pass it."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

import docx
import openpyxl
import pytest
from django.test import Client
from django.utils import translation

from bidding.preflight.check import check_package, opening_list_in, rules_of
from bidding.preflight.finding import Candidate, Finding, Package
from bidding.submission.facts import desk_facts
from ledger.errors import Refused
from tests.bidding.scenes import Scene
from trading.drafting import LotDraft, draft_lot
from trading.method import WORKED, parse
from trading.models import Lot
from trading.stages import Stage

BLIND = {**WORKED, "blind": ["technical"]}


def blanks(scene: Scene, lot: Lot, language: str = "zh-hans") -> dict[str, bytes]:
    """Every blank as the site gives it, under the name it comes with."""
    client: Client = scene.client(scene.world.bidder(1))
    client.cookies["sunlight_language"] = language
    made = {}
    for one in desk_facts(lot, scene.world.bidder(1).actor)["papers"]:
        answer = client.get(one["blank"])
        assert answer.status_code == 200
        name = answer.headers["Content-Disposition"]
        made[f"{one['code']}.{one['endings'][0]}"] = answer.getvalue()
        assert name.startswith("attachment")
    return made


def check(scene: Scene, lot: Lot, files: dict[str, bytes], price: str = "", days: str = "") -> list[Finding]:
    desk = desk_facts(lot, scene.world.bidder(1).actor)
    return check_package(package(files, price, days), rules_of(desk))


def package(files: dict[str, bytes], price: str = "", days: str = "") -> Package:
    def candidate(name: str, data: bytes) -> Candidate:
        return Candidate(name, len(data), lambda: io.BytesIO(data))

    return Package(price, days, [candidate(name, data) for name, data in files.items()])


NAMES = {
    "zh-hans": {"opening_list.xlsx": "开标一览表.xlsx", "price_schedule.xlsx": "报价表.xlsx",
                "technical.docx": "技术标.docx", "commercial.docx": "商务标.docx"},
    "en": {"opening_list.xlsx": "opening-list.xlsx", "price_schedule.xlsx": "price-schedule.xlsx",
           "technical.docx": "technical.docx", "commercial.docx": "commercial.docx"},
}  # fmt: skip


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_blanks_as_they_come_lack_only_the_figures(scene: Scene, language: str) -> None:
    lot = scene.lot(method=BLIND, days=300)
    files = {NAMES[language][name]: data for name, data in blanks(scene, lot, language).items()}
    found = [(one.code, one.file) for one in check(scene, lot, files)]
    assert found == [
        ("bidding.opening_list_unread", NAMES[language]["opening_list.xlsx"]),
        ("bidding.schedule_unread", NAMES[language]["price_schedule.xlsx"]),
    ]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_filled_in_they_pass_and_give_the_offer(scene: Scene, language: str) -> None:
    lot = scene.lot(method=BLIND, days=300)
    files = {NAMES[language][name]: data for name, data in blanks(scene, lot, language).items()}
    list_name, schedule_name = (NAMES[language][name] for name in ("opening_list.xlsx", "price_schedule.xlsx"))
    files[list_name] = filled(files[list_name], {"B6": 9596000, "B9": "王工"})
    lines = {"B5": "土方", "D5": 1200.5, "E5": 3000, "B6": "管网", "D6": 2000, "E6": 2997.25}
    files[schedule_name] = filled(files[schedule_name], lines)
    assert check(scene, lot, files, "9596000.00", str(lot.days)) == []
    desk = desk_facts(lot, scene.world.bidder(1).actor)
    found = opening_list_in(package(files), rules_of(desk))
    with translation.override(language):
        quality = translation.gettext("Accepted as fit")
    assert (found.price, found.days) == ("9596000.00", str(lot.days))
    assert found.items == (("quality", quality), ("manager", "王工"))


def filled(data: bytes, cells: dict[str, Any]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(data))
    for place, value in cells.items():
        book.worksheets[0][place] = value
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def test_a_blind_volume_names_nobody_and_another_names_the_bidder(scene: Scene) -> None:
    lot = scene.lot(method=BLIND, days=300)
    party = scene.world.bidder(1).party
    assert party is not None
    files = blanks(scene, lot)
    blind, open_one = (docx.Document(io.BytesIO(files[name])) for name in ("technical.docx", "commercial.docx"))
    texts = ["\n".join(line.text for line in one.paragraphs) for one in (blind, open_one)]
    assert [party.name in text for text in texts] == [False, True]
    titles = [one.title for one in parse(WORKED).scoring]
    with translation.override("zh-hans"):
        assert [title for title in titles if translation.gettext(title) not in texts[0]] == []


def test_a_title_that_looks_like_a_formula_stays_a_text(scene: Scene) -> None:
    lot = scene.lot()
    Lot.objects.filter(pk=lot.pk).update(title='=HYPERLINK("http://evil")')
    files = blanks(scene, Lot.objects.get(pk=lot.pk))
    for name, place in (("opening_list.xlsx", "B4"), ("price_schedule.xlsx", "A2")):
        cell = openpyxl.load_workbook(io.BytesIO(files[name])).worksheets[0][place]
        assert (cell.data_type, "HYPERLINK" in str(cell.value)) == ("s", True)


def test_only_bidders_get_blanks_and_only_those_there_are(scene: Scene) -> None:
    lot = scene.lot()
    address = f"/bidding/lots/{lot.code}/papers/technical"
    assert scene.client(scene.world.agent).get(address).status_code == 403
    assert scene.client(scene.world.bidder(1)).get(address.replace("technical", "nothing")).status_code == 404


def test_a_blind_volume_must_be_one_that_bids_have(scene: Scene) -> None:
    lot = scene.world.lot(Stage.DRAFT)
    draft = LotDraft("二标段", Decimal(10000000), Decimal(0), 90, {**WORKED, "blind": ["drawings"]})
    with pytest.raises(Refused) as caught:
        draft_lot(lot.tender, draft, actor=scene.world.agent.actor)
    assert caught.value.codes == ["trading.method_blind"]
    second = LotDraft("二标段", Decimal(10000000), Decimal(0), 90, BLIND)
    made = draft_lot(lot.tender, second, actor=scene.world.agent.actor)
    assert made.method["blind"] == ["technical"]


def test_a_bidder_gets_the_own_sealed_file_back_and_nobody_else_does(scene: Scene) -> None:
    lot = scene.lot()
    sealed = scene.seal(lot, scene.world.bidder(1))
    scene.send(lot, scene.world.bidder(1), sealed)
    receipt = scene.arrived(lot, scene.world.bidder(1), sealed.id).json()["receipt"]
    address = f"/bidding/lots/{lot.code}/receipts/{receipt['says']['number']}/envelope"
    answer = scene.client(scene.world.bidder(1)).get(address)
    assert answer.getvalue() == sealed.data
    assert scene.client(scene.world.bidder(2)).get(address).status_code == 404
    assert scene.client(scene.world.agent).get(address).status_code == 403
