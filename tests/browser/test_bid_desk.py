"""The bid desk in headless chromium: blanks, the check, the own key, looking at what was sent, the own share."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import docx
import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect

from bidding.client import custodian, submitting
from bidding.client.own_share import give_share
from bidding.client.sealing import Offer, seal_bid
from bidding.envelope.identity import read_identities
from bidding.envelope.x25519 import Identity, new_identity
from bidding.submission.receipt import CheckedReceipt
from tests.browser.conftest import Visit, Visitor
from tests.browser.site import CUSTODIANS, LOT, TENDER, LiveSite, until
from tests.browser.test_sealing import PHONE, PRICE, picture, save, seal

pytestmark = [pytest.mark.browser, pytest.mark.server]
expect.set_options(timeout=30_000)  # a worker starts for each check, on a machine that may be busy
PASSPHRASE = "twelve letters and more"
BIDDERS_TOO = "2(b,2(a,c,r))"


@pytest.fixture(scope="module")
def house(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    """A site of its own whose lots ask the bidder's share too."""
    made = LiveSite(tmp_path_factory.mktemp("house"))
    try:
        made.begin()
        custodian.choose_policy(made.person("agent").session, TENDER, BIDDERS_TOO)
        for name in CUSTODIANS:
            keeper = made.person(name)
            keeper.folder.make_custodian_key(plain=True)
            custodian.register_key(keeper.session, keeper.folder, TENDER)
        for name in CUSTODIANS:
            custodian.sign_sheets(made.people[name].session, made.people[name].folder, TENDER)
        made.stage("blind", LOT, "technical")
        made.stage("publish", LOT, "3600")
        yield made
    finally:
        made.stop()


def at(
    visit: Visit, house: LiveSite, name: str, language: str = "zh-CN", screen: dict[str, int] | None = None
) -> Visitor:
    """Somebody at the own site of this module."""
    visitor = visit(language, screen)
    visitor.site = house
    value = "en" if language.startswith("en") else "zh-hans"
    visitor.page.context.add_cookies([{"name": "sunlight_language", "value": value, "url": house.url}])
    visitor.sign_in(name)
    return visitor


def blanks(page: Page, to: Path) -> dict[str, Path]:
    """Every blank that the page offers, by its paper."""
    found = {}
    for place, paper in enumerate(("opening_list", "price_schedule", "technical", "commercial")):
        with page.expect_download() as coming:
            page.locator(".bid-papers a").nth(place).click()
        found[paper] = to / coming.value.suggested_filename
        coming.value.save_as(found[paper])
    return found


def fill_sheet(path: Path, cells: dict[str, str | float]) -> None:
    book = openpyxl.load_workbook(path)
    for place, value in cells.items():
        book.worksheets[0][place] = value
    book.save(path)


def form(visitor: Visitor, files: list[Path]) -> Page:
    page, keys = visitor.page, visitor.site.person("bidder1").folder.path
    page.wait_for_selector("[data-part=form]:not([hidden])")
    page.set_input_files("#f-files", files)
    page.set_input_files("#f-keys", [keys / "key.pem", keys / "certificate.pem"])
    return page


def test_from_blanks_to_the_opening_with_the_own_share(
    house: LiveSite, visit: Visit, tmp_path: Path, pictures: Path | None
) -> None:
    visitor = at(visit, house, "bidder1")
    visitor.open(f"/bidding/lots/{LOT}/")
    papers = blanks(visitor.page, tmp_path)
    assert sorted(path.name for path in papers.values()) == [
        "商务标.docx",
        "开标一览表.xlsx",
        "技术标.docx",
        "报价表.xlsx",
    ]
    page = form(visitor, list(papers.values()))
    warnings = page.locator("[data-part=warnings]")
    expect(warnings).to_contain_text("开标一览表.xlsx: 开标一览表未写明投标总价")
    expect(warnings).to_contain_text("报价表.xlsx")

    fill_sheet(papers["opening_list"], {"B6": float(PRICE), "B9": "王工"})
    fill_sheet(papers["price_schedule"], {"B5": "土方", "D5": 2, "E5": 4798000.01})
    document = docx.Document(str(papers["technical"]))
    document.add_paragraph("海湾建设承诺按期完工。")
    document.core_properties.author = "张三"
    document.save(str(papers["technical"]))
    page.set_input_files("#f-files", list(papers.values()))
    expect(page.locator("#f-price")).to_have_value(PRICE)
    expect(page.locator("#f-days")).to_have_value("300")
    for text in ("张三", "海湾建设", "9596000.02"):
        expect(warnings).to_contain_text(text)
    expect(warnings.locator("li")).to_have_count(3)
    expect(page.locator("#why-seal")).to_contain_text("bidding.own_key_missing")
    picture(page, pictures, "warnings-desktop")

    fill_sheet(papers["price_schedule"], {"E5": 4798000})
    document = docx.Document(io.BytesIO(papers["technical"].read_bytes()))
    document.core_properties.author = ""
    document.paragraphs[-1].text = "我方承诺按期完工。"
    document.save(str(papers["technical"]))
    page.set_input_files("#f-files", list(papers.values()))
    expect(page.locator("[data-part=clean]")).to_be_visible()

    page.fill("#f-own-pass", "short")
    page.click("[data-act=make-own]")
    expect(page.locator("#why-seal")).to_contain_text("bidding.passphrase_short")
    page.fill("#f-own-pass", PASSPHRASE)
    page.click("[data-act=make-own]")
    expect(page.locator("[data-act=save-own]")).to_be_visible(timeout=60_000)
    key = save(page, "save-own", tmp_path / "own.key")
    own = read_identities(key.read_bytes(), lambda: PASSPHRASE)[0]
    picture(page, pictures, "clean-desktop")
    seal(page)
    picture(page, pictures, "sealed-b-desktop")
    page.click("[data-act=send]")
    page.wait_for_selector("[data-part=receipt]:not([hidden])")
    receipt = save(page, "save-receipt", tmp_path / "receipt.json")
    save(page, "save-sent", tmp_path / "sent.age")
    assert visitor.faults() == []
    assert visitor.axe() == []

    look(visitor, key, tmp_path, pictures)
    opening(house, visitor, own, key, receipt, pictures)


def look(visitor: Visitor, key: Path, tmp_path: Path, pictures: Path | None) -> None:
    """Look at what was sent, from the site's copy and from the own one."""
    page = visitor.page
    visitor.open(f"/bidding/lots/{LOT}/")
    page.click("[data-act=look]")
    expect(page.locator("#looking .act-why")).to_contain_text("bidding.identity_missing")
    page.set_input_files("#l-own", key)
    page.fill("#l-own-pass", "not the passphrase")
    page.click("[data-act=look]")
    expect(page.locator("#looking .act-why")).to_contain_text("bidding.passphrase_wrong", timeout=60_000)
    page.fill("#l-own-pass", PASSPHRASE)
    page.click("[data-act=look]")
    expect(page.locator("#looking [data-part=found]")).to_be_visible(timeout=60_000)
    expect(page.locator("[data-fill=found-price]")).to_have_text("9,596,000.00")
    expect(page.locator("[data-fill=found-items]")).to_contain_text("王工")
    expect(page.locator("[data-part=found-files] tr")).to_have_count(4)
    picture(page, pictures, "looked-desktop")
    with page.expect_download() as coming:
        page.locator("[data-part=found-files] tr", has_text="技术标.docx").locator("button").click()
    coming.value.save_as(tmp_path / "back.docx")
    assert (tmp_path / "back.docx").read_bytes() == (tmp_path / "技术标.docx").read_bytes()
    page.set_input_files("#l-sealed", tmp_path / "sent.age")
    page.click("[data-act=look]")
    expect(page.locator("#looking [data-part=found]")).to_be_visible(timeout=60_000)
    assert visitor.faults() == []
    assert visitor.axe() == []


def sealed_by(house: LiveSite, name: str, price: str) -> tuple[Identity, CheckedReceipt]:
    """A bid of somebody else, by the client."""
    person, own = house.person(name), new_identity()
    files = house.home / f"{name}-offer"
    files.mkdir()
    (files / "offer.txt").write_text(price)
    desk, roots, now = person.session.get(f"/bidding/lots/{LOT}/"), person.folder.roots(), person.session.clock()
    made = seal_bid(
        Offer(price, 300, files), desk, pen=person.folder.pen(), roots=roots, at=now,
        to=house.home / f"{name}.age", own=own.recipient,
    )  # fmt: skip
    return own, submitting.submit(person.session, made, roots)


def opening(house: LiveSite, visitor: Visitor, own: Identity, key: Path, receipt: Path, pictures: Path | None) -> None:
    """The page gives one share, the client the others; then two custodians open all."""
    others = {name: sealed_by(house, name, f"9{name[-1]}00000.00") for name in ("bidder2", "bidder3")}
    house.close_lot(LOT)
    house.open_hall(LOT)
    agent = house.person("agent").session
    visitor.open(f"/bidding/lots/{LOT}/")
    page = visitor.page
    page.set_input_files("#s-own", key)
    page.fill("#s-own-pass", PASSPHRASE)
    page.set_input_files("#s-receipt", receipt)
    picture(page, pictures, "own-share-desktop")
    page.click("[data-act=give]")
    expect(page.locator("#own-share [data-part=given]")).to_be_visible(timeout=60_000)
    picture(page, pictures, "own-share-given-desktop")
    assert visitor.faults() == []
    assert visitor.axe() == []
    for name, (identity, checked) in others.items():
        give_share(house.person(name).session, LOT, identity, [checked])
    for name in ("agent", "centre"):
        keeper = house.person(name)
        custodian.release(keeper.session, keeper.folder, LOT)
    until(lambda: agent.get(f"/bidding/lots/{LOT}/hall/")["read_at"] is not None, "the reading of the prices")
    number = json.loads(receipt.read_text())["says"]["number"]
    board = agent.get(f"/bidding/lots/{LOT}/hall/")
    mine = next(one["number"] for one in board["envelopes"] if one["receipt"] == number)
    assert next(one["price"] for one in board["bids"] if one["number"] == mine) == PRICE
    assert own.recipient.key


def test_the_check_on_a_phone_in_english(house: LiveSite, visit: Visit, tmp_path: Path, pictures: Path | None) -> None:
    second = f"{TENDER}-2"
    house.stage("publish", second, "3600")
    visitor = at(visit, house, "bidder1", "en-GB", PHONE)
    visitor.open(f"/bidding/lots/{second}/")
    (tmp_path / "technical.docx").write_bytes(b"PK, cut off")
    (tmp_path / "empty.pdf").write_bytes(b"")
    page = form(visitor, [tmp_path / "technical.docx", tmp_path / "empty.pdf"])
    warnings = page.locator("[data-part=warnings]")
    expect(warnings).to_contain_text("technical.docx: The file is damaged, or not what its ending says.")
    expect(warnings).to_contain_text("empty.pdf: The file is empty.")
    expect(warnings).to_contain_text("“Price schedule” is not among the files.")
    picture(page, pictures, "warnings-phone")
    assert visitor.faults() == []
    assert visitor.axe() == []
