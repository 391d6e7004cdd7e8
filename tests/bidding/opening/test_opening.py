"""Opening: each failure has its reason and its side (sealing.md), and one bad file never stops the rest."""

from __future__ import annotations

import ast
import io
import zipfile
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings

from bidding.envelope import stanza
from bidding.envelope.header import make_header
from bidding.envelope.padding import padded
from bidding.envelope.policy import parse_policy
from bidding.envelope.sealing import new_salt
from bidding.envelope.sheet import leaf_keys, sheet_digest
from bidding.envelope.stream import SealingWriter
from bidding.envelope.x25519 import shared_secret
from bidding.models import Bid
from bidding.models.opening import FAILED, OPENED, WAITING
from bidding.opening.opening import kept_blocks, open_bid, opened_bid
from bidding.opening.release import release
from ledger.errors import Absent
from ledger.events import read_entry
from ledger.models import EntryRow
from tests.bidding.full_hall import Hall, Offer
from tests.world import World

BIDDERS = "bidder"
GOOD = (OPENED, "", "")


@pytest.fixture
def hall(world: World) -> Hall:
    return Hall(world)


def outcomes(hall: Hall, *labels: str) -> dict[int, tuple[str, str, str]]:
    """State, reason and side of every bid, after these custodians (agent and centre) have come."""
    hall.count()
    hall.open()
    for label in labels or ("a", "c"):
        hall.release(label)
    for bid in Bid.objects.order_by("number"):
        open_bid(bid.code)
    return {bid.number: (bid.state, bid.reason, bid.side) for bid in Bid.objects.all()}


def among_good_ones(hall: Hall, offer: Offer) -> tuple[str, str, str]:
    """What becomes of `offer` between two honest bids, which must not suffer from it."""
    hall.submit(1)
    hall.submit(2, offer)
    hall.submit(3)
    found = outcomes(hall)
    assert (found[1], found[3]) == (GOOD, GOOD)
    return found[2]


def repacked(hall: Hall, extra: list[tuple[str, bytes]], method: int = zipfile.ZIP_STORED) -> Offer:
    """The honest package of bidder 2 with foreign members, its padding last and of the right length."""
    salt = new_salt()
    honest = hall.package(hall.world.bidder(2), Offer(), salt)
    with zipfile.ZipFile(io.BytesIO(honest)) as archive:
        members = [(name, archive.read(name)) for name in archive.namelist() if name != "padding"]
    members[-1:-1] = extra
    length = len(zipped(members, 0, method))
    return Offer(package=zipped(members, padded(length) - length, method))


def zipped(members: list[tuple[str, bytes]], padding: int, method: int) -> bytes:
    """A ZIP by the standard library: what a hostile client might seal."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data, compress_type=method)
        archive.writestr(zipfile.ZipInfo("padding"), bytes(padding), compress_type=zipfile.ZIP_STORED)
    return sink.getvalue()


def test_honest_envelopes_open_and_their_files_rest_encrypted(hall: Hall) -> None:
    content = b"how we build it " * 10_000
    hall.submit(1, Offer(Decimal("9123456.78"), files={"技术标.pdf": content, "price.xlsx": b"PK"}))
    hall.submit(2)
    hall.submit(3)
    assert outcomes(hall) == dict.fromkeys((1, 2, 3), GOOD)
    bid = Bid.objects.get(number=1)
    found = opened_bid(bid)
    assert (found.name, found.price, found.days) == ("bidder1", Decimal("9123456.78"), 120)
    assert [(one.name, one.size) for one in found.files] == [("技术标.pdf", 160_000), ("price.xlsx", 2)]
    assert b"".join(kept_blocks(bid, "技术标.pdf")) == content
    with pytest.raises(Absent):
        kept_blocks(bid, "other.pdf")
    resting = [path.read_bytes() for path in Path(settings.OBJECTS_URL[7:]).glob("opened/**/*") if path.is_file()]
    assert len(resting) == 4
    assert not any(b"how we build" in data for data in resting)
    assert b"9123456" not in bytes(bid.kept or b"")


def test_every_quorum_opens_the_same(hall: Hall) -> None:
    for number in (1, 2, 3):
        hall.submit(number)
    assert outcomes(hall, "c", "r") == dict.fromkeys((1, 2, 3), GOOD)


def test_one_custodian_opens_nothing(hall: Hall) -> None:
    for number in (1, 2, 3):
        hall.submit(number)
    assert outcomes(hall, "r") == dict.fromkeys((1, 2, 3), (WAITING, "", ""))
    assert "bidding:envelope:decided" not in hall.world.recorded()


def test_opening_twice_decides_once(hall: Hall) -> None:
    for number in (1, 2, 3):
        hall.submit(number)
    first = outcomes(hall)
    kept = {bid.number: bytes(bid.kept or b"") for bid in Bid.objects.all()}
    for bid in Bid.objects.all():
        open_bid(bid.code)
    assert {bid.number: bytes(bid.kept or b"") for bid in Bid.objects.all()} == kept
    assert hall.world.recorded().count("bidding:envelope:decided") == len(first)


def test_a_share_counts_only_once_its_release_is_in_the_log(hall: Hall) -> None:
    for number in (1, 2, 3):
        hall.submit(number)
    hall.count()
    hall.open()
    hall.release("a")
    release(hall.fresh(), hall.batch("c"), actor=hall.world.centre.actor)
    bid = Bid.objects.get(number=1)
    assert open_bid(bid.code).state == WAITING
    hall.world.sequence()
    assert open_bid(bid.code).state == OPENED


def test_stored_bytes_that_differ_from_the_receipt_are_the_platforms_failure(hall: Hall) -> None:
    rows = [hall.submit(number) for number in (1, 2, 3)]
    path = Path(settings.OBJECTS_URL[7:]) / rows[1].object
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.chmod(0o644)
    path.write_bytes(data)
    found = outcomes(hall)
    assert found == {1: GOOD, 2: (FAILED, "bidding.stored_differs", "platform"), 3: GOOD}
    assert [bid.consequence for bid in Bid.objects.order_by("number")] == ["", "withdrawn", ""]


def test_a_lost_object_is_the_platforms_failure(hall: Hall) -> None:
    rows = [hall.submit(number) for number in (1, 2, 3)]
    (Path(settings.OBJECTS_URL[7:]) / rows[0].object).unlink()
    assert outcomes(hall)[1] == (FAILED, "bidding.stored_differs", "platform")


def test_a_file_that_was_corrupt_when_it_came_is_the_bidders_failure(hall: Hall) -> None:
    hall.submit(1)
    account, salt = hall.world.bidder(2), new_salt()
    data = bytearray(hall.sealed(account, Offer(), salt))
    data[-1] ^= 1
    hall.receive(account, bytes(data), salt)
    hall.submit(3)
    assert outcomes(hall) == {1: GOOD, 2: (FAILED, "bidding.payload_changed", BIDDERS), 3: GOOD}
    assert Bid.objects.get(number=2).consequence == "revoked"


def test_a_manifest_signed_by_somebody_else_is_the_bidders_failure(hall: Hall) -> None:
    stranger = hall.signer(hall.world.stranger)
    assert among_good_ones(hall, Offer(signer=stranger)) == (FAILED, "signature.not_yours", BIDDERS)


def test_a_manifest_without_a_signature_is_the_bidders_failure(hall: Hall) -> None:
    assert among_good_ones(hall, Offer(signature=b"no signature")) == (FAILED, "signature.malformed", BIDDERS)


def test_a_signature_over_another_manifest_is_the_bidders_failure(hall: Hall) -> None:
    other = hall.signer(hall.world.bidder(2)).sign(b"another manifest")
    assert among_good_ones(hall, Offer(signature=other)) == (FAILED, "signature.other_data", BIDDERS)


def test_a_bid_of_an_organisation_that_nobody_knows_is_the_bidders_failure(hall: Hall) -> None:
    offer = Offer(credit_code="91310000MA1K00001X")
    assert among_good_ones(hall, offer) == (FAILED, "bidding.unknown_party", BIDDERS)


def test_a_bid_inside_anothers_envelope_is_the_bidders_failure(hall: Hall) -> None:
    """What bidder 1 sealed comes in under the handle of bidder 2: upload refuses it, and so does the opening."""
    hall.submit(1)
    account, salt = hall.world.bidder(2), new_salt()
    copied = hall.sealed(hall.world.bidder(1), Offer(), salt)
    hall.receive(account, copied, salt)
    hall.submit(3)
    assert outcomes(hall) == {1: GOOD, 2: (FAILED, "bidding.other_bidder", BIDDERS), 3: GOOD}


def test_a_bid_sealed_for_another_lot_is_the_bidders_failure(hall: Hall) -> None:
    assert among_good_ones(hall, Offer(lot="sl-2026-001-2")) == (FAILED, "bidding.manifest_lot", BIDDERS)


@pytest.mark.parametrize("price", ["nine million", "1e6", "-1.00", "9000000.001", "９０００"])
def test_a_price_that_is_no_decimal_is_the_bidders_failure(hall: Hall, price: str) -> None:
    assert among_good_ones(hall, Offer(price)) == (FAILED, "bidding.price", BIDDERS)


def test_a_price_above_the_ceiling_opens_and_is_marked_for_the_panel(hall: Hall) -> None:
    assert among_good_ones(hall, Offer(Decimal("10000000.01"))) == GOOD
    assert [opened_bid(bid).invalid for bid in Bid.objects.order_by("number")] == ["", "bidding.above_ceiling", ""]


def test_a_package_that_is_no_zip_is_the_bidders_failure(hall: Hall) -> None:
    assert among_good_ones(hall, Offer(package=bytes(4096))) == (FAILED, "bidding.package_form", BIDDERS)


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "a\\b.pdf", "CON.pdf"])
def test_path_tricks_are_the_bidders_failure(hall: Hall, name: str) -> None:
    assert among_good_ones(hall, repacked(hall, [(name, b"x")])) == (FAILED, "bidding.file_name", BIDDERS)


def test_ten_thousand_files_are_the_bidders_failure(hall: Hall) -> None:
    offer = repacked(hall, [(f"{number}.txt", b"") for number in range(10_000)])
    assert among_good_ones(hall, offer) == (FAILED, "bidding.package_members", BIDDERS)


def test_a_bomb_is_the_bidders_failure(hall: Hall) -> None:
    offer = repacked(hall, [("bomb.bin", bytes(1 << 24))], zipfile.ZIP_DEFLATED)
    assert among_good_ones(hall, offer) == (FAILED, "bidding.package_ratio", BIDDERS)


def crafted(hall: Hall, salt: bytes, spoil: str) -> bytes:
    """A sealed file whose stanza does not follow from its file key, though each share fits its commitment."""
    file_key, policy, sheet = bytes(range(16)), parse_policy(hall.sheet.policy), sheet_digest(hall.sheet)
    keys = leaf_keys(hall.sheet)
    honest = stanza.build(file_key, salt, sheet, policy, keys)
    other = stanza.build(bytes(16), salt, sheet, policy, keys)
    match spoil:
        case "off the polynomial":  # the regulator's leaf holds a share that does not lie on it
            ctx, private = honest.context, stanza.ephemeral_key(file_key, salt, honest.context)
            wrong = stanza._wrap(shared_secret(private, keys[2]), honest.share, keys[2], ctx, 2, bytes(16))
            opening = replace(honest, parts=(*honest.parts[:2], wrong))
        case "leaf of another key":
            opening = replace(honest, parts=(*honest.parts[:2], other.parts[2]))
        case _:
            raise ValueError(spoil)
    sink = io.BytesIO()
    sink.write(make_header(file_key, (opening.stanza(),)).write())
    writer = SealingWriter(sink, file_key)
    writer.write(hall.package(hall.world.bidder(2), Offer(), salt))
    writer.close()
    return sink.getvalue()


@pytest.mark.parametrize("labels", [("a", "c"), ("a", "r"), ("c", "r")])
def test_a_crafted_share_fails_the_same_for_every_quorum(hall: Hall, labels: tuple[str, str]) -> None:
    hall.submit(1)
    salt = new_salt()
    hall.receive(hall.world.bidder(2), crafted(hall, salt, "off the polynomial"), salt)
    hall.submit(3)
    found = outcomes(hall, *labels)
    assert (found[1], found[3]) == (GOOD, GOOD)
    state, reason, side = found[2]
    assert (state, side) == (FAILED, BIDDERS)
    assert reason in {"bidding.dishonest_stanza", "bidding.mac_wrong"}


def test_a_leaf_that_does_not_open_waits_for_the_third_custodian_and_fails_then(hall: Hall) -> None:
    hall.submit(1)
    salt = new_salt()
    hall.receive(hall.world.bidder(2), crafted(hall, salt, "leaf of another key"), salt)
    hall.submit(3)
    found = outcomes(hall, "a", "r")
    assert found == {1: GOOD, 2: (WAITING, "", ""), 3: GOOD}
    hall.release("c")
    bid = open_bid(Bid.objects.get(number=2).code)
    assert (bid.state, bid.reason, bid.side) == (FAILED, "bidding.dishonest_stanza", BIDDERS)


def test_does_not_open_by_a_quorum_is_the_bidders_failure(hall: Hall) -> None:
    rows = [hall.submit(number) for number in (1, 2, 3)]
    hall.count()
    hall.open()
    for label in ("a", "c"):
        hall.release(label, {**hall.shares(label), rows[1].number: None})
    for bid in Bid.objects.all():
        open_bid(bid.code)
    bid = Bid.objects.get(number=2)
    assert (bid.state, bid.reason, bid.side) == (FAILED, "bidding.leaf_closed", BIDDERS)


def test_a_false_does_not_open_is_recorded_against_the_custodian(hall: Hall) -> None:
    rows = [hall.submit(number) for number in (1, 2, 3)]
    hall.count()
    hall.open()
    hall.release("a")
    hall.release("c", {**hall.shares("c"), rows[1].number: None})
    bid = Bid.objects.get(number=2)
    assert open_bid(bid.code).state == WAITING
    hall.release("r")
    assert open_bid(bid.code).state == OPENED
    entry = EntryRow.objects.get(tag="bidding:testimony:refuted")
    assert read_entry(bytes(entry.leaf)).values == {
        "lot": hall.lot.code, "round": 1, "leaf": "c", "receipt": rows[1].number,
    }  # fmt: skip


def test_three_who_disagree_without_a_quorum_for_either_leave_it_to_the_others_side(hall: Hall) -> None:
    """One share fits, one custodian says no, and the third says no too: two noes satisfy the policy."""
    rows = [hall.submit(number) for number in (1, 2, 3)]
    hall.count()
    hall.open()
    hall.release("a")
    for label in ("c", "r"):
        hall.release(label, {**hall.shares(label), rows[1].number: None})
    bid = open_bid(Bid.objects.get(number=2).code)
    assert (bid.state, bid.reason, bid.side) == (FAILED, "bidding.leaf_closed", BIDDERS)


def test_a_replaced_envelope_is_never_opened(hall: Hall) -> None:
    first = hall.submit(1)
    second = hall.submit(1, Offer(Decimal("8000000.00")))
    hall.submit(2)
    hall.submit(3)
    hall.count()
    hall.open()
    numbers = {bid.envelope.number for bid in Bid.objects.select_related("envelope")}
    assert second.number in numbers
    assert first.number not in numbers


def test_numbers_follow_the_stamps(hall: Hall) -> None:
    rows = [hall.submit(number) for number in (3, 1, 2)]
    hall.count()
    hall.open()
    assert [bid.envelope.number for bid in Bid.objects.order_by("number")] == [row.number for row in rows]


def test_only_the_opening_makes_an_opened_bid() -> None:
    root = Path(__file__).resolve().parents[3]
    makers = [
        path.relative_to(root).as_posix()
        for room in ("bidding", "evaluation", "supervision", "experts", "guarantees", "trading", "ledger", "config")
        for path in (root / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "OpenedBid"
    ]
    assert makers == ["bidding/opening/opening.py"]


def test_the_certificate_must_have_been_valid_at_the_stamp_not_at_the_opening(hall: Hall) -> None:
    for number in (1, 2, 3):
        hall.submit(number)
    hall.count()
    hall.open()
    hall.release("a")
    hall.release("c")
    hall.world.clock.pass_(timedelta(days=800))
    assert open_bid(Bid.objects.get(number=1).code).state == OPENED
