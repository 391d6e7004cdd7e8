"""A bid is sealed in headless chromium on the real page, sent, and opened on the server with two others."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from playwright.sync_api import Page, Request, Route, expect

from bidding.submission.receipt import check_receipt
from tests.browser.conftest import Visit, Visitor
from tests.browser.site import FIFTH, FOURTH, LOT, SECOND, LiveSite, until
from trading.authority import new_authority

pytestmark = [pytest.mark.browser, pytest.mark.server]
PRICE = "9596000.00"
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module", autouse=True)
def _taking_bids(site: LiveSite) -> None:
    for lot in (LOT, SECOND, FOURTH, FIFTH):
        site.stage("publish", lot, "3600")


def fill_in(visitor: Visitor, lot: str, *, price: str = PRICE, size: int = 3_000_000) -> Page:
    """The form with an honest offer of whoever is signed in as bidder1."""
    page, home = visitor.page, visitor.site.home
    keys = visitor.site.person("bidder1").folder.path
    visitor.open(f"/bidding/lots/{lot}/")
    page.wait_for_selector("[data-part=form]:not([hidden])")
    (home / "技术标.pdf").write_bytes(b"%PDF-1.7 " + bytes(size))
    (home / "清单.csv").write_text("1,开挖,9596000.00\n", encoding="utf-8")
    page.fill("#f-price", price)
    page.fill("#f-days", "300")
    page.set_input_files("#f-files", [home / "技术标.pdf", home / "清单.csv"])
    page.set_input_files("#f-keys", [keys / "key.pem", keys / "certificate.pem"])
    return page


def seal(page: Page) -> None:
    expect(page.locator("[data-act=seal]")).not_to_have_attribute("aria-disabled", "true")
    page.click("[data-act=seal]")
    page.wait_for_selector("[data-part=sealed]:not([hidden])")


def save(page: Page, act: str, to: Path) -> Path:
    with page.expect_download() as coming:
        page.click(f"[data-act={act}]")
    coming.value.save_as(to)
    return to


def picture(page: Page, folder: Path | None, name: str) -> None:
    if folder is not None:
        page.screenshot(path=folder / f"{name}.png", full_page=True)


def test_a_bid_sealed_in_the_browser_is_opened_on_the_server(
    site: LiveSite, visit: Visit, pictures: Path | None, tmp_path: Path
) -> None:
    visitor = visit(name="bidder1")
    page = fill_in(visitor, LOT)
    custody = page.locator("[data-part=custody]")
    expect(custody).to_contain_text("任意 2 方")
    for leaf in site.person("bidder1").session.get(f"/bidding/lots/{LOT}/")["sheet"]["leaves"]:
        expect(custody).to_contain_text(leaf["key_words"])
    expect(page.locator("#price-said")).to_have_text("玖佰伍拾玖万陆仟元整")
    picture(page, pictures, "form-desktop")

    seal(page)
    expect(page.locator("[data-fill=sealed-price]")).to_have_text("9,596,000.00")
    picture(page, pictures, "sealed-desktop")
    kept = save(page, "save", tmp_path / "bid.age")
    assert kept.read_bytes().startswith(b"age-encryption.org/v1\n-> sunlight.opening/1 2(a,c,r) ")

    page.click("[data-act=send]")
    page.wait_for_selector("[data-part=receipt]:not([hidden])")
    picture(page, pictures, "receipt-desktop")
    file = json.loads(save(page, "save-receipt", tmp_path / "receipt.json").read_text())
    checked = check_receipt(file, site.person("bidder1").folder.roots())
    assert (checked.kind, checked.entry.values["lot"]) == ("sealed", LOT)
    assert checked.entry.values["size"] == kept.stat().st_size
    assert page.text_content("[data-fill=number]") == checked.number
    assert visitor.faults() == []
    assert visitor.axe() == []

    site.submit(LOT, {"bidder2": "9600000.00", "bidder3": "9500000.00"})
    board = site.open_lot(LOT)
    number = next(one["number"] for one in board["envelopes"] if one["receipt"] == checked.number)
    opened = next(one for one in board["bids"] if one["number"] == number)
    assert (Decimal(opened["price"]), opened["days"], opened["invalid"]) == (Decimal(PRICE), 300, "")


def test_a_cut_upload_is_taken_up_where_it_broke(site: LiveSite, visit: Visit) -> None:
    visitor = visit(name="bidder1")
    page = fill_in(visitor, SECOND, size=20_000_000)
    seal(page)
    sent: list[int] = []

    def cut(route: Route) -> None:
        """The first part arrives, every later one is lost."""
        if route.request.method == "PATCH":
            sent.append(int(route.request.headers["upload-offset"]))
        if route.request.method != "PATCH" or len(sent) == 1:
            route.continue_()
        else:
            route.abort("connectionreset")

    page.route("**/bidding/tus/*", cut)
    page.click("[data-act=send]")
    page.wait_for_selector("[data-part=lost]:not([hidden])", timeout=60_000)
    page.unroute("**/bidding/tus/*")
    offsets: list[int] = []

    def asked(request: Request) -> None:
        if request.method == "PATCH":
            offsets.append(int(request.headers["upload-offset"]))

    page.on("request", asked)
    page.click("[data-act=retry]")
    page.wait_for_selector("[data-part=receipt]:not([hidden])")
    assert offsets[0] > 0, "what was sent before the cut is not sent again"
    status = site.person("bidder1").session.get(f"/bidding/lots/{SECOND}/")
    assert [one["live"] for one in status["receipts"]] == [True]


def test_what_stands_against_sealing_is_said_beside_the_button(visit: Visit, pictures: Path | None) -> None:
    visitor = visit("en-GB", PHONE, "bidder1")
    page = fill_in(visitor, SECOND, price="10000000.01")
    why = page.locator("#why-seal")
    expect(why).to_contain_text("The price is above the ceiling of 10000000.00.")
    expect(why).to_contain_text("bidding.above_ceiling")
    picture(page, pictures, "form-phone")
    page.focus("[data-act=seal]")
    page.keyboard.press("Enter")
    expect(page.locator("[data-part=form]")).to_be_visible()
    expect(page.locator("[data-part=working]")).to_be_hidden()
    page.fill("#f-price", "9,596,000")
    expect(why).to_contain_text("The price is not a decimal number with at most two places.")
    other = visitor.site.person("bidder2").folder.path
    page.set_input_files("#f-keys", [other / "key.pem", other / "certificate.pem"])
    expect(why).to_contain_text("The certificate was issued for another organisation than the bidder.")
    page.set_input_files("#f-keys", [other / "certificate.pem"])
    expect(why).to_contain_text("Choose the file of your signing key and the file of its certificate.")
    page.set_input_files("#f-files", [])
    expect(why).to_contain_text("There is no file to put into the bid.")
    page.fill("#f-price", PRICE)
    expect(page.locator("#why-seal li")).to_have_count(2)
    assert visitor.faults() == []
    assert visitor.axe() == []


@pytest.fixture
def forged(site: LiveSite) -> dict[str, Any]:
    """The desk's facts with a key swapped in the sheet, as an altered server would give them."""
    facts = site.person("bidder1").session.get(f"/bidding/lots/{SECOND}/")
    signatures = facts["sheet"]["signatures"]
    facts["sheet"]["signatures"] = signatures | {"a": signatures["c"]}
    return facts


def test_the_page_stops_on_a_sheet_in_doubt(visit: Visit, forged: dict[str, Any], pictures: Path | None) -> None:
    visitor = visit("en-GB", name="bidder1")

    def altered(route: Route) -> None:
        answer = route.fetch()
        text = answer.text()
        begin = text.index('id="sealing-facts"')
        begin = text.index(">", begin) + 1
        facts = json.loads(text[begin : text.index("</script>", begin)]) | {"sheet": forged["sheet"]}
        rest = text[text.index("</script>", begin) :]
        route.fulfill(response=answer, body=text[:begin] + json.dumps(facts) + rest)

    visitor.page.route(f"**/bidding/lots/{SECOND}/", altered)
    visitor.open(f"/bidding/lots/{SECOND}/")
    stop = visitor.page.locator("[data-part=stop]")
    expect(stop).to_contain_text("A signature under the custody sheet is not that of its custodian.")
    expect(stop).to_contain_text("bidding.sheet_signer")
    expect(visitor.page.locator("[data-part=form]")).to_be_hidden()
    picture(visitor.page, pictures, "stop-desktop")


def test_pinned_authorities_count_more_than_those_of_the_site(site: LiveSite, visit: Visit, tmp_path: Path) -> None:
    visitor = visit("en-GB", name="bidder1")
    page = fill_in(visitor, SECOND)
    keys = site.person("bidder1").folder.path
    page.set_input_files("#f-keys", [keys / "key.pem", keys / "certificate.pem", keys / "roots.pem"])
    expect(page.locator("[data-part=custody]")).to_contain_text("Authorities pinned by your own file")
    seal(page)
    stranger = tmp_path / "roots.pem"
    stranger.write_bytes(new_authority().certificate.public_bytes(Encoding.PEM))
    page.click("[data-part=sealed] [data-act=again]")
    page.set_input_files("#f-keys", [keys / "key.pem", keys / "certificate.pem", stranger])
    expect(page.locator("[data-part=stop]")).to_contain_text("signature.untrusted")


def test_a_key_under_a_passphrase_asks_for_it(site: LiveSite, visit: Visit, tmp_path: Path) -> None:
    keys = site.person("bidder1").folder.path
    visitor = visit("en-GB", name="bidder1")
    page = fill_in(visitor, SECOND)
    key = load_pem_private_key((keys / "key.pem").read_bytes(), None)
    locked = tmp_path / "locked.pem"
    locked.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"open sesame")))
    page.set_input_files("#f-keys", [locked, keys / "certificate.pem"])
    why = page.locator("#why-seal")
    expect(why).to_contain_text("The key is under a passphrase: type it.")
    page.fill("#f-passphrase", "open the door")
    expect(why).to_contain_text("The passphrase does not open the key.")
    page.fill("#f-passphrase", "open sesame")
    seal(page)


def test_a_cover_is_lodged_sealed_before_the_bid(site: LiveSite, visit: Visit, tmp_path: Path) -> None:
    site.stage("bond", FIFTH, "200000.00")
    visitor = visit("en-GB", name="bidder1")
    page = fill_in(visitor, FIFTH)
    expect(page.locator("#why-seal")).to_contain_text("This lot asks for a bid bond: add the cover.")
    (tmp_path / "cover.txt").write_text("a guarantee over 200000.00")
    page.set_input_files("#f-cover", tmp_path / "cover.txt")
    seal(page)
    page.click("[data-act=send]")
    page.wait_for_selector("[data-part=receipt]:not([hidden])")
    visitor.open(f"/bidding/lots/{FIFTH}/")
    lodged = page.locator(".task", has_text="The cover is lodged, sealed")
    expect(lodged).to_contain_text("done")
    assert visitor.faults() == []


def test_a_late_bid_is_refused_with_a_signed_refusal(site: LiveSite, visit: Visit, tmp_path: Path) -> None:
    site.submit(FOURTH, {"bidder2": "9600000.00", "bidder3": "9500000.00", "bidder4": "9400000.00"})
    visitor = visit("en-GB", name="bidder1")
    page = fill_in(visitor, FOURTH)
    seal(page)
    site.stage("publish", FOURTH, "-1")
    until(lambda: site.lot_is(FOURTH, "closed"), "the closing")
    page.click("[data-act=send]")
    page.wait_for_selector("[data-part=refused]:not([hidden])")
    expect(page.locator("[data-part=refused]")).to_contain_text("bidding.late")
    file = json.loads(save(page, "save-refusal", tmp_path / "refusal.json").read_text())
    checked = check_receipt(file, site.person("bidder1").folder.roots())
    assert (checked.kind, checked.entry.values["codes"]) == ("refused", ("bidding.late",))


def test_without_scripts_the_page_says_how_to_seal(browser: Any, site: LiveSite) -> None:
    context = browser.new_context(locale="en-GB", java_script_enabled=False)
    try:
        visitor = Visitor(context.new_page(), site)
        visitor.sign_in("bidder1")
        visitor.open(f"/bidding/lots/{SECOND}/")
        # Playwright reads no text inside noscript; that it is drawn is enough.
        visitor.page.wait_for_selector("#sealing noscript .note", state="visible")
        expect(visitor.page.locator("[data-part=form]")).to_be_hidden()
    finally:
        context.close()
