"""Every public page and each role's desk, in both languages: quiet console, kept security policy, axe, keyboard."""

from __future__ import annotations

import os
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Visit
from tests.browser.site import ROOT, SECOND, TENDER, THIRD, LiveSite

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


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("shown", [*PUBLIC, *DESKS], ids=named)
def test_a_page_is_quiet_keeps_its_policy_and_can_be_used(visit: Visit, shown: Shown, language: str) -> None:
    visitor = visit(language, name=shown.who)
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
