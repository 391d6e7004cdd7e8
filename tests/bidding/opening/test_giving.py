"""A custodian's client decrypts nothing on a doubt."""

from __future__ import annotations

import base64
import copy
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from bidding.opening.counted import UNWITNESSED, closing_blockers
from bidding.opening.giving import Batch, give
from bidding.opening.headers import header_facts
from bidding.submission import count
from ledger import note, tree, witnessing
from ledger.errors import Refused
from ledger.note import raw_public
from ledger.sequencer import log_key
from ledger.witness.cosignature import Witness, cosign
from ledger.witness.policy import parse_policy
from tests.bidding.full_hall import Hall
from tests.ledger.witness.makers import key, public
from tests.world import World


@pytest.fixture
def stage(world: World) -> Hall:
    made = Hall(world)
    for number in (1, 2, 3):
        made.submit(number)
    made.count()
    return made


def given(stage: Hall, facts: dict[str, Any], **change: Any) -> Batch:
    """What custodian c gives, told `facts` by the site."""
    signed = base64.b64decode(header_facts(stage.lot)["sheet"])
    named = {"now": stage.world.clock.now(), "log_key": raw_public(log_key().public_key()), **change}
    private = named.pop("private", stage.keys["c"].private)
    return give(facts, named.pop("signed", signed), private, **named)


def test_an_honest_site_gets_every_share(stage: Hall) -> None:
    assert header_facts(stage.lot)["closing"]["listed"] == ""
    batch = given(stage, header_facts(stage.lot))
    assert (batch.leaf, batch.shares) == ("c", stage.shares("c"))
    body = batch.body(b"signed")
    assert body["signature"] == base64.b64encode(b"signed").decode()


def swap_headers(facts: dict[str, Any]) -> None:
    first, second = facts["envelopes"][:2]
    for name in ("header", "submission", "size"):
        first[name], second[name] = second[name], first[name]


def drop_one(facts: dict[str, Any]) -> None:
    facts["envelopes"].pop()


def repeat_one(facts: dict[str, Any]) -> None:
    facts["envelopes"].append(facts["envelopes"][0])


def other_index(facts: dict[str, Any]) -> None:
    facts["closing"]["index"] -= 1


def other_leaf(facts: dict[str, Any]) -> None:
    leaf = bytearray(base64.b64decode(facts["closing"]["leaf"]))
    leaf[-1] ^= 1
    facts["closing"]["leaf"] = base64.b64encode(leaf).decode()


def other_checkpoint(facts: dict[str, Any]) -> None:
    facts["closing"]["checkpoint"] = facts["closing"]["checkpoint"].replace("\n\n", "\n\n", 1)[:-8] + "AAAA==\n"


def more_asked(facts: dict[str, Any]) -> None:
    facts["least"] = 4


def no_base64(facts: dict[str, Any]) -> None:
    facts["envelopes"][0]["header"] = "*"


def other_sheet(facts: dict[str, Any]) -> None:
    facts["sheet"] = base64.b64encode(b"another").decode()


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (swap_headers, "bidding.other_headers"),
        (drop_one, "bidding.other_headers"),
        (repeat_one, "bidding.other_headers"),
        (other_index, "bidding.closing_not_proved"),
        (other_leaf, "bidding.closing_not_proved"),
        (other_checkpoint, "bidding.closing_not_proved"),
        (more_asked, "bidding.below_minimum"),
        (no_base64, "bidding.headers_form"),
        (other_sheet, "bidding.other_sheet_shown"),
    ],
)
def test_a_site_that_shows_something_else_gets_nothing(
    stage: Hall, spoil: Callable[[dict[str, Any]], None], code: str
) -> None:
    facts = copy.deepcopy(header_facts(stage.lot))
    spoil(facts)
    with pytest.raises(Refused) as refusal:
        given(stage, facts)
    assert refusal.value.codes == [code]


def test_before_the_deadline_by_the_own_clock_nothing_is_given(stage: Hall) -> None:
    early = stage.world.clock.now() - timedelta(microseconds=1)
    with pytest.raises(Refused) as refusal:
        given(stage, header_facts(stage.lot), now=early)
    assert refusal.value.codes == ["bidding.before_deadline"]


def test_a_key_that_is_not_on_the_sheet_gives_nothing(stage: Hall) -> None:
    with pytest.raises(Refused) as refusal:
        given(stage, header_facts(stage.lot), private=bytes(range(32)))
    assert refusal.value.codes == ["bidding.not_on_sheet"]


def test_another_log_key_is_not_believed(stage: Hall) -> None:
    with pytest.raises(Refused) as refusal:
        given(stage, header_facts(stage.lot), log_key=bytes(32))
    assert refusal.value.codes == ["bidding.closing_not_proved"]


def test_a_long_count_is_given_by_its_list(monkeypatch: pytest.MonkeyPatch, world: World) -> None:
    monkeypatch.setattr(count, "INLINE", 2)
    longer = Hall(world)
    for number in (1, 2, 3):
        longer.submit(number)
    longer.count()
    facts = header_facts(longer.lot)
    assert given(longer, facts).shares == longer.shares("c")
    for wrong in ("", base64.b64encode(b"x").decode(), "AAAA" + facts["closing"]["listed"]):
        other = copy.deepcopy(facts)
        other["closing"]["listed"] = wrong
        with pytest.raises(Refused) as caught:
            given(longer, other)
        assert caught.value.codes == ["bidding.other_closing"]


WITNESSES = {"regulator.example": 7, "bidders.example": 8}
POLICY = "".join(f"witness {n[:4]} {Witness(n, public(k)).verifier_key}\n" for n, k in WITNESSES.items())
BOTH_TEXT = POLICY + "group both all regu bidd\nquorum both\n"
BOTH = parse_policy(BOTH_TEXT)


def cosigned(facts: dict[str, Any], *times: int) -> dict[str, Any]:
    """The facts with a cosignature of each witness at one of these times beneath the checkpoint."""
    point = note.text_of(facts["closing"]["checkpoint"].encode())
    lines = "".join(cosign(point, name, key(WITNESSES[name]), at) for name, at in zip(WITNESSES, times, strict=False))
    return {**facts, "closing": {**facts["closing"], "checkpoint": facts["closing"]["checkpoint"] + lines}}


def test_a_custodian_with_a_policy_waits_for_witnesses_from_after_the_deadline(stage: Hall) -> None:
    assert stage.lot.deadline is not None
    facts, end = header_facts(stage.lot), int(stage.lot.deadline.timestamp())
    for short in (facts, cosigned(facts, end), cosigned(facts, end, end - 1)):
        with pytest.raises(Refused) as caught:
            given(stage, short, witnesses=BOTH)
        assert caught.value.codes == ["bidding.closing_unwitnessed"]
    assert given(stage, cosigned(facts, end, end + 9), witnesses=BOTH).shares == stage.shares("c")


def test_the_site_opens_nothing_before_its_witnesses_have_cosigned(
    stage: Hall, settings: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "witnesses"
    path.write_text(f"log {witnessing.log_verifier_key()}\n{POLICY}group both all regu bidd\nquorum both\n")
    settings.SUNLIGHT_WITNESS_POLICY = str(path)
    assert closing_blockers(stage.lot) == [UNWITNESSED]
    with pytest.raises(Refused) as caught:
        header_facts(stage.lot)
    assert caught.value.codes == ["bidding.closing_unwitnessed"]
    last = tree.latest_checkpoint()
    assert last is not None
    point = note.text_of(bytes(last.note))
    for name, number in WITNESSES.items():
        assert closing_blockers(stage.lot) == [UNWITNESSED]
        witnessing.take(point, cosign(point, name, key(number), int(time.time())).rstrip("\n"))
    assert closing_blockers(stage.lot) == []
    assert len(note.signature_lines(header_facts(stage.lot)["closing"]["checkpoint"].encode())) == 3
