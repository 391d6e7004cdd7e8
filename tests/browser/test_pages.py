"""Every public page and each role's desk, in both languages: quiet console, kept security policy, axe, keyboard."""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass

import pytest
from cryptography import x509
from playwright.sync_api import Page

from ledger.bundle import pack, unpack
from supervision.verifier.trust import Trust, read_log_key
from supervision.verifier.verifying import verify
from tests.browser.conftest import Visit, Visitor
from tests.browser.site import ROOT, SECOND, TENDER, THIRD, LiveSite
from trading.almanac import shipped
from trading.procedures.known import known

pytestmark = [pytest.mark.browser, pytest.mark.server]
LANGUAGES = ("zh-CN", "en-GB")
# The worked set of the design: ceiling 10,000,000, seven bidders.
PRICES = ("9380000.00", "9420000.00", "9480000.00", "9560000.00", "9600000.00", "9680000.00", "9760000.00")
PICTURE = ROOT / "docs" / "pictures" / "opening-hall.png"
WIDE = {"width": 1280, "height": 1160}
FARTHEST = 120  # tabs after which a keyboard has not reached what it looks for


@dataclass(frozen=True)
class Shown:
    """A page, who sees it, and what one does there first."""

    path: str
    who: str | None = None
    main: str = "main a[href], main button"


PUBLIC = [
    Shown("/"),
    Shown("/notices", main="main input, main button, main a[href]"),
    Shown(f"/tenders/{TENDER}"),
    Shown(f"/lots/{SECOND}"),
    Shown(f"/lots/{THIRD}"),
    Shown("/statistics"),
    Shown("/bidding/openings"),
    Shown(f"/bidding/lots/{THIRD}/hall/"),
    Shown(f"/bidding/lots/{THIRD}/hall/wall", main="body"),
    Shown(f"/bidding/lots/{THIRD}/record/"),
    Shown(f"/bidding/lots/{SECOND}/sheet"),
    Shown("/bidding/verify", main="main textarea"),
    Shown(f"/verify?tender={TENDER}", main="[data-act=fetch]"),
    Shown("/accounts/login/", main="main button"),
]
DESKS = [
    *(
        Shown("/desk", who)
        for who in ("purchaser", "agent", "bidder1", "expert1", "guarantor", "centre", "regulator", "operator")
    ),
    Shown("/certificates", "bidder1"),
    Shown(f"/bidding/lots/{SECOND}/", "bidder1", '[data-act="seal"]'),
    Shown(f"/bidding/lots/{THIRD}/", "bidder1"),
    Shown(f"/bidding/lots/{THIRD}/hall/", "bidder1"),
    Shown(f"/bidding/lots/{THIRD}/hall/", "agent"),
    Shown(f"/bidding/tenders/{TENDER}/custody", "centre"),
]


@pytest.fixture(scope="module", autouse=True)
def _halls(site: LiveSite) -> None:
    """One lot takes bids, another is open with its prices read."""
    site.stage("publish", SECOND, "3600")
    site.stage("publish", THIRD, "3600")
    site.submit(THIRD, {f"bidder{number}": price for number, price in enumerate(PRICES, 1)})
    site.open_lot(THIRD)


def named(shown: Shown) -> str:
    return f"{shown.who or 'anybody'} {shown.path}"


@pytest.mark.parametrize("shown", [*PUBLIC, *DESKS], ids=named)
def test_a_page_is_quiet_keeps_its_policy_and_can_be_used(visit: Visit, shown: Shown) -> None:
    visitor = visit(name=shown.who)
    for language in LANGUAGES:
        visitor.read_in(language)
        holds_in(visitor, shown, language)


def holds_in(visitor: Visitor, shown: Shown, language: str) -> None:
    """The page in one language."""
    assert visitor.open(shown.path) == 200
    page = visitor.page
    page.wait_for_load_state("networkidle" if "/hall/" not in shown.path else "load")

    assert page.get_attribute("html", "lang") == ("en" if language.startswith("en") else "zh-Hans")
    assert visitor.faults() == []
    assert visitor.axe() == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "nothing is wider than the page"
    if shown.main != "body":
        assert reached(page, shown.main), f"the keyboard does not reach {shown.main}"


def reached(page: Page, selector: str) -> bool:
    """Whether a keyboard gets to what one does first, and sees where it is."""
    for _step in range(FARTHEST):
        page.keyboard.press("Tab")
        if page.evaluate("(selector) => document.activeElement?.matches(selector) ?? false", selector):
            return bool(
                page.evaluate(
                    "() => { const style = getComputedStyle(document.activeElement);"
                    " return style.outlineStyle !== 'none' || style.boxShadow !== 'none'; }"
                )
            )
    return False


@pytest.mark.parametrize("path", ["/", "/notices", f"/bidding/lots/{THIRD}/hall/", f"/tenders/{TENDER}"])
def test_a_page_fits_a_phone(visit: Visit, path: str) -> None:
    visitor = visit("zh-CN", {"width": 360, "height": 780})
    assert visitor.open(path) == 200
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= 360


DROP = """async ([data, name]) => {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  const carried = new DataTransfer();
  carried.items.add(new File([bytes], name));
  const place = document.querySelector("[data-part=drop]");
  place.dispatchEvent(new DragEvent("drop", { dataTransfer: carried, bubbles: true }));
}"""
VERDICTS = """() => Object.fromEntries([...document.querySelectorAll("[data-check]")].map(
  (row) => [row.dataset.check, row.querySelector("[data-verdict]").innerText.trim()]))"""


def dropped(page: Page, data: bytes) -> dict[int, str]:
    """The verdict on every check of a bundle that is dropped on the page."""
    page.evaluate(DROP, [base64.b64encode(data).decode(), f"{TENDER}.zip"])
    page.wait_for_selector("[data-part=verdict]:not([hidden])")
    return {int(number): word for number, word in page.evaluate(VERDICTS).items()}


def test_a_bundle_is_checked_in_the_page_as_the_program_checks_it(visit: Visit) -> None:
    visitor = visit("en-GB")
    page, site = visitor.page, visitor.site
    visitor.open(f"/verify?tender={TENDER}")
    bundle = page.request.get(f"{site.url}/supervision/tenders/{TENDER}/bundle").body()
    key, roots = (page.request.get(f"{site.url}/supervision/{name}").body() for name in ("log.key", "roots.pem"))
    certificates = tuple(x509.load_pem_x509_certificates(roots))
    program = verify(bundle, Trust(read_log_key(key.decode()), certificates, known(), shipped()))
    found = dropped(page, bundle)
    done = [one for one in program.results if not one.undone]
    words = {one.number: "Not passed" if one.faults else "Passed" for one in done}
    assert {number: found[number] for number in words} == words
    assert {found[one.number] for one in program.results if one.undone} == {"Not done"}
    parts = unpack(bundle)
    name = next(name for name in sorted(parts) if name.startswith("objects/"))
    changed = dropped(page, pack({**parts, name: parts[name] + b"."}))
    assert changed[1] == "Not passed"
    assert "verify.object" in page.inner_text('[data-check="1"]')
    assert "This evidence does not hold" in page.inner_text("[data-part=verdict]")
    page.click("[data-act=fetch]")
    page.wait_for_function("() => !document.querySelector('[data-check=\"1\"] .faults')")
    page.wait_for_selector("[data-part=verdict]:not([hidden])")
    assert page.evaluate(VERDICTS)["1"] == "Passed"
    assert visitor.faults() == []
    assert visitor.axe() == []


def test_the_hall_shows_every_price_and_is_the_picture_of_the_house(visit: Visit) -> None:
    visitor = visit("zh-CN", WIDE)
    visitor.open(f"/bidding/lots/{THIRD}/hall/")
    visitor.page.wait_for_selector("[data-live-status=live]")
    text = visitor.page.inner_text("main")
    for price in PRICES:
        assert f"{int(price.removesuffix('.00')):,}.00" in text
    assert visitor.faults() == []
    if os.environ.get("SUNLIGHT_PICTURES") == "1":
        PICTURE.parent.mkdir(parents=True, exist_ok=True)
        visitor.page.screenshot(path=PICTURE)
