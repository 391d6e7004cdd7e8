"""Witnesses of our own log: asked over the net or handing in, counted by the policy, believed in nothing else."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from ledger import clock, note, tree, witness_rounds, witnessing
from ledger.act import act
from ledger.actor import THE_CLOCK, Role
from ledger.candidate import TOGETHER
from ledger.canon import tag_of
from ledger.errors import Broken, Refused
from ledger.events import WitnessesNamed, event, read_entry
from ledger.models import Cosignature, EntryRow
from ledger.rights import ACTS, Act, roles
from ledger.sequencer import log_key
from ledger.witness import posting
from ledger.witness.asking import Question
from ledger.witness.cosignature import Witness, cosign
from ledger.witness.posting import Answer
from tests.ledger.witness.makers import clerk, key, public
from tests.ledger.witness.test_main import desk
from tests.world import World

REGULATOR, BIDDERS = Witness("regulator.example", public(7)), Witness("bidders.example", public(8))


@event("tests:page:turned")
class PageTurned:
    """Something for the log to hold."""

    number: int


def turn_page(world: World, number: int = 1) -> EntryRow:
    """An entry with its place, under a checkpoint."""
    ACTS["tests:page:turn"] = Act("tests:page:turn", roles(Role.CLOCK))
    with act("tests:page:turn", THE_CLOCK, on=None) as this:
        row = this.record(PageTurned(number))
    world.sequence()
    return EntryRow.objects.select_related("place").get(pk=row.pk)


@pytest.fixture
def policy(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    """The regulator and the bidders' body must both cosign; neither can be asked."""
    path = tmp_path / "witnesses"
    path.write_text(
        f"log {witnessing.log_verifier_key()}\nwitness regulator {REGULATOR.verifier_key}\n"
        f"witness bidders {BIDDERS.verifier_key}\ngroup both all regulator bidders\nquorum both\n"
    )
    settings.SUNLIGHT_WITNESS_POLICY = str(path)
    witnessing._read.cache_clear()
    yield path
    witnessing._read.cache_clear()


def newest() -> note.Checkpoint:
    """What the log signed last."""
    last = tree.latest_checkpoint()
    assert last is not None
    return note.text_of(bytes(last.note))


def line_of(who: int, name: str, at: int | None = None, point: note.Checkpoint | None = None) -> str:
    """A cosignature line of now, without line feed."""
    return cosign(point or newest(), name, key(who), int(time.time()) if at is None else at).rstrip("\n")


def test_without_a_policy_there_is_no_witness(world: World, client: Client) -> None:
    row = turn_page(world)
    assert witnessing.quorum() is None
    assert witnessing.prove(row, world.clock.now()) == tree.prove(row)
    assert witnessing.check_policy() == []
    assert "暂无见证方" in client.get("/log/witnesses").content.decode()


@pytest.mark.usefixtures("policy")
def test_the_quorum_is_the_policys(world: World, client: Client) -> None:
    row, since = turn_page(world), world.clock.now()
    witnessing.take(newest(), line_of(7, "regulator.example"))
    assert (witnessing.quorum(), witnessing.prove(row, since)) == (None, None)
    witnessing.take(newest(), line_of(8, "bidders.example"))
    proof = witnessing.prove(row, since)
    assert proof is not None
    assert [line.split()[1] for line in note.signature_lines(proof.checkpoint)] == [
        newest().origin, "bidders.example", "regulator.example",
    ]  # fmt: skip
    assert note.read(proof.checkpoint, note.raw_public(log_key().public_key())) == newest()
    assert client.get("/log/checkpoint").content == proof.checkpoint
    assert client.get("/log/witnesses", headers={"accept": "application/json"}).json()["cosigned"] == newest().size
    assert "regulator" in client.get("/log/witnesses").content.decode()


@pytest.mark.usefixtures("policy")
def test_a_quorum_from_before_does_not_count_after(world: World) -> None:
    row = turn_page(world)
    for who, name in ((7, "regulator.example"), (8, "bidders.example")):
        witnessing.take(newest(), line_of(who, name))
    before = world.clock.now()
    assert witnessing.prove(row, before) is not None
    assert witnessing.prove(row, before.replace(year=before.year + 1)) is None
    later = turn_page(world, 2)
    assert witnessing.prove(later, before) is None


@pytest.mark.usefixtures("policy")
def test_a_line_is_handed_in_over_http_once_or_twice(world: World, client: Client) -> None:
    turn_page(world)
    body = f"{newest().text()}\n{line_of(7, 'regulator.example')}\n"
    for _again in range(2):
        assert client.post("/log/cosignatures", body, content_type="text/plain").status_code == 204
    assert [(row.size, row.witness) for row in Cosignature.objects.all()] == [(newest().size, "regulator")]


@pytest.mark.usefixtures("policy")
@pytest.mark.parametrize(
    ("case", "code"),
    [
        ("nothing", "ledger.not_ours"), ("other root", "ledger.not_ours"), ("other size", "ledger.not_ours"),
        ("stranger", "ledger.no_witness"), ("borrowed name", "ledger.no_witness"), ("log's own", "ledger.no_witness"),
        ("yesterday", "ledger.witness_clock"), ("tomorrow", "ledger.witness_clock"),
        ("end of time", "ledger.no_witness"), ("no line", "ledger.no_line"), ("nothing beneath", "ledger.no_line"),
    ],
)  # fmt: skip
def test_nothing_else_is_taken(world: World, client: Client, case: str, code: str) -> None:
    turn_page(world)
    now, point = int(time.time()), newest()
    other = note.Checkpoint(point.origin, point.size, bytes(32))
    longer = note.Checkpoint(point.origin, point.size + 1, point.root)
    bodies = {
        "nothing": "",
        "other root": f"{other.text()}\n{line_of(7, 'regulator.example', point=other)}\n",
        "other size": f"{longer.text()}\n{line_of(7, 'regulator.example', point=longer)}\n",
        "stranger": f"{point.text()}\n{line_of(9, 'stranger.example')}\n",
        "borrowed name": f"{point.text()}\n{line_of(9, 'regulator.example')}\n",
        "log's own": note.sign(point, log_key()).decode(),
        "yesterday": f"{point.text()}\n{line_of(7, 'regulator.example', now - 86_400)}\n",
        "tomorrow": f"{point.text()}\n{line_of(7, 'regulator.example', now + 86_400)}\n",
        "no line": point.text(),
        "nothing beneath": f"{point.text()}\n",
        "end of time": f"{point.text()}\n{line_of(7, 'regulator.example', 2**63 - 1)}\n",
    }
    answer = client.post(
        "/log/cosignatures", bodies[case], content_type="text/plain", headers={"accept": "application/json"}
    )
    assert [reason["code"] for reason in answer.json()["reasons"]] == [code]
    assert not Cosignature.objects.exists()


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is ten seconds later: every checkpoint is one that witnesses are asked about."""
    monkeypatch.setattr("ledger.clock.real_now", lambda: datetime.now(UTC) + TOGETHER)


@pytest.mark.usefixtures("later")
def test_a_witness_is_asked_over_the_net_and_remembers_for_both(
    world: World, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.ledger.witness.test_main.LOG", ["--log", witnessing.log_verifier_key()])
    with desk(tmp_path / "witness") as (_process, who, address):
        path = tmp_path / "policy"
        path.write_text(f"log {witnessing.log_verifier_key()}\nwitness w {who.verifier_key} {address}\nquorum w\n")
        settings.SUNLIGHT_WITNESS_POLICY = str(path)
        witnessing._read.cache_clear()
        prefix = address.removesuffix("/add-checkpoint")
        for number in (1, 2, 3):
            turn_page(world, number)
            made = witnessing.ask("w", prefix)
            assert made is not None
            assert (made.size, made.witness) == (newest().size, "w")
            assert witnessing.ask("w", prefix) is None
        monkeypatch.setattr(witnessing, "_last_size", lambda _name: 1)  # as if our rows had been lost
        turn_page(world, 4)
        again = witnessing.ask("w", prefix)
        assert again is not None
        assert again.size == newest().size
    witnessing._read.cache_clear()
    with pytest.raises(Broken, match="does not answer"):
        witnessing.ask("w", prefix)


@pytest.mark.usefixtures("later")
def test_a_log_that_fell_behind_its_witness_is_told(
    world: World, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn_page(world)
    ahead = note.Checkpoint(settings.LOG_ORIGIN, newest().size + 5, bytes(32))
    witness = clerk(tmp_path)
    witness._keeper.keep(ahead)
    told = Answer(409, f"{witness.seen(ahead.origin).size}\n")
    monkeypatch.setattr(witnessing, "post", lambda *_asked: told)
    with pytest.raises(Broken, match="fell behind"):
        witnessing.ask("w", "http://witness.example")


def test_a_witness_that_is_ahead_of_the_candidate_is_waited_for(
    world: World, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It cosigned the newest state on its own; it is not asked to go back, and nothing is said to be wrong."""
    monkeypatch.setattr("tests.ledger.witness.test_main.LOG", ["--log", witnessing.log_verifier_key()])
    with desk(tmp_path / "witness") as (_process, who, address):
        path = tmp_path / "policy"
        path.write_text(f"log {witnessing.log_verifier_key()}\nwitness w {who.verifier_key} {address}\nquorum w\n")
        settings.SUNLIGHT_WITNESS_POLICY = str(path)
        witnessing._read.cache_clear()
        prefix = address.removesuffix("/add-checkpoint")
        for number in (1, 2):
            turn_page(world, number)
        last = tree.latest_checkpoint()
        assert last is not None
        assert posting.post(prefix, Question(0, (), bytes(last.note))).status == 200  # its line reached us never
        monkeypatch.setattr(clock, "real_now", lambda: last.signed_at)
        assert witnessing.ask("w", prefix) is None
        monkeypatch.setattr(clock, "real_now", lambda: last.signed_at + TOGETHER)
        made = witnessing.ask("w", prefix)
        assert made is not None
        assert made.size == last.size
    witnessing._read.cache_clear()


def test_the_policy_is_in_the_log_once_for_each_change(world: World, policy: Path) -> None:
    assert [witness_rounds.name_witnesses(), witness_rounds.name_witnesses()] == [1, 0]
    policy.write_text(policy.read_text() + "# reviewed\n")
    assert [witness_rounds.name_witnesses(), witness_rounds.name_witnesses()] == [1, 0]
    rows = EntryRow.objects.filter(tag=tag_of(WitnessesNamed)).order_by("pk")
    assert [read_entry(bytes(row.leaf)).values["policy"].endswith("# reviewed\n") for row in rows] == [False, True]


def test_a_policy_that_cannot_stand_stops_the_start(settings: Settings, tmp_path: Path) -> None:
    for text in ("quorum nobody\n", "quorum none\n"):
        path = tmp_path / str(len(text))
        path.write_text(text)
        settings.SUNLIGHT_WITNESS_POLICY = str(path)
        assert [error.id for error in witnessing.check_policy()] == ["ledger.E004"]
    settings.SUNLIGHT_WITNESS_POLICY = str(tmp_path / "missing")
    assert [error.id for error in witnessing.check_policy()] == ["ledger.E004"]


def test_times_of_witnesses_are_the_machines(policy: Path, world: World) -> None:
    turn_page(world)
    made = witnessing.take(newest(), line_of(7, "regulator.example"))
    assert abs((made.at - clock.real_now()).total_seconds()) < 60
    assert made.taken_at == world.clock.now()
    assert policy.exists()
    with pytest.raises(Refused):
        witnessing.take(newest(), "")
