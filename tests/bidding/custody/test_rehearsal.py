"""The rehearsal: a dummy bid opens for every smallest set of custodians before there is a notice (P13)."""

from __future__ import annotations

import hashlib
from base64 import b64decode
from datetime import timedelta
from itertools import chain

import pytest
from django.utils import translation

from bidding.client import rehearsing
from bidding.custody import rehearsal
from bidding.custody.facts import rehearsal_facts
from bidding.custody.rehearsing import MOST, hold, rehearsals_due, sets_to_open
from bidding.desk import keys_to_register
from bidding.envelope import stanza
from bidding.envelope.header import make_header, parse_header
from bidding.envelope.policy import parse_policy
from bidding.envelope.sheet import leaf_keys, policy_of, read_sheet, sheet_digest
from bidding.envelope.x25519 import new_identity
from bidding.models import Rehearsal, RehearsalShare
from bidding.opening.statement import Piece, make_statement
from ledger.canon import encode
from ledger.errors import Refused
from ledger.events import read_entry
from ledger.models import EntryRow
from tests.bidding.custody.officers import Officers
from tests.bidding.scenes import Scene
from trading.publishing import publication_blockers
from trading.stages import Stage

SEVEN = "2(1(a1,a2,a3),1(c1,c2,c3),1(r1,r2))"  # 9 + 6 + 6 = 21 smallest sets


def ready(scene: Scene, policy: str = "2(a,c,r)") -> Officers:
    officers = Officers(scene, policy)
    scene.world.lot(Stage.DRAFT)
    officers.choose()
    for label in officers.labels:
        officers.register(label)
    officers.sign()
    return officers


def lacks(officers: Officers) -> set[str]:
    now = officers.scene.world.clock.now()
    found = {one.code for one in publication_blockers(officers.tender, now + timedelta(days=22), now)}
    return found & {"trading.no_rehearsal", "trading.no_custody_sheet"}


def opened_sets(officers: Officers) -> list[tuple[str, ...]]:
    entry = EntryRow.objects.get(tag="bidding:rehearsal:opened", scope=officers.tender.code)
    return [one.leaves for one in read_entry(bytes(entry.leaf)).values["sets"]]


@pytest.mark.parametrize(
    ("policy", "sets"),
    [
        ("2(a,c,r)", [("a", "c"), ("a", "r"), ("c", "r")]),
        ("2(b,2(a,c,r))", [("b", "a", "c"), ("b", "a", "r"), ("b", "c", "r")]),
        ("2(1(a1,a2),c)", [("a1", "c"), ("a2", "c")]),
        ("3(b,a,c,r)", [("b", "a", "c"), ("b", "a", "r"), ("b", "c", "r"), ("a", "c", "r")]),
    ],
)
def test_it_opens_for_every_smallest_set_and_the_notice_may_come(
    scene: Scene, policy: str, sets: list[tuple[str, ...]]
) -> None:
    officers = ready(scene, policy)
    assert lacks(officers) == {"trading.no_rehearsal"}
    assert officers.rehearse() == 1
    assert opened_sets(officers) == sets
    assert lacks(officers) == set()
    assert rehearsals_due() == 0
    row = Rehearsal.objects.get()
    assert (row.state, [tuple(one) for one in row.sets]) == ("opened", sets)


def test_it_waits_for_every_custodian_and_for_the_log(scene: Scene) -> None:
    officers = ready(scene)
    officers.seal()
    for label in ("a", "c"):
        officers.give(label)
    scene.world.sequence()
    assert rehearsals_due() == 0
    officers.give("r")
    assert rehearsals_due() == 0  # the last share has no place in the log yet
    scene.world.sequence()
    assert rehearsals_due() == 1
    assert lacks(officers) == set()


def test_more_than_twenty_sets_are_drawn_at_random(scene: Scene) -> None:
    policy = parse_policy(SEVEN)
    everything = set(policy.smallest)
    assert len(everything) == 21
    drawn = [sets_to_open(policy) for _time in range(6)]
    assert all(len(one) == MOST and set(one) <= everything for one in drawn)
    assert len({frozenset(one) for one in drawn}) > 1
    officers = ready(scene, SEVEN)
    assert officers.rehearse() == 1
    assert len(opened_sets(officers)) == MOST


def test_shares_stay_out_of_the_log_and_lie_encrypted(scene: Scene) -> None:
    officers = ready(scene, "2(b,2(a,c,r))")
    made = officers.seal()
    facts = rehearsal_facts(officers.tender)
    signed = b64decode(facts["sheet"])
    shares = [rehearsing.give(facts, signed, key.private).share for key in officers.keys.values()]
    for label in officers.labels:
        officers.give(label)
    stored = [bytes(row.leaf) for row in EntryRow.objects.all()]
    stored += [bytes(one) for row in RehearsalShare.objects.all() for one in (row.batch, row.statement)]
    stored += [bytes(row.own_share) for row in Rehearsal.objects.all()]
    for secret in chain(shares, [made.own_share]):
        assert not any(secret in data for data in stored)


def test_another_key_or_policy_undoes_it(scene: Scene) -> None:
    officers = ready(scene)
    officers.rehearse()
    officers.register("c")
    assert lacks(officers) == {"trading.no_custody_sheet", "trading.no_rehearsal"}
    with pytest.raises(Refused) as refused:
        rehearsal.give_share(officers.tender, "a", bytes(16), b"", actor=scene.world.agent.actor)
    assert refused.value.codes == ["bidding.no_rehearsal_envelope"]
    officers.sign()
    assert officers.rehearse() == 1
    assert lacks(officers) == set()


def test_no_envelope_before_all_have_signed_and_none_after_it_opened(scene: Scene) -> None:
    officers = ready(scene)
    officers.register("a")
    officers.sign("a", "c")
    agent = scene.world.agent
    with pytest.raises(Refused) as refused:
        rehearsal.seal_rehearsal(officers.tender, b"x", actor=agent.actor)
    assert refused.value.codes == ["bidding.no_rehearsal_sheet"]
    officers.sign("r")
    made = officers.seal()
    officers.rehearse()
    with pytest.raises(Refused) as refused:
        rehearsal.seal_rehearsal(officers.tender, made.envelope, actor=agent.actor)
    assert refused.value.codes == ["bidding.rehearsed"]


def test_a_bid_envelope_is_no_rehearsal_and_the_other_way_round(scene: Scene) -> None:
    lot = scene.lot()
    bid = scene.seal(lot, scene.world.bidder(1))
    scene.sign_rehearsal(lot.tender)
    with pytest.raises(Refused) as refused:
        rehearsal.seal_rehearsal(lot.tender, bid.data, actor=scene.world.agent.actor)
    assert refused.value.codes == ["bidding.other_sheet"]
    with pytest.raises(Refused) as refused:
        rehearsing.seal_dummy(encode(scene.sheet(lot)), "x", scene.pen(scene.world.agent), scene.world.clock.now())
    assert refused.value.codes == ["bidding.no_rehearsal_here"]


def test_a_custodian_whose_key_is_not_on_the_sheet_gives_nothing(scene: Scene) -> None:
    officers = ready(scene)
    officers.seal()
    facts = rehearsal_facts(officers.tender)
    signed = b64decode(facts["sheet"])
    with pytest.raises(Refused) as refused:
        rehearsing.give(facts, signed, new_identity().private)
    assert refused.value.codes == ["bidding.not_on_sheet"]
    with pytest.raises(Refused) as refused:
        rehearsing.give({**facts, "sheet": ""}, signed, officers.keys["a"].private)
    assert refused.value.codes == ["bidding.other_sheet_shown"]


def given(officers: Officers, label: str, share: bytes, *, leaf: str = "") -> list[str]:
    facts, account = rehearsal_facts(officers.tender), officers.account(label)
    header = hashlib.sha256(b64decode(facts["header"])).digest()
    signed = b64decode(facts["sheet"])
    piece = Piece(facts["submission"], header, hashlib.sha256(share).digest())
    statement = make_statement(officers.tender.code, 0, hashlib.sha256(signed).digest(), leaf or label, [piece])
    signature = officers.scene.pen(account).sign(statement)
    with pytest.raises(Refused) as refused:
        rehearsal.give_share(officers.tender, leaf or label, share, signature, actor=account.actor)
    return refused.value.codes


def test_a_wrong_share_and_a_leaf_of_somebody_else_are_refused(scene: Scene) -> None:
    officers = ready(scene)
    officers.seal()
    assert given(officers, "a", bytes(16)) == ["bidding.share_mismatch"]
    assert given(officers, "a", bytes(16), leaf="c") == ["bidding.wrong_custodian"]
    assert given(officers, "a", bytes(16), leaf="b") == ["bidding.wrong_custodian"]
    officers.give("a")
    with pytest.raises(Refused) as refused:
        officers.give("a")
    assert refused.value.codes == ["bidding.released"]


def test_before_there_is_an_envelope_nobody_gives(scene: Scene) -> None:
    officers = ready(scene)
    with pytest.raises(Refused) as refused:
        rehearsal.give_share(officers.tender, "a", bytes(16), b"", actor=scene.world.agent.actor)
    assert refused.value.codes == ["bidding.no_rehearsal_envelope"]


def test_a_dummy_bid_of_another_organisation_fails_the_rehearsal_and_is_sealed_again(scene: Scene) -> None:
    officers = ready(scene)
    signed = b64decode(rehearsal_facts(officers.tender)["sheet"])
    stranger = scene.pen(scene.world.stranger)
    made = rehearsing.seal_dummy(signed, "somebody else", stranger, scene.world.clock.now())
    rehearsal.seal_rehearsal(officers.tender, made.envelope, actor=scene.world.agent.actor)
    for label in officers.labels:
        officers.give(label)
    scene.world.sequence()
    assert hold(officers.tender) == 1
    entry = read_entry(bytes(EntryRow.objects.get(tag="bidding:rehearsal:failed").leaf))
    assert (entry.values["leaves"], entry.values["reason"]) == (("a", "c"), "signature.not_yours")
    assert lacks(officers) == {"trading.no_rehearsal"}
    assert officers.rehearse() == 1
    assert lacks(officers) == set()


def test_an_envelope_that_opens_for_one_pair_only_fails(scene: Scene) -> None:
    """One leaf sealed to a key that is not the custodian's: the sets without it open, and the rebuilt stanza tells."""
    officers = ready(scene)
    signed = b64decode(rehearsal_facts(officers.tender)["sheet"])
    sheet, agent = read_sheet(signed), scene.world.agent
    honest = rehearsing.seal_dummy(signed, agent.display, scene.pen(agent), scene.world.clock.now())
    header = parse_header(honest.envelope[:8192])
    opening = stanza.read(header.stanzas[0])
    shares = {i: stanza.unwrap(opening, i, officers.keys[label].private) for i, label in enumerate("ac")}
    file_key = stanza.combine(opening.policy, shares)
    keys = list(leaf_keys(sheet))
    keys[2] = new_identity().recipient.key
    crafted = stanza.build(file_key, opening.salt, sheet_digest(sheet), policy_of(sheet), keys).stanza()
    made = make_header(file_key, (crafted,)).write()
    envelope = made + honest.envelope[len(header.write()) :]
    rehearsal.seal_rehearsal(officers.tender, envelope, actor=agent.actor)
    with pytest.raises(Refused) as refused:
        officers.give("r")
    assert refused.value.codes == ["bidding.leaf_closed"]
    for label in "ac":
        officers.give(label)
    scene.world.sequence()
    assert hold(officers.tender) == 0
    assert lacks(officers) == {"trading.no_rehearsal"}


def test_the_desk_says_what_waits_for_whom(scene: Scene) -> None:
    officers = Officers(scene)
    scene.world.lot(Stage.DRAFT)
    officers.choose()
    title = officers.tender.title

    def waits(name: str) -> list[str]:
        with translation.override("en"):
            found = keys_to_register(getattr(scene.world, name).actor, scene.world.clock.now())
            return [item.title.removesuffix(f": {title}") for item in found]

    assert waits("agent") == waits("regulator") == ["Register your custodian's key"]
    for label in officers.labels:
        officers.register(label)
    assert waits("agent") == ["Sign the custody sheets"]
    officers.sign("a")
    assert (waits("agent"), waits("centre")) == ([], ["Sign the custody sheets"])
    officers.sign("c", "r")
    assert (waits("agent"), waits("centre")) == (["Seal the rehearsal's envelope"], [])
    officers.seal()
    assert (waits("agent"), waits("centre")) == (["Give your share of the rehearsal"],) * 2
    officers.give("a")
    assert (waits("agent"), waits("centre")) == ([], ["Give your share of the rehearsal"])
    for label in ("c", "r"):
        officers.give(label)
    scene.world.sequence()
    assert hold(officers.tender) == 1
    assert waits("agent") == waits("centre") == waits("regulator") == []
