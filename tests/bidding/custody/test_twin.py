"""The custodian's twins against each other: keys, what is signed, and what is given, in Python and in the page."""

from __future__ import annotations

import base64
import copy
import shutil
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bidding.client import rehearsing
from bidding.client.keys import KeyFolder
from bidding.custody import rehearsal
from bidding.custody.facts import custody_facts, rehearsal_facts
from bidding.custody.key_statement import key_record
from bidding.custody.rehearsing import hold
from bidding.envelope.identity import read_identities, write_identity
from bidding.envelope.x25519 import new_identity
from bidding.opening.giving import Batch
from bidding.opening.headers import header_facts
from ledger.errors import Refused
from ledger.note import raw_public, verifier_key
from ledger.sequencer import log_key
from tests.bidding.custody.officers import Officers
from tests.bidding.envelope.test_twin import PASSPHRASE, ask, b64, key_pem
from tests.bidding.full_hall import Hall
from tests.bidding.opening import test_giving
from tests.bidding.scenes import Scene
from tests.world import World
from trading import authority
from trading.stages import Stage

LIGHT = 10  # scrypt's work in tests that are about something else


def test_a_key_made_in_the_page_is_one_for_python_and_for_age(tmp_path: Path) -> None:
    made = ask("make_identity", passphrase=PASSPHRASE)
    (tmp_path / "custodian.key").write_text(made["file"])
    identity = KeyFolder(tmp_path, lambda: PASSPHRASE).custodian_key()

    assert str(identity.recipient) == made["recipient"]
    stanza = base64.b64decode("".join(made["file"].splitlines()[1:-1])).split(b"\n")[1].split(b" ")
    assert (stanza[1], stanza[-1]) == (b"scrypt", b"18"), "256 MiB for each guess"
    assert "AGE-SECRET-KEY" not in made["file"]


@pytest.mark.skipif(shutil.which("age") is None, reason="needs the age tool")
def test_the_age_tool_decrypts_with_a_key_made_in_the_page(tmp_path: Path) -> None:
    made = ask("make_identity", passphrase=PASSPHRASE, work=LIGHT)
    plain = read_identities(made["file"].encode(), lambda: PASSPHRASE)[0]
    (tmp_path / "key").write_text(plain.secret_text() + "\n")
    sealed = subprocess.run(
        ["age", "-r", made["recipient"]], input=b"to the custodian", capture_output=True, check=True, cwd=tmp_path
    )
    opened = subprocess.run(
        ["age", "-d", "-i", "key"], input=sealed.stdout, capture_output=True, check=True, cwd=tmp_path
    )
    assert opened.stdout == b"to the custodian"


def test_a_short_passphrase_is_refused() -> None:
    assert ask("make_identity", passphrase="eleven char", work=LIGHT) == {"refused": ["bidding.passphrase_short"]}
    assert "file" in ask("make_identity", passphrase="twelve chars", work=LIGHT)


def test_the_page_opens_what_python_wrote() -> None:
    identity = new_identity()
    locked = b64(write_identity(identity, PASSPHRASE))
    binary = b64(write_identity(identity, PASSPHRASE, armored=False))
    plain = b64(f"# public key: {identity.recipient}\n{identity.secret_text()}\n".encode())

    for data in (locked, binary, plain):
        assert ask("open_identity", data=data, passphrase=PASSPHRASE) == {"secret": b64(identity.private)}
    assert ask("open_identity", data=locked, passphrase="another") == {"refused": ["bidding.passphrase_wrong"]}
    assert ask("open_identity", data=locked, passphrase="") == {"refused": ["bidding.passphrase_missing"]}
    for nothing in (b"", b"# nothing\n", b"AGE-SECRET-KEY-1QQ\n", bytes(range(256))):
        assert ask("open_identity", data=b64(nothing), passphrase="") == {"refused": ["bidding.key_file"]}


def test_what_is_signed_for_a_key_is_the_same_bytes() -> None:
    key = new_identity().recipient.key
    facts = {"tender": "sl-2026-001", "round": 1, "label": "a1", "holder": "91460000X"}
    expected = key_record("sl-2026-001", 1, "a1", "91460000X", key)

    assert ask("key_record", **facts, key=b64(key)) == {"record": b64(expected)}
    assert ask("key_record", **facts, key=b64(bytes(32))) == {"refused": ["bidding.low_order"]}
    assert ask("key_record", **facts, key=b64(b"\xff" * 32)) == {"refused": ["bidding.point"]}


@pytest.fixture
def stage(world: World) -> Hall:
    made = Hall(world)
    for number in (1, 2, 3):
        made.submit(number)
    made.count()
    return made


def by_page(stage: Hall, facts: dict[str, Any], **change: object) -> dict[str, Any]:
    """What custodian c gives by the page, told `facts` by the site."""
    question: dict[str, object] = {
        "facts": facts,
        "signed": header_facts(stage.lot)["sheet"],
        "secret": b64(stage.keys["c"].private),
        "now": int(stage.world.clock.now().timestamp() * 1000),
        "log": verifier_key("sunlight.test", raw_public(log_key().public_key())),
    }
    return ask("give_shares", **(question | change))


def as_said(batch: Batch) -> dict[str, Any]:
    shares = {number: share and b64(share) for number, share in batch.shares.items()}
    return {"leaf": batch.leaf, "shares": shares, "statement": b64(batch.statement)}


def by_python(stage: Hall, facts: dict[str, Any], **change: Any) -> dict[str, Any]:
    try:
        return as_said(test_giving.given(stage, facts, **change))
    except Refused as refusal:
        return {"refused": refusal.codes}


def test_both_give_the_same_batch(stage: Hall) -> None:
    facts = header_facts(stage.lot)
    assert by_page(stage, facts) == by_python(stage, facts)
    assert by_page(stage, facts)["shares"] == {number: b64(share or b"") for number, share in stage.shares("c").items()}


SPOILS: tuple[Callable[[dict[str, Any]], None], ...] = (
    test_giving.swap_headers,
    test_giving.drop_one,
    test_giving.repeat_one,
    test_giving.other_index,
    test_giving.other_leaf,
    test_giving.other_checkpoint,
    test_giving.more_asked,
    test_giving.no_base64,
    test_giving.other_sheet,
)


def test_both_refuse_a_site_that_shows_something_else_for_the_same_reason(stage: Hall) -> None:
    for spoil in SPOILS:
        facts = copy.deepcopy(header_facts(stage.lot))
        spoil(facts)
        found = by_page(stage, facts)
        assert found == by_python(stage, facts), spoil.__name__
        assert set(found) == {"refused"}, spoil.__name__


def test_both_wait_for_the_witnesses_of_their_policy(stage: Hall) -> None:
    assert stage.lot.deadline is not None
    facts, end = header_facts(stage.lot), int(stage.lot.deadline.timestamp())
    found = {}
    for name, shown in {
        "nobody": facts,
        "one": test_giving.cosigned(facts, end),
        "one early": test_giving.cosigned(facts, end, end - 1),
        "both": test_giving.cosigned(facts, end, end + 9),
    }.items():
        by_both = by_page(stage, shown, witnesses=test_giving.BOTH_TEXT)
        assert by_both == by_python(stage, shown, witnesses=test_giving.BOTH), name
        found[name] = by_both.get("refused", [])
    unwitnessed = ["bidding.closing_unwitnessed"]
    assert found == {"nobody": unwitnessed, "one": unwitnessed, "one early": unwitnessed, "both": []}
    assert by_page(stage, facts, witnesses="quorum nobody") == {"refused": ["bidding.witness_policy"]}


def test_the_page_gives_nothing_before_the_deadline_nor_to_another_log_nor_for_another_key(stage: Hall) -> None:
    facts = header_facts(stage.lot)
    early = stage.world.clock.now() - timedelta(milliseconds=1)
    other = verifier_key("sunlight.test", bytes(32))
    stranger = new_identity()

    assert by_page(stage, facts, now=int(early.timestamp() * 1000)) == {"refused": ["bidding.before_deadline"]}
    assert by_page(stage, facts, log=other) == {"refused": ["bidding.closing_not_proved"]}
    assert by_page(stage, facts, secret=b64(stranger.private)) == {"refused": ["bidding.not_on_sheet"]}


@pytest.mark.parametrize("policy", ["2(a,c,r)", "2(b,2(a,c,r))", "2(1(a1,a2),1(c1,c2),r)"])
def test_a_rehearsal_sealed_and_given_in_the_page_opens_for_every_set(scene: Scene, policy: str) -> None:
    officers = Officers(scene, policy)
    scene.world.lot(Stage.DRAFT)
    officers.choose()
    for label in officers.labels:
        officers.register(label)
    officers.sign()
    agent, at = scene.world.agent, scene.world.clock.now()
    [shown] = [one for one in custody_facts(officers.tender, agent.actor)["sheets"] if one["rehearsal"]]
    named = {"name": "the agent", "roots": authority.roots_pem(), "at": at.isoformat(), "passphrase": ""}
    made = ask("seal_rehearsal", facts=shown, keys=key_pem(scene.pen(agent)), **named)
    own = base64.b64decode(made.get("own_share", ""))
    rehearsal.seal_rehearsal(officers.tender, base64.b64decode(made["envelope"]), own, actor=agent.actor)
    for label in officers.labels:
        facts, account = rehearsal_facts(officers.tender), officers.account(label)
        secret = b64(officers.keys[label].private)
        given = ask("give_rehearsal", facts=facts, signed=facts["sheet"], secret=secret)
        by_client = rehearsing.give(facts, base64.b64decode(facts["sheet"]), officers.keys[label].private)
        assert given["statement"] == b64(by_client.statement)
        share, signature = base64.b64decode(*given["shares"].values()), scene.pen(account).sign(by_client.statement)
        rehearsal.give_share(officers.tender, given["leaf"], share, signature, actor=account.actor)
    scene.world.sequence()
    assert hold(officers.tender) == 1
    assert rehearsal_facts(officers.tender)["state"] == "opened"


def test_the_page_seals_no_rehearsal_for_a_sheet_in_doubt_and_gives_none_for_a_lot(scene: Scene) -> None:
    officers = Officers(scene)
    lot = scene.world.lot(Stage.DRAFT)
    officers.choose()
    for label in officers.labels:
        officers.register(label)
    officers.sign("a", "c")
    agent = scene.world.agent
    named = {"roots": authority.roots_pem(), "at": scene.world.clock.now().isoformat(), "passphrase": ""}
    sheets = {one["lot"]: one for one in custody_facts(officers.tender, agent.actor)["sheets"]}

    def sealed(code: str) -> dict[str, Any]:
        return ask("seal_rehearsal", facts=sheets[code], keys=key_pem(scene.pen(agent)), name="x", **named)

    assert sealed(officers.tender.code) == {"refused": ["bidding.sheet_unsigned"]}
    officers.sign("r")
    sheets = {one["lot"]: one for one in custody_facts(officers.tender, agent.actor)["sheets"]}
    assert sealed(lot.code) == {"refused": ["bidding.other_sheet"]}
    officers.seal()
    facts = rehearsal_facts(officers.tender)
    for_lot = facts | {"sheet": sheets[lot.code]["sheet"]}
    secret = b64(officers.keys["c"].private)
    answer = ask("give_rehearsal", facts=for_lot, signed=for_lot["sheet"], secret=secret)
    assert answer == {"refused": ["bidding.other_sheet_shown"]}


def test_the_page_signs_what_the_client_signs(scene: Scene) -> None:
    officers = Officers(scene, "2(1(a1,a2),1(c1,c2),r)")
    lot = scene.world.lot(Stage.DRAFT)
    officers.choose()
    for label in officers.labels:
        officers.register(label)
    second = officers.account("c2")
    facts = custody_facts(officers.tender, second.actor)
    question = {"keys": key_pem(scene.pen(second)), "passphrase": "", "key": b64(officers.keys["c2"].recipient.key)}
    asked = {name: facts[name] for name in ("tender", "round", "policy", "label", "sheets")}

    assert ask("check_sheets", facts=asked, **question) == {"lots": [lot.code, officers.tender.code]}
    refused = {"refused": ["bidding.sheet_not_mine"]}
    assert ask("check_sheets", facts=asked | {"label": "c1"}, **question) == refused
    assert ask("check_sheets", facts=asked | {"policy": "2(a,c,r)"}, **question) == refused
    assert ask("check_sheets", facts=asked, **(question | {"key": b64(officers.keys["c1"].recipient.key)})) == refused
