"""The bid client against a real server: upload, cut, kill, resume, receipt, proof, refusal, withdrawal."""

from __future__ import annotations

import hashlib
import json
import signal
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from tusclient.client import TusClient

from bidding.client import custodian, submitting
from bidding.client.__main__ import main
from bidding.client.keys import KeyFolder
from bidding.client.sealing import Offer, SealedBid, seal_bid
from bidding.client.session import ProblemError, Session
from bidding.submission.receipt import check_receipt
from ledger.errors import Refused
from tests.bidding.live_stage import PASSWORD
from tests.bidding.server import Site
from tests.ledger.witness.following import Follower
from tests.ledger.witness.relay import relay

# In one group: later tests count the bids that earlier ones left in the house of this module.
pytestmark = [pytest.mark.server]
LOT = "sl-2026-001-1"
TENDER = "sl-2026-001"


@dataclass
class Person:
    """Somebody with a session and a folder of keys."""

    site: Site
    name: str
    home: Path
    session: Session = field(init=False)
    folder: KeyFolder = field(init=False)

    def __post_init__(self) -> None:
        self.session = Session(self.site.url, language="en")
        self.session.sign_in(self.name, PASSWORD)
        self.folder = KeyFolder(self.home / self.name)
        self.folder.make_key()
        self.folder.enrol(self.session)

    def seal(self, size: int = 1000, price: str = "9596000.00") -> SealedBid:
        files = self.home / f"{self.name}-files"
        files.mkdir(exist_ok=True)
        (files / "offer.bin").write_bytes(bytes(size))
        desk = self.session.get(f"/bidding/lots/{LOT}/")
        offer = Offer(price, 300, files, cover=None)
        path = self.home / f"{self.name}.age"
        return seal_bid(offer, desk, pen=self.folder.pen(), roots=self.folder.roots(), at=self.session.clock(), to=path)


@dataclass
class House:
    site: Site
    home: Path
    people: dict[str, Person] = field(default_factory=dict)

    def person(self, name: str) -> Person:
        if name not in self.people:
            self.people[name] = Person(self.site, name, self.home)
        return self.people[name]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    home = tmp_path_factory.mktemp("house")
    site = Site(home / "var")
    site.stage("cast")
    site.start()
    try:
        made = House(site, home)
        for name in ("agent", "centre", "regulator"):
            keeper = made.person(name)
            keeper.folder.make_custodian_key(plain=True)
            custodian.register_key(keeper.session, keeper.folder, TENDER)
        sealed = [
            custodian.sign_sheets(made.people[name].session, made.people[name].folder, TENDER) for name in made.people
        ]
        assert sealed[-1]["sealed"] == [LOT, f"{TENDER}-2", TENDER]
        site.stage("publish", "3600")
        yield made
        for person in made.people.values():
            person.session.close()
    finally:
        site.kill()


def test_a_bid_goes_in_and_its_receipt_and_proof_hold(house: House) -> None:
    bidder = house.person("bidder1")
    bid = bidder.seal()
    seen: list[tuple[int, int]] = []
    roots = bidder.folder.roots()
    checked = submitting.submit(bidder.session, bid, roots, progress=lambda done, size: seen.append((done, size)))
    assert (checked.kind, checked.entry.values["submission"]) == ("sealed", bid.submission)
    assert seen[-1] == (bid.size, bid.size)
    assert not submitting.fetch_proof(bidder.session, bid, checked, bidder.folder.log_key())
    house.site.stage("tick")
    assert submitting.fetch_proof(bidder.session, bid, checked, bidder.folder.log_key())
    again: dict[str, Any] = submitting.status(bidder.session, bid)
    assert submitting.check_own_receipt(again["receipt"], bid, roots).receipt == checked.receipt


def test_an_upload_goes_on_after_the_server_was_killed(house: House) -> None:
    bidder = house.person("bidder2")
    bid = bidder.seal(size=9_000_000)
    roots = bidder.folder.roots()

    def kill_half_way(done: int, _size: int) -> None:
        if done == 1 << 22 and house.site.process is not None:
            house.site.kill()
            house.site.start()

    submitting.upload(bidder.session, bid, progress=kill_half_way, chunk=1 << 21)
    state = submitting.status(bidder.session, bid)
    assert submitting.check_own_receipt(state["receipt"], bid, roots).kind == "sealed"


def received(person: Person) -> int:
    """How many of the person's bids were received."""
    rows = person.session.get(f"/bidding/lots/{LOT}/")["receipts"]
    return sum(row["kind"] == "sealed" for row in rows)


@pytest.mark.slow
@pytest.mark.parametrize("delay", [0.05, 0.15])
def test_a_kill_at_any_moment_costs_no_bid_and_makes_no_second(house: House, delay: float) -> None:
    bidder = house.person("bidder2")
    bid = bidder.seal(size=20_000_000)
    before = received(bidder)
    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(submitting.submit, bidder.session, bid, bidder.folder.roots())
        time.sleep(delay)
        house.site.kill()
        house.site.start()
        house.site.stage("tick")  # decides what was stamped and then left
        checked = sending.result(timeout=120)
    again = submitting.status(bidder.session, bid)
    assert submitting.check_own_receipt(again["receipt"], bid, bidder.folder.roots()).receipt == checked.receipt
    assert received(bidder) == before + 1


def cut_off(house: House, url: str, session: Session, data: bytes, length: int) -> None:
    """Send some bytes of a request of `length` bytes, and break the connection."""
    words = {
        **session.headers,
        "Host": f"127.0.0.1:{house.site.port}",
        "Tus-Resumable": "1.0.0",
        "Upload-Offset": "0",
        "Content-Type": "application/offset+octet-stream",
        "Content-Length": str(length),
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in words.items())
    with socket.create_connection(("127.0.0.1", house.site.port)) as line:
        line.sendall(f"PATCH {url.partition(house.site.url)[2]} HTTP/1.1\r\n{head}\r\n".encode() + data)
        time.sleep(1)


def test_what_came_before_a_broken_connection_is_kept(house: House) -> None:
    bidder = house.person("bidder2")
    bid = bidder.seal(size=3_000_000)
    client = TusClient(f"{house.site.url}/bidding/tus/", headers=bidder.session.headers)
    with bid.path.open("rb") as file:
        uploader = client.uploader(file_stream=file, metadata={"lot": LOT, "id": bid.submission})
        uploader.set_url(uploader.create_url())
        cut_off(house, str(uploader.url), bidder.session, bid.path.read_bytes()[:1_000_000], bid.size)
        end = time.monotonic() + 10
        while (kept := uploader.get_offset()) == 0 and time.monotonic() < end:
            time.sleep(0.2)
        assert 0 < kept <= 1_000_000
        uploader.offset = kept
        uploader.upload()
    assert submitting.status(bidder.session, bid)["state"] == "sealed"


def test_a_refusal_is_heard_and_signed(house: House) -> None:
    bidder = house.person("bidder3")
    bid = bidder.seal()
    bid.path.write_bytes(b"this is not sealed" + bid.path.read_bytes()[18:])
    with pytest.raises(ProblemError) as caught:
        submitting.deliver(bidder.session, bid, bidder.folder.roots())
    assert caught.value.codes == ["bidding.not_age"]
    assert json.loads(bid.path.with_suffix(".refusal.json").read_text())["kind"] == "refused"
    assert caught.value.receipt is not None
    assert caught.value.receipt["kind"] == "refused"


def test_a_file_that_was_damaged_since_its_sealing_does_not_leave_the_machine(house: House) -> None:
    bidder = house.person("bidder3")
    bid, seen = bidder.seal(), list[tuple[int, int]]()
    data = bid.path.read_bytes()
    for damaged in (data[:-1] + bytes([data[-1] ^ 1]), data[:-1], data + b"x"):
        bid.path.write_bytes(damaged)
        with pytest.raises(Refused) as caught:
            submitting.submit(bidder.session, bid, bidder.folder.roots(), progress=lambda *step: seen.append(step))
        assert caught.value.codes == ["client.changed_since_sealing"]
    with pytest.raises(ProblemError) as unknown:
        submitting.status(bidder.session, bid)
    assert (unknown.value.status, seen) == (404, [])


def test_a_receipt_for_other_bytes_is_kept_and_said(house: House) -> None:
    bidder = house.person("bidder3")
    bid = bidder.seal()
    data = bid.path.read_bytes()
    bid.path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))  # while it is being sent: after it was compared
    with pytest.raises(Refused) as caught:
        submitting.deliver(bidder.session, bid, bidder.folder.roots())
    kept = bid.path.with_suffix(".receipt.json")
    assert caught.value.codes == ["client.other_bytes_live"]
    assert str(kept) in str(caught.value)
    says = json.loads(kept.read_text())["says"]
    submitting.withdraw(bidder.session, LOT, says["number"], bidder.folder.roots())
    assert (says["submission"], says["digest"]) == (bid.submission, hashlib.sha256(bid.path.read_bytes()).hexdigest())


def test_withdrawal_gets_a_receipt(house: House) -> None:
    bidder = house.person("bidder4")
    bid = bidder.seal()
    checked = submitting.submit(bidder.session, bid, bidder.folder.roots())
    kept, roots = bidder.folder.path / "bids", bidder.folder.roots()
    gone = submitting.withdraw(bidder.session, LOT, checked.number, roots, kept=kept)
    assert gone.entry.values["withdraws"] == checked.number
    with pytest.raises(ProblemError) as caught:
        submitting.withdraw(bidder.session, LOT, checked.number, roots, kept=kept)
    assert caught.value.codes == ["bidding.not_live"]
    files = {path.name.split(".", 1)[1]: json.loads(path.read_text()) for path in kept.glob("withdrawal-*.json")}
    kinds = {ending: check_receipt(file, roots).kind for ending, file in files.items()}
    assert kinds == {"receipt.json": "withdrawn", "refusal.json": "not_withdrawn"}


def test_the_command_line_does_the_whole_way(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SUNLIGHT_PASSWORD", PASSWORD)
    (tmp_path / "offer").mkdir()
    (tmp_path / "offer" / "offer.txt").write_text("how we build it")
    site = ["--site", house.site.url, "--user", "bidder1", "--language", "en"]
    folder, bid = ["--folder", str(tmp_path / "keys"), "--plain"], str(tmp_path / "bid.age")
    offer = ["--files", str(tmp_path / "offer"), "--days", "300", "--out", bid]
    assert main(["enrol", *folder, *site]) == 0
    assert main(["seal", LOT, *folder, *site, *offer, "--price", "10000000.01"]) == 1
    assert "bidding.above_ceiling" in capsys.readouterr().err
    for price, code in (("10000000.01", "above_ceiling"), ("99999999999", "above_ceiling"), ("abc", "price")):
        assert main(["check", LOT, *folder, *site, *offer[:-2], "--price", price]) == 1
        assert f"bidding.{code}: " in capsys.readouterr().err
    assert main(["check", LOT, *folder, *site, *offer[:-2], "--price", "9000000.00"]) == 0
    capsys.readouterr()
    with pytest.raises(SystemExit) as usage:
        main(["check", LOT, *folder, *site, *offer])  # --out: a check writes nothing
    assert usage.value.code == 2
    assert main(["seal", LOT, *folder, *site, *offer, "--price", "9000000.00"]) == 0
    assert "any 2 of the agent, the centre, the regulator" in capsys.readouterr().out
    assert main(["submit", bid, *folder, *site]) == 0
    assert main(["status", bid, *folder, *site]) == 0
    house.site.stage("tick")
    capsys.readouterr()
    assert main(["proof", bid, *folder, *site]) == 0
    said = capsys.readouterr().out.splitlines()
    assert (said[0], said[1].startswith("a timestamp authority saw the signature at ")) == ("in the log", True)
    receipt, english = tmp_path / "bid.receipt.json", ["--language", "en"]
    assert main(["verify", str(receipt), *folder, *english]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert (lines[0].startswith(f"sealed  {LOT}  number "), lines[-2:]) == (True, said[:2])
    another = {**json.loads(receipt.read_text()), "timestamp": "MAAwAA=="}
    (tmp_path / "spoiled.json").write_text(json.dumps(another))
    assert main(["verify", str(tmp_path / "spoiled.json"), *folder, *english]) == 1
    assert "timestamp.malformed" in capsys.readouterr().err
    (tmp_path / "keys" / "timestamps.pem").unlink()
    assert main(["verify", str(receipt), *folder, *english]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("the timestamp was not checked")


def test_custodians_release_by_their_own_checks(house: House) -> None:
    for name in ("bidder3", "bidder4"):
        person = house.person(name)
        submitting.submit(person.session, person.seal(), person.folder.roots())
    agent = house.person("agent")
    with pytest.raises(ProblemError):
        custodian.release(agent.session, agent.folder, LOT)
    house.site.stage("publish", "-1")
    house.site.stage("tick", "4")
    firsts = {}
    for name in ("agent", "centre"):
        keeper = house.person(name)
        firsts[name] = custodian.release(keeper.session, keeper.folder, LOT)
        assert firsts[name]["count"] == 4
    again = custodian.release(agent.session, agent.folder, LOT)  # as after a dropped line
    assert again == firsts["agent"]


def settled(witness: Follower) -> None:
    """Wait until the site wants its newest checkpoint cosigned: that is ten seconds at most on a log that stands."""
    end = time.monotonic() + 30
    while time.monotonic() < end and witness.wanted() != witness.standing()["size"]:
        time.sleep(0.2)


def test_a_witness_that_follows_hands_in_whatever_moment_it_is_killed_at(house: House, tmp_path: Path) -> None:
    house.site.stage("tick", "2")
    agent = house.person("agent").session
    with relay(house.site.url) as passing:
        witness = Follower(tmp_path / "witness", str(agent.get("/bidding/trust")["log"]), passing)
        (tmp_path / "policy").write_text(witness.policy)
        house.site.kill()
        house.site.more["SUNLIGHT_WITNESS_POLICY"] = str(tmp_path / "policy")
        house.site.start()
        settled(witness)
        stranger = replace(witness, home=tmp_path / "stranger", number=8)
        status, said = stranger.look()
        assert (status, said.partition("; ")[0].rpartition("/")[2], said.rpartition(" ")[2]) == (
            1, "cosignatures: HTTP Error 422: Unprocessable Entity", "(ledger.no_witness)",
        )  # fmt: skip
        assert witness.look(killed_at="/log/cosignatures")[0] == -signal.SIGKILL
        first = witness.seen()
        assert (first > 0, witness.standing()["cosigned"]) == (True, None)
        assert witness.look()[0] == 0
        assert (witness.seen(), witness.standing()["cosigned"]) == (first, first)
        assert witness.look() == (0, "nothing new")
        house.person("bidder2").folder.enrol(house.person("bidder2").session)
        house.site.stage("tick", "2")
        settled(witness)
        assert witness.look(killed_at="/log/tile/")[0] == -signal.SIGKILL
        assert (witness.seen(), witness.standing()["cosigned"]) == (first, first)
        assert witness.look()[0] == 0
        found = witness.standing()
        assert (found["cosigned"], found["size"], witness.seen()) == (found["size"],) * 3
        assert found["size"] > first
