"""Bundles: the same evidence is the same bytes; the public one holds nothing secret; both pass every check."""

from __future__ import annotations

import hashlib

import pytest
from django.test import Client

from bidding.models import Envelope, Release
from bidding.opening.quorum import open_batch
from ledger import sequencer
from ledger.bundle import read_json, unpack
from ledger.events import read_entry
from ledger.models import EntryRow
from supervision.bundling import covering, public_bundle, regulators_bundle
from supervision.counting import count_trail, counts
from supervision.exporting import export
from supervision.trusting import house_trust
from supervision.verifier.check import WITH_PUBLIC
from supervision.verifier.members import TOO_EARLY
from supervision.verifier.receipts import NO_RECEIPTS
from supervision.verifier.verifying import verify
from supervision.verifier.vouching import NO_POLICY, NO_ROOTS
from tests.bidding.scenes import Scene
from tests.experts.drawing import enter
from tests.supervision.bundles import Bundles
from tests.supervision.flow import Flow
from trading.models import Tender


def faults(data: bytes, bundles: Bundles) -> list[tuple[int, list[str]]]:
    return [(one.number, [str(fault) for fault in one.faults]) for one in verify(data, bundles.trust).failed]


def test_both_bundles_pass_every_check(bundles: Bundles) -> None:
    assert faults(bundles.public, bundles) == []
    assert faults(bundles.regulators, bundles) == []
    undone = {one.number: one.undone for one in verify(bundles.public, bundles.trust).results if one.undone}
    private = dict.fromkeys((36, 37, 38, 39), WITH_PUBLIC.text)
    assert undone == {**private, 43: NO_POLICY.text, 44: NO_ROOTS.text, 45: NO_RECEIPTS.text}
    assert all(one.is_ok for one in verify(bundles.regulators, bundles.trust).results[:-3])


def test_the_same_count_gives_the_same_bytes_without_envelope_share_or_salt(flow: Flow) -> None:
    first = public_bundle(flow.tender)
    holds_nothing_private(first)
    enter(flow.world, 40)  # entries about something else
    flow.world.sequence()
    assert public_bundle(Tender.objects.get()) == first
    head = read_json(unpack(first)["bundle.json"])
    assert head.pop("members").keys() == unpack(first).keys() - {"bundle.json"}
    assert head == {
        "format": "sunlight.bundle/2", "kind": "public", "moment": "latest", "tender": "sl-2026-0001",
        "lots": [f"sl-2026-0001-{number}" for number in (1, 2, 3)],
    }  # fmt: skip


def test_while_a_newer_count_waits_for_its_checkpoint_the_evidence_is_that_of_the_count_before(flow: Flow) -> None:
    first = public_bundle(flow.tender)
    export(Tender.objects.get(), actor=flow.world.regulator.actor)  # news about the tender
    sequencer.sequence()
    count_trail(Tender.objects.get())
    sequencer.sequence()
    assert counts(flow.tender).last() != covering(flow.tender)[0], "the newer count has its place"
    assert public_bundle(Tender.objects.get()) == first
    sequencer.publish()
    assert public_bundle(Tender.objects.get()) != first
    check(flow)


def holds_nothing_private(data: bytes) -> None:
    """No sealed file, share or salt."""
    assert not [name for name in unpack(data) if name.startswith("private/")]
    digests = {hashlib.sha256(part).hexdigest() for part in unpack(data).values()}
    envelopes = list(Envelope.objects.all())
    assert len(envelopes) == 12
    assert not digests & {row.digest for row in envelopes}
    for release in Release.objects.select_related("lot"):
        for kept in open_batch(release.lot, release).shares:
            assert kept.share is not None
            assert kept.share not in data
            assert kept.share.hex().encode() not in data


def test_the_export_is_an_act_of_the_tenders_regulator(flow: Flow) -> None:
    url = f"/supervision/tenders/{flow.tender.code}/bundle/export"
    other = flow.world.account("other", flow.world.regulator.actor.role, "other body")
    for account in (other, flow.world.agent, flow.world.bidder(1)):
        client = Client()
        client.force_login(account)
        assert client.post(url).status_code in {403, 404}
    client = Client()
    client.force_login(flow.world.regulator)
    answer = client.post(url)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    said = read_entry(bytes(EntryRow.objects.get(tag="supervision:bundle:exported").leaf)).values
    assert (said["digest"], said["size"]) == (hashlib.sha256(answer.content).digest(), len(answer.content))
    flow.round()
    assert b"supervision:bundle:exported" in bytes.fromhex(
        "".join(one["leaf"] for one in read_json(unpack(public_bundle(flow.tender))["entries.json"]))
    )


def check(flow: Flow) -> None:
    """Both bundles, as they are now, pass."""
    for make in (public_bundle, regulators_bundle):
        verdict = verify(make(flow.tender), house_trust())
        assert [(one.number, [str(fault) for fault in one.faults]) for one in verdict.failed] == []


@pytest.fixture
def begun(scene: Scene) -> Flow:
    """A tender with bids in, and nothing opened."""
    made = Flow(scene)
    made.enrol()
    made.notice()
    made.bid()
    return made


def test_a_bundle_at_every_stage_passes_and_tells_nothing_early(begun: Flow) -> None:
    flow, one = begun, begun.lots[0]
    for number in range(1, 13):
        enter(flow.world, number)
    check(flow)
    tells_nothing_of_bids(flow)
    flow.late()
    check(flow)
    tells_nothing_of_bids(flow)
    flow.open(one)
    check(flow)
    seats = flow.draw(one)
    flow.judge(one, seats)
    check(flow)
    flow.publish(one)
    check(flow)
    people = [seat.expert.account.display.encode() for seat in seats]
    before = public_bundle(flow.tender)
    assert [name for name in people if name in before] == []
    assert [one.undone for one in verify(before, house_trust()).results if one.number == 30] == [TOO_EARLY.text]
    assert all(name in regulators_bundle(flow.tender) for name in people)
    flow.award(one)
    check(flow)
    after = public_bundle(flow.tender)
    assert all(name in after for name in people)
    assert [one.is_ok for one in verify(after, house_trust()).results if one.number == 30] == [True]


def tells_nothing_of_bids(flow: Flow) -> None:
    """Before an opening is over not even the regulator gets an envelope, and no name of a bidder stands anywhere."""
    parts = unpack(regulators_bundle(flow.tender))
    digests = {hashlib.sha256(part).hexdigest() for part in parts.values()}
    assert not digests & set(Envelope.objects.values_list("digest", flat=True))
    assert not [name for name in parts if name.startswith("private/")]
    assert b"bidder" not in b"".join(parts.values())
