"""A browser, a site and visitors for the tests here. Headless chromium of the machine; nothing is downloaded.

The build without windows is the same engine and takes less than half the processor time: it is used where there is
one.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.bidding.live_stage import PASSWORD
from tests.browser.site import ROOT, LiveSite

FLAGS = [
    "--no-sandbox",
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = {"width": 1280, "height": 900}
BUILT = ROOT / "config" / "static" / "built"
AXE = ROOT / "config" / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
VIOLATIONS = """
window.__violations = [];
document.addEventListener('securitypolicyviolation', (event) =>
  window.__violations.push(event.violatedDirective + ' ' + event.blockedURI));
"""


@dataclass
class Visitor:
    """Somebody at a browser window; whatever the window complains about is kept."""

    page: Page
    site: LiveSite
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Listen to the console and to errors."""
        self.page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def open(self, path: str) -> int:
        """Go to `path`; the status of the answer."""
        answer = self.page.goto(self.site.url + path)
        assert answer is not None
        return answer.status

    def read_in(self, language: str) -> None:
        """Choose the language of the pages to come."""
        chosen = {"name": "sunlight_language", "value": "en" if language.startswith("en") else "zh-hans"}
        self.page.context.add_cookies([chosen | {"url": self.site.url}])  # type: ignore[list-item]

    def sign_in(self, name: str) -> None:
        """By the page for people."""
        self.open("/accounts/login/")
        self.page.fill("input[name=login]", name)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.press("input[name=password]", "Enter")
        self.page.wait_for_url(lambda url: "/accounts/login" not in url)

    def faults(self) -> list[str]:
        """What the console said and what the security policy stopped."""
        violations: list[str] = self.page.evaluate("window.__violations")
        return self.complaints + violations

    def axe(self) -> list[str]:
        """The serious findings of axe on the page as it is."""
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found: dict[str, Any] = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{one['id']}: {one['nodes'][0]['html'][:200]}"
            for one in found["violations"]
            if one["impact"] in {"serious", "critical"}
        ]


Visit = Callable[..., Visitor]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if path is None:
        pytest.skip("needs chromium")
    if not (BUILT / "bid.js").exists() or not AXE.exists():
        pytest.skip("needs the browser bundle: ./sunlight build")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield found
        found.close()


@pytest.fixture(scope="session")
def site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    """A site with two lots whose sheets are signed; depends on the browser so that a skip comes first."""
    made = LiveSite(tmp_path_factory.mktemp("site"))
    try:
        made.start()
        yield made
    finally:
        made.stop()


@pytest.fixture
def visit(browser: Browser, site: LiveSite) -> Iterator[Visit]:
    """Open a window: language, size of the screen, who signs in."""
    contexts = []

    def opened(language: str = "zh-CN", screen: dict[str, int] | None = None, name: str | None = None) -> Visitor:
        context = browser.new_context(locale=language, viewport=screen or DESKTOP, accept_downloads=True)  # type: ignore[arg-type]
        context.add_init_script(VIOLATIONS)
        context.set_default_timeout(30_000)
        contexts.append(context)
        visitor = Visitor(context.new_page(), site)
        visitor.read_in(language)
        if name is not None:
            visitor.sign_in(name)
        return visitor

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def pictures() -> Path | None:
    """Where pictures for people to look at are kept: the folder that SUNLIGHT_PICTURES names."""
    named = os.environ.get("SUNLIGHT_PICTURES", "")
    if named in {"", "1"}:
        return None
    Path(named).mkdir(parents=True, exist_ok=True)
    return Path(named)
