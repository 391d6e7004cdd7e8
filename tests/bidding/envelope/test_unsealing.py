"""Opening: an honest envelope opens for every satisfying set to the same bytes, a changed one for none."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bidding.envelope.header import Header
from bidding.envelope.receiving import ReceivedHeader, check_header
from bidding.envelope.sheet import sheet_digest
from bidding.envelope.unsealing import (
    NOT_THE_BIDDERS,
    check_rebuilt,
    leaf_of,
    open_payload,
    own_file_key,
    recover_file_key,
)
from ledger.errors import Refused
from tests.bidding.envelope.makers import FILE_KEY, SealedBid, bid_package, identity, sealed_bid, sheet_for
from tests.bidding.envelope.openings import opened, outcome
from tests.bidding.envelope.policies import policies, quorums

DEEP = os.environ.get("SUNLIGHT_DEEP") == "1"
EXAMPLES = 400 if DEEP else 40
SECRETS = st.binary(min_size=16, max_size=16)


@settings(deadline=None, max_examples=EXAMPLES)
@given(st.data(), SECRETS, SECRETS)
def test_any_satisfying_set_opens_to_the_same_bytes_and_any_smaller_is_refused(
    data: st.DataObject, file_key: bytes, salt: bytes
) -> None:
    """For any policy of the grammar: a smallest set, whatever satisfies, and whatever does not."""
    policy = data.draw(policies())
    bid = sealed_bid(policy.text, file_key=file_key, salt=salt)
    everything = bid.shares()
    package = bid_package(bid.sheet, salt)
    smallest = data.draw(quorums(policy))
    assert opened(bid, {index: everything[index] for index in smallest}) == package
    for missing in smallest:
        assert outcome(bid, {index: everything[index] for index in smallest - {missing}}) == "bidding.too_few"
    some = data.draw(st.sets(st.sampled_from(range(len(policy.leaves)))))
    expected = package if policy.satisfied(some) else "bidding.too_few"
    assert outcome(bid, {index: everything[index] for index in some}) == expected


HONEST = sealed_bid()
SHARES = HONEST.shares()


def flip(place: int, bit: int) -> SealedBid:
    data = bytearray(HONEST.data)
    data[place] ^= 1 << bit
    return SealedBid(bytes(data), HONEST.sheet, HONEST.submission)


def opens_changed(places: Iterable[int]) -> list[tuple[int, int]]:
    """The bits, as place and number, that can be turned without the opening being refused."""
    return [
        (place, bit) for place in places for bit in range(8) if isinstance(outcome(flip(place, bit), SHARES), bytes)
    ]


def test_every_changed_bit_of_the_header_is_refused() -> None:
    assert opens_changed(range(HONEST.received.length)) == []


@pytest.mark.skipif(not DEEP, reason="every bit of the file: ./sunlight deep")
def test_every_changed_bit_of_the_file_is_refused() -> None:
    assert opens_changed(range(HONEST.received.length, len(HONEST.data))) == []


@settings(deadline=None, max_examples=300)
@given(st.integers(0, len(HONEST.data) - 1), st.integers(0, 7))
def test_a_changed_bit_anywhere_is_refused(place: int, bit: int) -> None:
    assert isinstance(outcome(flip(place, bit), SHARES), str)


@settings(deadline=None, max_examples=100)
@given(st.integers(0, len(HONEST.data) - 1))
def test_a_truncated_file_is_refused(length: int) -> None:
    assert isinstance(outcome(SealedBid(HONEST.data[:length], HONEST.sheet, HONEST.submission), SHARES), str)


def test_a_wrong_mac_is_refused() -> None:
    received = HONEST.received
    forged = Header(received.header.stanzas, bytes(32)).write() + HONEST.data[received.length :]
    assert outcome(SealedBid(forged, HONEST.sheet, HONEST.submission), SHARES) == "bidding.mac_wrong"


def test_a_share_of_another_envelope_says_nothing_of_the_bidder() -> None:
    other = sealed_bid(salt=bytes(16)).shares()
    code = outcome(HONEST, {0: other[0], 1: SHARES[1]})
    assert code == "bidding.share_mismatch"
    assert code in NOT_THE_BIDDERS


def test_the_payload_of_another_envelope_does_not_open() -> None:
    other = sealed_bid(file_key=bytes(16))
    spliced = HONEST.data[: HONEST.received.length] + other.data[other.received.length :]
    assert outcome(SealedBid(spliced, HONEST.sheet, HONEST.submission), SHARES) == "bidding.payload_changed"


def test_a_package_for_another_lot_inside_is_refused() -> None:
    foreign = bid_package(sheet_for(lot="another"))
    bid = sealed_bid(package=foreign)
    with pytest.raises(Refused) as refusal:
        opened(bid, bid.shares())
    assert refusal.value.codes == ["bidding.manifest_lot", "bidding.manifest_sheet"]


def test_the_bidder_sees_the_own_envelope_with_the_own_key() -> None:
    received = HONEST.received
    file_key = own_file_key(received, identity("b"))
    payload = open_payload(io.BytesIO(HONEST.data), len(HONEST.data), received, file_key)
    assert io.BufferedReader(payload).read() == bid_package(HONEST.sheet)
    with pytest.raises(Refused) as refusal:
        own_file_key(received, identity("a"))
    assert refusal.value.codes == ["bidding.no_match"]


def test_a_custodian_finds_the_own_leaf() -> None:
    sheet = sheet_for("2(b,2(a,c,r))")
    assert [leaf_of(sheet, identity(label).private) for label in "acr"] == [1, 2, 3]
    with pytest.raises(Refused):
        leaf_of(sheet, identity("z").private)


def test_a_bidder_may_rebut_with_the_file_key() -> None:
    """A file key with which the stanza rebuilds right shows that a testimony was false."""
    received: ReceivedHeader = check_header(
        HONEST.data, sheet=HONEST.sheet, submission=HONEST.submission, size=len(HONEST.data)
    )
    check_rebuilt(received, FILE_KEY, HONEST.sheet)
    with pytest.raises(Refused):
        check_rebuilt(received, bytes(16), HONEST.sheet)
    assert received.opening.sheet == sheet_digest(HONEST.sheet)
    assert recover_file_key(received, SHARES) == FILE_KEY
