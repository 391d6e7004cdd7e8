"""The custodians' whole work by the Python client against a real site, under a policy with `b`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bidding.client import custodian, showing
from bidding.client.__main__ import main
from bidding.client.keys import KeyFolder
from bidding.client.sealing import no_progress
from bidding.client.session import ProblemError, Session
from tests.bidding.live_stage import PASSWORD
from tests.bidding.server import Site

CUSTODY = "/bidding/tenders/sl-2026-001/custody"
TENDER, LOTS = "sl-2026-001", ["sl-2026-001-1", "sl-2026-001-2"]
POLICY = "2(b,2(a1,c1,r1))"
LABELS = {"agent": "a1", "centre": "c1", "regulator": "r1"}
MONTH = str(30 * 86400)


@dataclass
class Keeper:
    """A custodian at work."""

    site: Site
    name: str
    folder: KeyFolder = field(init=False)
    session: Session = field(init=False)

    def __post_init__(self) -> None:
        path = self.site.folder.parent / self.name
        path.mkdir(mode=0o700)
        self.folder, self.session = KeyFolder(path), Session(self.site.url)
        self.session.sign_in(self.name, PASSWORD)
        self.folder.make_key()
        self.folder.enrol(self.session)

    def register(self) -> None:
        """Register the newest key."""
        custodian.register_key(self.session, self.folder, TENDER)

    def sign(self) -> list[str]:
        """Sign what waits; what came into force."""
        return list(custodian.sign_sheets(self.session, self.folder, TENDER)["sealed"])

    def rehearse(self) -> str:
        """The own part of the rehearsal."""
        return custodian.rehearse(self.session, self.folder, TENDER)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("custody") / "var")
    site.stage("cast")
    site.start()
    yield site
    site.kill()


@pytest.fixture
def keepers(site: Site) -> Iterator[dict[str, Keeper]]:
    made = {name: Keeper(site, name) for name in LABELS}
    yield made
    for keeper in made.values():
        keeper.session.close()


def said(keeper: Keeper, *words: str, language: str, code: int = 0) -> str:
    """What a command says in a language, on both ways."""
    options = ["--folder", str(keeper.folder.path), "--site", keeper.site.url, "--user", keeper.name, "--plain"]
    with showing.OUT.capture() as out, showing.ERR.capture() as err:
        assert main([*words, *options, "--language", language]) == code
    return out.get() + err.get()


def test_from_the_policy_to_a_replaced_key(
    site: Site, keepers: dict[str, Keeper], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUNLIGHT_PASSWORD", PASSWORD)
    agent, centre = keepers["agent"], keepers["centre"]
    assert custodian.choose_policy(agent.session, TENDER, POLICY)["policy"] == POLICY
    for keeper in keepers.values():
        keeper.folder.make_custodian_key(plain=True)
        keeper.register()
    english = said(agent, "sign-sheets", TENDER, language="en").splitlines()
    names = {leaf["holder"]: leaf["name"] for leaf in agent.session.get(CUSTODY)["sheets"][0]["leaves"]}
    assert english[0].startswith(f"{LOTS[0]}  {POLICY}  all of the bidder, (any 2 of the agent (person 1), ")
    assert [name for name in names.values() if name not in english[1] + english[2] + english[3]] == []
    assert (english[8][:11], english[-1].split(" ")[0:2]) == ("rehearsal  ", ["No", "sheet"])
    assert [keeper.sign() for keeper in keepers.values()] == [[], [], [*LOTS, TENDER]]
    assert [keeper.sign() for keeper in keepers.values()] == [[], [], []]  # nothing is left to sign
    assert said(agent, "sign-sheets", TENDER, language="zh-hans").splitlines()[-1] == "您已签署全部保管单。"
    assert said(centre, "policy", TENDER, "(", language="en", code=1).startswith("bidding.policy_grammar: ")
    assert [keeper.rehearse() for keeper in keepers.values()] == ["waiting"] * 3
    site.stage("tick")
    facts = agent.session.get(f"/bidding/tenders/{TENDER}/custody")
    assert facts["rehearsal"] == {
        "state": "opened",
        "given": ["a1", "c1", "r1"],
        "sets": [["b", "a1", "c1"], ["b", "a1", "r1"], ["b", "c1", "r1"]],
        "reason": "",
    }
    assert agent.rehearse() == "opened"
    assert said(agent, "rehearse", TENDER, language="en") == "Rehearsal: held: the keys open\n"
    assert said(agent, "rehearse", TENDER, language="zh-hans") == "演练：已完成：密钥可开启\n"
    assert said(agent, "due", language="zh-hans") == "目前没有等待您的开标。\n"
    needed = said(centre, "destroy-key", language="zh-hans", code=1)
    assert needed.startswith("client.key_needed: 开启 sl-2026-001-1, sl-2026-001-2 的投标文件还需要该密钥")

    site.stage("publish", MONTH)
    before = agent.session.get(f"/bidding/lots/{LOTS[0]}/sheet")
    centre.folder.renew_custodian_key(plain=True)
    centre.register()
    assert [keeper.sign() for keeper in keepers.values()] == [[], [], [TENDER]]
    with pytest.raises(ProblemError) as problem:
        custodian.replace_sheets(agent.session, TENDER, "补遗", "更换密钥。")
    assert problem.value.codes == ["trading.no_rehearsal"]
    for keeper in keepers.values():
        keeper.rehearse()
    site.stage("tick")
    assert agent.session.get(f"/bidding/lots/{LOTS[0]}/sheet") == before
    custodian.replace_sheets(agent.session, TENDER, "补遗", "更换密钥。")
    after = agent.session.get(f"/bidding/lots/{LOTS[0]}/sheet")
    changed = [leaf["label"] for leaf in after["leaves"] if leaf not in before["leaves"]]
    assert changed == ["c1"]


def test_a_file_that_is_refused_comes_with_the_reason_and_leaves_nothing(site: Site, tmp_path: Path) -> None:
    path, to = "/supervision/tenders/nothing/bundle", tmp_path / "evidence.zip"
    with closing(Session(site.url)) as stranger:
        ways: list[Callable[[], object]] = [
            lambda: stranger.get_bytes(path),
            lambda: stranger.download(path, to, no_progress),
        ]
        for way in ways:
            with pytest.raises(ProblemError) as problem:
                way()
            assert (problem.value.status, problem.value.codes) == (404, ["trading.absent"])
    assert list(tmp_path.iterdir()) == []
