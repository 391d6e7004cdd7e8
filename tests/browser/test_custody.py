"""Two custodians do everything in headless chromium on a real site: keys, sheets, rehearsal, shares, a cut line."""

from __future__ import annotations

import base64
import hashlib
import os
import pty
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from playwright.sync_api import Browser, Page, Request, Route, expect

from bidding.client import custodian
from bidding.client.keys import KeyFolder
from bidding.envelope.identity import read_identities
from bidding.envelope.sheet import read_sheet
from bidding.envelope.x25519 import Identity, new_identity
from ledger import cms
from ledger.canon import encode
from tests.bidding.opening.test_giving import BOTH_TEXT, cosigned
from tests.browser.conftest import Visit, Visitor
from tests.browser.site import LOT, SECOND, TENDER, LiveSite, until

pytestmark = [pytest.mark.browser, pytest.mark.server]
PATIENCE = 120_000  # milliseconds: scrypt takes a second on an idle machine, and a busy one shares it among many
PHONE = {"width": 390, "height": 844}
CUSTODY = f"/bidding/tenders/{TENDER}/custody"
PASSPHRASES = {"agent": "六个 毫不相干 的词语 agent", "centre": "correct horse battery centre"}
LANGUAGES = {"agent": "zh-CN", "centre": "en-GB"}
WORDS = {"agent": "任意 2 方", "centre": "any 2 of the agent, the centre, the regulator can open the bids together."}
PRICES = {"bidder1": "9596000.00", "bidder2": "9600000.00", "bidder3": "9500000.00"}


@pytest.fixture(scope="module", autouse=True)
def _patient() -> Iterator[None]:
    expect.set_options(timeout=PATIENCE)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture(scope="module")
def site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    """A site whose custodians have done nothing yet; depends on the browser so that a skip comes first."""
    assert browser.is_connected()
    made = LiveSite(tmp_path_factory.mktemp("custody"))
    try:
        made.begin()
        yield made
    finally:
        made.stop()


@dataclass
class Keeper:
    """A custodian at a window, with everything that the window sent."""

    name: str
    visitor: Visitor
    file: Path
    passphrase: str
    sent: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Listen to every request."""
        self.page.set_default_timeout(PATIENCE)
        self.visitor.page.on("request", self._keep)

    def _keep(self, request: Request) -> None:
        head = "\n".join(f"{name}: {value}" for name, value in request.headers.items())
        self.sent.append(f"{request.url}\n{head}\n".encode() + (request.post_data_buffer or b""))

    @property
    def page(self) -> Page:
        return self.visitor.page

    @property
    def signing(self) -> list[Path]:
        folder = self.visitor.site.person(self.name).folder.path
        return [folder / name for name in ("key.pem", "certificate.pem", "roots.pem", "log.vkey")]

    def identity(self) -> Identity:
        """The key in the saved file."""
        return read_identities(self.file.read_bytes(), lambda: self.passphrase)[0]

    def make_key(self) -> None:
        self.visitor.open(CUSTODY)
        self.page.wait_for_selector("[data-part=desk]:not([hidden])")
        if not self.page.locator("#c-new-pass").is_visible():  # folded away for who has a key
            self.page.click("[data-part=make] summary")
        self.page.fill("#c-new-pass", self.passphrase)
        expect(self.page.locator("#why-make")).to_contain_text("bidding.passphrase_differs")
        self.page.fill("#c-new-pass-again", self.passphrase)
        self.page.click("[data-act=make]")
        self.page.wait_for_selector("[data-part=made]:not([hidden])")
        with self.page.expect_download() as coming:
            self.page.click("[data-act=save]")
        coming.value.save_as(self.file)

    def choose_files(self, *more: Path) -> None:
        self.page.set_input_files("#c-keys", [*self.signing, *more])
        self.page.set_input_files("#c-identity", self.file)
        self.page.fill("#c-identity-pass", self.passphrase)
        self.page.click("[data-act=open]")

    def open_files(self) -> None:
        self.choose_files()
        self.page.wait_for_selector("[data-part=opened]:not([hidden])")
        expect(self.page.locator("#why-open li")).to_have_count(0)

    def act(self, name: str) -> None:
        """Press a button of the desk and wait until the page says that it is done."""
        expect(self.page.locator(f"[data-act={name}]")).not_to_have_attribute("aria-disabled", "true")
        self.page.click(f"[data-act={name}]")
        expect(self.page.locator(f"[data-act={name}]")).to_have_attribute("aria-disabled", "true")

    def check_lot(self, lot: str) -> None:
        """Up to the one confirmation."""
        self.visitor.open(f"/bidding/lots/{lot}/giving")
        self.page.wait_for_selector("[data-part=files]:not([hidden])")
        self.choose_files()
        self.page.wait_for_selector("[data-part=confirm]:not([hidden])")

    def says_nothing(self) -> None:
        """No request so far holds the private key, the signing key or a passphrase."""
        secrets = self.secrets()
        assert self.sent
        assert [one for one in self.sent for secret in secrets if secret in one] == []

    def secrets(self) -> list[bytes]:
        """What must never be sent, in every spelling that it could have."""
        identity = self.identity()
        private = identity.private
        pem = self.signing[0].read_bytes()
        signer = load_pem_private_key(pem, None).private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        spelled = [text.encode() for one in (private, signer) for text in (base64.b64encode(one).decode(), one.hex())]
        passes = self.passphrase.encode()
        return [private, signer, *spelled, identity.secret_text().encode(), b"AGE-SECRET-KEY", b"PRIVATE KEY",
                passes, *pem.splitlines()[1:3]]  # fmt: skip


Keepers = dict[str, Keeper]


@pytest.fixture
def keepers(visit: Visit, tmp_path_factory: pytest.TempPathFactory) -> Keepers:
    """The agent's and the centre's custodians at their windows; the files lie where the first test saved them."""
    folder = tmp_path_factory.getbasetemp() / "identities"
    folder.mkdir(exist_ok=True)
    return {
        name: Keeper(
            name, visit("zh-CN" if name == "agent" else "en-GB", name=name), folder / f"{name}.key", passphrase
        )
        for name, passphrase in PASSPHRASES.items()
    }


def picture(page: Page, folder: Path | None, name: str) -> None:
    if folder is not None:
        page.screenshot(path=folder / f"{name}.png", full_page=True)


def facts(site: LiveSite) -> dict[str, Any]:
    return site.person("agent").session.get(CUSTODY)


def test_keys_are_made_and_registered_in_the_page_and_go_nowhere(
    site: LiveSite, keepers: Keepers, pictures: Path | None
) -> None:
    for keeper in keepers.values():
        keeper.make_key()
        picture(keeper.page, pictures, f"custody-made-{keeper.name}")
        assert keeper.file.read_bytes().startswith(b"-----BEGIN AGE ENCRYPTED FILE-----")
        keeper.open_files()
        keeper.act("register")
        expect(keeper.page.locator("[data-custody-state]")).to_contain_text(keeper.name[0])
        keeper.says_nothing()
        assert keeper.visitor.faults() == []
        assert keeper.visitor.axe() == []
    registered = {key["label"]: key["key"] for key in facts(site)["keys"]}
    assert registered == {keeper.name[0]: str(keeper.identity().recipient) for keeper in keepers.values()}


@pytest.mark.skipif(shutil.which("age") is None, reason="needs the age tool")
def test_the_age_tool_opens_the_file_that_the_page_made(keepers: Keepers, tmp_path: Path) -> None:
    keeper = keepers["centre"]
    plain = tmp_path / "plain.txt"
    child, terminal = pty.fork()
    if child == 0:
        os.execlp("age", "age", "-d", "-o", str(plain), str(keeper.file))  # noqa: S606  age asks at a terminal
    while b"passphrase" not in os.read(terminal, 1000):
        pass
    os.write(terminal, keeper.passphrase.encode() + b"\n")
    assert os.waitpid(child, 0)[1] == 0
    assert keeper.identity().secret_text() in plain.read_text().splitlines()


def test_a_lost_key_is_replaced_before_the_notice(site: LiveSite, keepers: Keepers) -> None:
    keeper = keepers["centre"]
    before = str(keeper.identity().recipient)
    keeper.make_key()
    after = str(keeper.identity().recipient)
    keeper.open_files()
    keeper.act("register")
    expect(keeper.page.locator("[data-fill=register-said]")).to_have_text("Registered under c.")
    assert before != after
    assert {key["label"]: key["key"] for key in facts(site)["keys"]}["c"] == after


def test_a_wrong_passphrase_and_a_strange_certificate_are_said(site: LiveSite, keepers: Keepers) -> None:
    keeper = keepers["centre"]
    page = keeper.page
    keeper.visitor.open(CUSTODY)
    page.wait_for_selector("[data-part=desk]:not([hidden])")
    other = site.person("regulator").folder.path
    page.set_input_files("#c-keys", [other / "key.pem", keeper.signing[1]])
    page.set_input_files("#c-identity", keeper.file)
    page.fill("#c-identity-pass", "not the passphrase")
    page.click("[data-act=open]")
    why = page.locator("#why-open")
    expect(why).to_contain_text("The passphrase does not open the key.")
    expect(why).to_contain_text("None of the chosen certificates was issued for the chosen key.")
    page.set_input_files("#c-keys", [other / "key.pem", other / "certificate.pem"])
    page.fill("#c-identity-pass", keeper.passphrase)
    page.click("[data-act=open]")
    expect(why.locator("li")).to_have_count(0)
    expect(page.locator("[data-act=register]")).to_have_attribute("aria-disabled", "true")
    expect(page.locator("#why-register")).to_contain_text("bidding.key_registered")
    expect(page.locator("#why-sign")).not_to_contain_text("bidding.files_closed")
    assert keeper.visitor.axe() == []


def test_sheets_are_read_from_their_bytes_and_signed_in_the_page(
    site: LiveSite, keepers: Keepers, pictures: Path | None
) -> None:
    regulator = site.person("regulator")
    regulator.folder.make_custodian_key(plain=True)
    custodian.register_key(regulator.session, regulator.folder, TENDER)
    shown = facts(site)
    for keeper in keepers.values():
        keeper.visitor.open(CUSTODY)
        keeper.open_files()
        review = keeper.page.locator("[data-part=review]")
        expect(review).to_contain_text(WORDS[keeper.name])
        for leaf in shown["sheets"][0]["leaves"]:
            expect(review).to_contain_text(leaf["key_words"])
        expect(review.locator("[data-fill=sheets] li")).to_have_count(len(shown["sheets"]))
        picture(keeper.page, pictures, f"custody-review-{keeper.name}")
        keeper.act("sign")
        expect(keeper.page.locator("#why-sign")).to_contain_text("bidding.sheets_signed")
        keeper.says_nothing()
        assert keeper.visitor.faults() == []
        assert keeper.visitor.axe() == []
    custodian.sign_sheets(regulator.session, regulator.folder, TENDER)
    assert all(sheet["sealed"] for sheet in facts(site)["sheets"])


def test_a_sheet_in_which_the_own_key_was_swapped_is_not_signed(site: LiveSite, keepers: Keepers) -> None:
    keeper = keepers["centre"]

    stranger = new_identity().recipient.key

    def altered(route: Route) -> None:
        """A site that has put a key of its own under the centre's label, and asks for signatures again."""
        answer = route.fetch()
        body = answer.text().replace('"signed_by_me": true', '"signed_by_me": false')
        for shown in facts(site)["sheets"]:
            sheet = read_sheet(base64.b64decode(shown["sheet"]))
            leaves = [replace(leaf, key=stranger) if leaf.label == "c" else leaf for leaf in sheet.leaves]
            swapped = encode(replace(sheet, leaves=tuple(leaves)))
            body = body.replace(shown["sheet"], base64.b64encode(swapped).decode())
        route.fulfill(response=answer, body=body)

    keeper.page.route(f"**{CUSTODY}", altered)
    keeper.visitor.open(CUSTODY)
    keeper.open_files()
    expect(keeper.page.locator("#why-sign")).to_contain_text("Your own key does not stand under your own label")
    expect(keeper.page.locator("[data-part=review]")).to_be_hidden()


def test_the_rehearsal_is_sealed_and_opened_in_the_page(
    site: LiveSite, keepers: Keepers, pictures: Path | None
) -> None:
    agent, centre, regulator = keepers["agent"], keepers["centre"], site.person("regulator")
    agent.visitor.open(CUSTODY)
    agent.open_files()
    agent.page.click("[data-act=seal]")
    expect(agent.page.locator("[data-act=share]")).not_to_have_attribute("aria-disabled", "true")
    agent.act("share")
    centre.visitor.open(CUSTODY)
    centre.open_files()
    centre.act("share")
    picture(centre.page, pictures, "custody-rehearsal")
    custodian.rehearse(regulator.session, regulator.folder, TENDER)
    until(lambda: facts(site)["rehearsal"]["state"] != "waiting", "the rehearsal")
    assert facts(site)["rehearsal"]["state"] == "opened"
    assert sorted(facts(site)["rehearsal"]["sets"]) == [["a", "c"], ["a", "r"], ["c", "r"]]
    centre.says_nothing()
    assert agent.visitor.faults() + centre.visitor.faults() == []


@pytest.fixture(scope="module")
def _closed(site: LiveSite) -> None:
    """Two lots with three bids each, counted, their halls open."""
    for lot in (LOT, SECOND):
        site.stage("publish", lot, "3600")
        site.submit(lot, PRICES)
        site.close_lot(lot)
        site.open_hall(lot)


def released(site: LiveSite, lot: str) -> list[str]:
    """The leaves whose shares are in, as the board shows them."""
    board = site.person("agent").session.get(f"/bidding/lots/{lot}/hall/")
    return [light["leaf"] for light in board["custodians"] if light["given"]]


@pytest.mark.usefixtures("_closed")
def test_one_confirmation_gives_a_lot_and_a_lost_answer_is_no_second_release(
    site: LiveSite, keepers: Keepers, pictures: Path | None
) -> None:
    agent = keepers["agent"]
    agent.visitor.open("/bidding/custody")
    expect(agent.page.locator("main")).to_contain_text(LOT)
    picture(agent.page, pictures, "custody-duties")
    agent.check_lot(LOT)
    expect(agent.page.locator("[data-act=give]")).to_contain_text("3")
    expect(agent.page.locator("[data-part=unwitnessed]")).to_be_visible()
    picture(agent.page, pictures, "giving-confirm")
    assert agent.visitor.axe() == []
    posts: list[int] = []

    def answer_lost(route: Route) -> None:
        """The first batch arrives, its answer does not; the second goes through."""
        posts.append(1)
        if len(posts) == 1:
            route.fetch()
            route.abort("connectionreset")
        else:
            route.continue_()

    agent.page.route(f"**/bidding/lots/{LOT}/release", answer_lost)
    agent.page.click("[data-act=give]")
    agent.page.wait_for_selector("[data-part=done]:not([hidden])")
    picture(agent.page, pictures, "giving-done")
    assert len(posts) == 2
    until(lambda: released(site, LOT) == ["a"], "the release")
    agent.visitor.open(f"/bidding/lots/{LOT}/giving")
    expect(agent.page.locator("main")).to_contain_text("您的份额已提交")


@pytest.mark.usefixtures("_closed")
def test_a_line_cut_in_the_middle_is_taken_up_after_a_reload(
    site: LiveSite, keepers: Keepers, pictures: Path | None
) -> None:
    centre = keepers["centre"]
    centre.check_lot(LOT)
    centre.page.route(f"**/bidding/lots/{LOT}/release", lambda route: route.abort("internetdisconnected"))
    centre.page.click("[data-act=give]")
    centre.page.wait_for_selector("[data-part=lost]:not([hidden])")
    expect(centre.page.locator("[data-part=lost]")).to_contain_text("page.lost_batch")
    picture(centre.page, pictures, "giving-lost")
    assert released(site, LOT) == ["a"]
    centre.page.unroute(f"**/bidding/lots/{LOT}/release")
    centre.check_lot(LOT)  # a reload: the files and the passphrase are asked for again
    centre.page.click("[data-act=give]")
    centre.page.wait_for_selector("[data-part=done]:not([hidden])")
    board: dict[str, Any] = {}

    def prices_read() -> bool:
        board.update(site.person("agent").session.get(f"/bidding/lots/{LOT}/hall/"))
        return board["read_at"] is not None

    until(prices_read, "the reading of the prices")
    assert sorted(one["price"] for one in board["bids"]) == sorted(PRICES.values())


@pytest.mark.usefixtures("_closed")
def test_the_same_page_sends_a_kept_batch_again(site: LiveSite, keepers: Keepers) -> None:
    centre = keepers["centre"]
    centre.check_lot(SECOND)
    centre.page.route("**/bidding/lots/*/release", lambda route: route.abort("internetdisconnected"))
    centre.page.click("[data-act=give]")
    centre.page.wait_for_selector("[data-part=lost]:not([hidden])")
    centre.page.unroute("**/bidding/lots/*/release")
    centre.page.click("[data-act=retry]")
    centre.page.wait_for_selector("[data-part=done]:not([hidden])")
    until(lambda: "c" in released(site, SECOND), "the release")


@pytest.mark.usefixtures("_closed")
def test_a_site_that_shows_other_headers_gets_nothing(site: LiveSite, keepers: Keepers, pictures: Path | None) -> None:
    agent = keepers["agent"]

    def swapped(route: Route) -> None:
        answer = route.fetch()
        shown = answer.json()
        shown["envelopes"].pop()
        route.fulfill(response=answer, json=shown)

    agent.page.route(f"**/bidding/lots/{SECOND}/headers", swapped)
    agent.visitor.open(f"/bidding/lots/{SECOND}/giving")
    agent.page.wait_for_selector("[data-part=files]:not([hidden])")
    agent.choose_files()
    agent.page.wait_for_selector("[data-part=stop]:not([hidden])")
    expect(agent.page.locator("[data-part=stop]")).to_contain_text("bidding.other_headers")
    picture(agent.page, pictures, "giving-stop")
    assert agent.visitor.axe() == []
    assert "a" not in released(site, SECOND)


@pytest.mark.usefixtures("_closed")
def test_with_a_policy_of_witnesses_nothing_is_given_before_they_have_cosigned(
    site: LiveSite, keepers: Keepers, pictures: Path | None, tmp_path: Path
) -> None:
    agent, policy = keepers["agent"], tmp_path / "witnesses.policy"
    policy.write_text(BOTH_TEXT)
    agent.visitor.open(f"/bidding/lots/{SECOND}/giving")
    agent.page.wait_for_selector("[data-part=files]:not([hidden])")
    agent.choose_files(policy)
    agent.page.wait_for_selector("[data-part=stop]:not([hidden])")
    expect(agent.page.locator("[data-part=stop]")).to_contain_text("bidding.closing_unwitnessed")
    expect(agent.page.locator("[data-part=stop]")).to_contain_text("尚无足够见证方在截止后联署")
    picture(agent.page, pictures, "giving-unwitnessed")

    def witnessed(route: Route) -> None:
        answer, now = route.fetch(), int(time.time())
        route.fulfill(response=answer, json=cosigned(answer.json(), now, now))

    agent.page.route(f"**/bidding/lots/{SECOND}/headers", witnessed)
    agent.page.click("[data-part=stop] [data-act=again]")
    agent.choose_files(policy)
    agent.page.wait_for_selector("[data-part=confirm]:not([hidden])")
    expect(agent.page.locator("[data-part=witnessed]")).to_contain_text("已有足够见证方在截止后联署")
    expect(agent.page.locator("[data-part=unwitnessed]")).to_be_hidden()
    picture(agent.page, pictures, "giving-witnessed")
    agent.page.unroute(f"**/bidding/lots/{SECOND}/headers")
    assert "a" not in released(site, SECOND)


@pytest.mark.usefixtures("_closed")
def test_the_request_log_that_is_searched_does_hold_what_is_sent(site: LiveSite, keepers: Keepers) -> None:
    """The control of `says_nothing`: shares and signatures, which are sent, are found in it."""
    agent = keepers["agent"]
    agent.check_lot(SECOND)
    agent.page.click("[data-act=give]")
    agent.page.wait_for_selector("[data-part=done]:not([hidden])")
    agent.says_nothing()
    batches = [one for one in agent.sent if b"/release\n" in one]
    assert [b'"shares"' in one and b'"signature"' in one for one in batches] == [True]
    until(lambda: "a" in released(site, SECOND), "the release")


@pytest.mark.usefixtures("_closed")
def test_the_client_gives_what_was_signed_in_the_page(site: LiveSite, keepers: Keepers) -> None:
    """It opens the page's file, finds the own signature under the sheet, and makes the very batch of the page."""
    keeper, person = keepers["agent"], site.person("agent")
    folder = KeyFolder(person.folder.path, lambda: keeper.passphrase)
    (folder.path / "custodian.key").write_bytes(keeper.file.read_bytes())
    assert not list(folder.path.glob("*.sheet"))
    due = {one["lot"]: one["state"] for one in custodian.due(person.session)}
    assert due.get(SECOND, "given") == "given"
    again = custodian.release(person.session, folder, SECOND)
    assert (again["leaf"], again["count"]) == ("a", len(PRICES))


def sign_page(keeper: Keeper) -> Page:
    """The record's page with the signing key chosen."""
    page = keeper.page
    keeper.visitor.open(f"/bidding/lots/{LOT}/record/")
    page.wait_for_selector("[data-sign=what]:not([hidden])")
    expect(page.locator("#why-signature")).to_contain_text("bidding.key_file_missing")
    page.set_input_files("#sign-keys", keeper.signing[:2])
    expect(page.locator("#sign-signer")).to_contain_text(keeper.name)
    return page


def test_host_and_witness_sign_the_record_in_the_page(site: LiveSite, keepers: Keepers, pictures: Path | None) -> None:
    for name in PRICES:
        session = site.person(name).session
        session.post(f"/bidding/lots/{LOT}/record/confirm", {})
    agent, centre = keepers["agent"], keepers["centre"]
    page = sign_page(agent)
    data = site.person("agent").session.get_bytes(f"/bidding/lots/{LOT}/record/bytes")
    expect(page.locator("[data-sign=digest]")).to_have_text(hashlib.sha256(data).hexdigest())
    page.click("[data-sign=content] summary")
    expect(page.locator("[data-sign=tree]")).to_contain_text("9596000.00")
    picture(page, pictures, "sign-record")
    assert agent.visitor.axe() == []
    page.click("[data-sign=button]")
    expect(page.locator("main")).to_contain_text("主持人已签署")
    agent.says_nothing()

    page = sign_page(centre)
    page.click("[data-sign=button]")
    until(lambda: site.lot_is(LOT, "opened"), "the end of the opening")
    assert agent.visitor.faults() + centre.visitor.faults() == []
    for part, keeper in (("host", agent), ("witness", centre)):
        signature = site.person("agent").session.get_bytes(f"/bidding/lots/{LOT}/record/{part}.p7s")
        folder = site.person(keeper.name).folder
        assert cms.verify(data, signature, folder.roots(), datetime.now(UTC)) == folder.certificate()


def test_a_signature_made_elsewhere_goes_the_same_way_without_scripts(
    site: LiveSite, browser: Browser, tmp_path: Path
) -> None:
    agent = site.person("agent")
    until(lambda: bool(agent.session.get(f"/bidding/lots/{SECOND}/hall/")["read_at"]), "the reading of the prices")
    for name in PRICES:
        site.person(name).session.post(f"/bidding/lots/{SECOND}/record/confirm", {})
    data = agent.session.get_bytes(f"/bidding/lots/{SECOND}/record/bytes")
    (tmp_path / "record.p7s").write_bytes(agent.folder.pen().sign(data))
    context = browser.new_context(locale="zh-CN", java_script_enabled=False)
    try:
        visitor = Visitor(context.new_page(), site)
        visitor.sign_in("agent")
        visitor.open(f"/bidding/lots/{SECOND}/record/")
        expect(visitor.page.locator("#sign-keys")).to_be_hidden()
        visitor.page.set_input_files("#f-signature", tmp_path / "record.p7s")
        visitor.page.click("[data-sign=button]")
        expect(visitor.page.locator("main")).to_contain_text("主持人已签署")
    finally:
        context.close()


def test_the_pages_fit_a_phone_and_speak_english(visit: Visit, pictures: Path | None) -> None:
    visitor = visit("en-GB", PHONE, "centre")
    for path, name in ((CUSTODY, "custody"), ("/bidding/custody", "duties"), (f"/bidding/lots/{LOT}/giving", "giving")):
        assert visitor.open(path) == 200
        visitor.page.wait_for_load_state("networkidle")
        assert visitor.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        assert visitor.axe() == []
        picture(visitor.page, pictures, f"phone-{name}")
    assert visitor.faults() == []
