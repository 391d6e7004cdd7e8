"""The hall in browsers: two windows show the same numbers, lost lines ask again, every stage can be looked at.

Runs on a site of its own, whose lots it closes and opens; pictures are kept where SUNLIGHT_PICTURES names a folder.
"""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, WebSocketRoute

from bidding.client import custodian
from tests.browser.conftest import DESKTOP, Visit, Visitor
from tests.browser.site import FOURTH, LOT, SECOND, THIRD, LiveSite, until

pytestmark = [pytest.mark.browser, pytest.mark.server]
PHONE, WALL = {"width": 390, "height": 844}, {"width": 1920, "height": 1080}
PRICES = {"bidder1": "9380000.00", "bidder2": "9420000.00", "bidder3": "9560000.00", "bidder4": "9760000.00"}
LANGUAGES = ("zh-CN", "en-GB")


@pytest.fixture(scope="module")
def site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    """A site of its own: four lots with four bids each."""
    made = LiveSite(tmp_path_factory.mktemp("halls"))
    try:
        made.start()
        for lot in (LOT, SECOND, THIRD, FOURTH):
            made.stage("publish", lot, "3600")
            made.submit(lot, PRICES)
        yield made
    finally:
        made.stop()


def hall(lot: str) -> str:
    return f"/bidding/lots/{lot}/hall/"


def post(site: LiveSite, who: str, path: str, body: dict[str, Any] | None = None) -> Any:
    return site.person(who).session.post(path, body or {})


def facts(site: LiveSite, lot: str) -> dict[str, Any]:
    return dict(site.person("agent").session.get(hall(lot)))


def give(site: LiveSite, name: str, lot: str) -> None:
    keeper = site.person(name)
    custodian.release(keeper.session, keeper.folder, lot)


def sign(site: LiveSite, name: str, lot: str) -> None:
    person = site.person(name)
    data = person.session.get_bytes(f"/bidding/lots/{lot}/record/bytes")
    signature = base64.b64encode(person.folder.pen().sign(data)).decode()
    post(site, name, f"/bidding/lots/{lot}/record/sign", {"signature": signature})


def numbers(page: Page) -> list[str]:
    """The event numbers in the log of a hall, newest first."""
    return page.locator(".ticker .code").all_inner_texts()


class Pictures:
    """Pictures of a page in every size and language, and that it is quiet in each."""

    def __init__(self, visit: Visit, folder: Path | None) -> None:
        self.visit, self.folder = visit, folder

    def of(self, path: str, name: str, who: str | None = None) -> None:
        ways = [(language, size) for language in LANGUAGES for size in (("desktop", DESKTOP), ("phone", PHONE))]
        for language, (size, screen) in ways if self.folder else ways[::3]:
            self.one(self.visit(language, screen, who), path, f"{name}-{size}-{language[:2]}", screen["width"])

    def wall(self, lot: str, name: str) -> None:
        self.one(self.visit("zh-CN", WALL), f"{hall(lot)}wall", f"{name}-wall-zh", WALL["width"])

    def one(self, visitor: Visitor, path: str, name: str, width: int) -> None:
        assert visitor.open(path) == 200
        visitor.page.wait_for_timeout(600)
        if self.folder:
            visitor.page.screenshot(path=str(self.folder / f"hall-{name}.png"), full_page=True)
        assert visitor.faults() == []
        assert visitor.axe() == []
        assert visitor.page.evaluate("document.documentElement.scrollWidth") <= width
        visitor.page.context.close()


def test_every_stage_of_a_hall_can_be_shown(visit: Visit, site: LiveSite, pictures: Path | None) -> None:
    shots = Pictures(visit, pictures)
    shots.of(hall(LOT), "1-countdown")
    shots.wall(LOT, "1-countdown")
    site.close_lot(LOT)
    post(site, "bidder2", f"/bidding/lots/{LOT}/hall/join")
    shots.of(hall(LOT), "2-signing-in", "bidder1")
    site.open_hall(LOT)
    give(site, "agent", LOT)
    shots.of(hall(LOT), "3-lights")
    shots.wall(LOT, "3-lights")
    post(site, "regulator", f"/bidding/lots/{LOT}/hall/pause", {"reason": "收到投诉，暂停核查保管人身份"})
    shots.of(hall(LOT), "4-paused")
    shots.wall(LOT, "4-paused")
    shots.of(f"{hall(LOT)}oversight", "4-oversight", "regulator")
    post(site, "regulator", f"/bidding/lots/{LOT}/hall/resume")
    give(site, "centre", LOT)
    until(lambda: facts(site, LOT)["read_at"] is not None, "the reading of the prices")
    shots.of(hall(LOT), "5-read", "bidder1")
    shots.wall(LOT, "5-read")
    for name in PRICES:
        post(site, name, f"/bidding/lots/{LOT}/record/confirm")
    sign(site, "agent", LOT)
    sign(site, "centre", LOT)
    until(lambda: site.lot_is(LOT, "opened"), "the end of the opening")
    shots.of(f"/bidding/lots/{LOT}/record/", "6-record")
    shots.of(hall(LOT), "6-over")
    shots.of(f"{hall(LOT)}replay", "7-replay")


def test_what_was_seen_live_is_what_the_replay_shows(visit: Visit, site: LiveSite) -> None:
    """A watcher writes down every board it gets; each of them is a board of the replay, and in the same order."""
    seen: list[dict[str, Any]] = []

    def look() -> dict[str, Any]:
        found = facts(site, SECOND)
        if not seen or seen[-1] != found["scene"]:
            seen.append(found["scene"])
        return found

    site.close_lot(SECOND)
    look()
    acts: tuple[Callable[[], object], ...] = (
        partial(site.open_hall, SECOND),
        partial(give, site, "regulator", SECOND),
        partial(give, site, "centre", SECOND),
    )
    for act in acts:
        act()
        look()
    until(lambda: look()["read_at"] is not None, "the reading of the prices")
    steps = [step["scene"] for step in site.person("agent").session.get(f"{hall(SECOND)}replay")["steps"]]
    places = [steps.index(scene) for scene in seen if scene in steps]
    assert places == sorted(places)
    assert len(places) >= 4  # each of four acts was looked at; what workers do between two looks may be missed
    assert steps[-1] == seen[-1]
    visitor = visit("en-GB")
    visitor.open(f"{hall(SECOND)}replay?step=1")
    visitor.page.click("[data-replay-play]")
    visitor.page.wait_for_selector(f"[data-replay][data-step='{len(steps)}']", timeout=60_000)
    assert "9,760,000.00" in visitor.page.inner_text("main")
    assert visitor.faults() == []


def test_two_windows_show_the_same_numbers_though_one_loses_messages(
    visit: Visit, site: LiveSite, browser: Browser
) -> None:
    site.close_lot(THIRD)
    steady, lossy = visit("zh-CN"), visit("zh-CN")
    asked: list[str] = []
    dropped: list[str] = []

    def leaky(line: WebSocketRoute) -> None:
        server = line.connect_to_server()

        def ask(text: str | bytes) -> None:
            asked.append(str(text))
            server.send(text)

        line.on_message(ask)
        chance = random.Random(3)

        def pass_on(text: str | bytes) -> None:
            if chance.random() < 0.4:
                dropped.append(str(text))
            else:
                line.send(text)

        server.on_message(pass_on)

    lossy.page.route_web_socket("**/live/**", leaky)
    for visitor in (steady, lossy):
        visitor.open(hall(THIRD))
        visitor.page.wait_for_selector("[data-live-status=live]")
    site.open_hall(THIRD)
    for name in ("agent", "regulator"):
        give(site, name, THIRD)
    until(lambda: facts(site, THIRD)["read_at"] is not None, "the reading of the prices")
    for visitor in (steady, lossy):
        visitor.page.wait_for_selector("#prices-title", timeout=20_000)
    until(lambda: numbers(steady.page) == numbers(lossy.page), "the same numbers in both windows")
    assert len(numbers(steady.page)) >= 8
    assert dropped, "the line of one window loses messages"
    assert any("from" in json.loads(text) for text in asked)


def test_a_wait_that_was_ended_is_shown(visit: Visit, site: LiveSite, pictures: Path | None) -> None:
    site.close_lot(FOURTH)
    site.open_hall(FOURTH)
    give(site, "agent", FOURTH)
    site.stage("custodians_late", FOURTH)
    post(site, "regulator", f"/bidding/lots/{FOURTH}/hall/waiting", {"reason": "两家保管人两次催告仍未到场"})
    until(lambda: facts(site, FOURTH)["read_at"] is not None, "the reading of the failures")
    shots = Pictures(visit, pictures)
    shots.of(hall(FOURTH), "8-failed")
    shots.wall(FOURTH, "8-failed")
    states = {one["consequence"] for one in facts(site, FOURTH)["envelopes"]}
    assert states == {"withdrawn"}
