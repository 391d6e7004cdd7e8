"""Opening: an honest envelope opens for every quorum to the same bytes, a crafted one for none."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bidding.envelope import stanza
from bidding.envelope.header import Header, make_header
from bidding.envelope.manifest import check_manifest
from bidding.envelope.receiving import ReceivedHeader, check_header
from bidding.envelope.shamir import share as share_at
from bidding.envelope.sheet import policy_of, sheet_digest
from bidding.envelope.stanza import Opening
from bidding.envelope.unpacking import OpenedPackage
from bidding.envelope.unsealing import (
    NOT_THE_BIDDERS,
    check_rebuilt,
    leaf_of,
    open_payload,
    own_file_key,
    recover_file_key,
    unseal,
)
from bidding.envelope.x25519 import new_identity, public_key, shared_secret
from ledger.errors import Refused
from tests.bidding.envelope.makers import (
    FILE_KEY,
    POLICIES,
    SealedBid,
    bid_package,
    identity,
    sealed_bid,
    sheet_for,
)

SECRETS = st.binary(min_size=16, max_size=16)


def opened(bid: SealedBid, shares: dict[int, bytes]) -> bytes:
    """The whole way: file key, MAC, stanza, payload, package, own key, stanza again."""
    received = bid.received
    file_key, payload = unseal(io.BytesIO(bid.data), len(bid.data), received, shares, bid.sheet)
    package = OpenedPackage(payload, payload.length)
    check_manifest(package.manifest, bid.sheet, bid.submission)
    check_rebuilt(received, file_key, bid.sheet, package.manifest.own_key)
    package.verify()
    payload.seek(0)
    return io.BufferedReader(payload).read()


def outcome(bid: SealedBid, shares: dict[int, bytes]) -> bytes | str:
    """The package, or the code of the refusal."""
    try:
        return opened(bid, shares)
    except Refused as refusal:
        return refusal.codes[0]


def quorums(bid: SealedBid) -> Iterable[frozenset[int]]:
    return policy_of(bid.sheet).smallest


@settings(deadline=None, max_examples=15)
@given(st.sampled_from(POLICIES), SECRETS, SECRETS)
def test_any_satisfying_set_opens_to_the_same_bytes(policy: str, file_key: bytes, salt: bytes) -> None:
    bid = sealed_bid(policy, file_key=file_key, salt=salt)
    everything = bid.shares()
    package = bid_package(bid.sheet, salt)
    for chosen in quorums(bid):
        assert opened(bid, {index: everything[index] for index in chosen}) == package
        short = {index: everything[index] for index in sorted(chosen)[1:]}
        assert outcome(bid, short) == "bidding.too_few"
    assert opened(bid, everything) == package


HONEST = sealed_bid()
SHARES = HONEST.shares()


def flip(place: int, bit: int) -> SealedBid:
    data = bytearray(HONEST.data)
    data[place] ^= 1 << bit
    return SealedBid(bytes(data), HONEST.sheet, HONEST.submission)


@pytest.mark.parametrize("place", range(HONEST.received.length))
def test_a_changed_byte_of_the_header_is_refused(place: int) -> None:
    assert isinstance(outcome(flip(place, place % 8), SHARES), str)


@settings(deadline=None, max_examples=300)
@given(st.integers(0, len(HONEST.data) - 1), st.integers(0, 7))
def test_a_changed_bit_anywhere_is_refused(place: int, bit: int) -> None:
    assert isinstance(outcome(flip(place, bit), SHARES), str)


@settings(deadline=None, max_examples=100)
@given(st.integers(0, len(HONEST.data) - 1))
def test_a_truncated_file_is_refused(length: int) -> None:
    assert isinstance(outcome(SealedBid(HONEST.data[:length], HONEST.sheet, HONEST.submission), SHARES), str)


# What a dishonest bidder can do to the stanza: each takes the honest parts and returns others.


class Craft:
    """The honest derivation with every value at hand."""

    def __init__(self, bid: SealedBid) -> None:
        received = bid.received
        self.opening, self.file_key = received.opening, FILE_KEY
        self.context = self.opening.context
        self.private = stanza.ephemeral_key(FILE_KEY, self.opening.salt, self.context)
        self.keys = [identity(label).recipient.key for label in self.opening.policy.labels]
        self.pieces = list(stanza.leaf_shares(FILE_KEY, self.opening.salt, self.context, self.opening.policy))

    def sealed(self, share: bytes | None = None) -> Opening:
        """The stanza of what the attributes now say."""
        share = public_key(self.private) if share is None else share
        parts = tuple(
            stanza._wrap(shared_secret(self.private, key), share, key, self.context, index, piece)
            for index, (key, piece) in enumerate(zip(self.keys, self.pieces, strict=True))
        )
        return replace(self.opening, share=share, parts=parts)


def off_the_polynomial(craft: Craft) -> Opening:
    craft.pieces[0] = bytes(16)
    return craft.sealed()


def sealed_to_another_key(craft: Craft) -> Opening:
    craft.keys[0] = new_identity().recipient.key
    return craft.sealed()


def wrong_commitment(craft: Craft) -> Opening:
    honest = craft.sealed()
    return replace(honest, parts=(honest.parts[0][:32] + bytes(32), *honest.parts[1:]))


def random_ephemeral(craft: Craft) -> Opening:
    craft.private = new_identity().private
    return craft.sealed()


def random_coefficient(craft: Craft) -> Opening:
    """For 2(a,c,r): y = K + c x with a c of the bidder's choice."""
    craft.pieces = [share_at(FILE_KEY, [bytes(range(16))], x) for x in (1, 2, 3)]
    return craft.sealed()


CRAFTS: list[Callable[[Craft], Opening]] = [
    off_the_polynomial,
    sealed_to_another_key,
    wrong_commitment,
    random_ephemeral,
    random_coefficient,
]


def crafted(change: Callable[[Craft], Opening], bid: SealedBid = HONEST) -> SealedBid:
    own = bid.received.header.stanzas[1]
    header = make_header(FILE_KEY, (change(Craft(bid)).stanza(), own)).write()
    return SealedBid(header + bid.data[bid.received.length :], bid.sheet, bid.submission)


def given_shares(bid: SealedBid) -> dict[int, bytes]:
    """The shares that custodians can give; a leaf that does not open gives none."""
    found = {}
    for index, label in enumerate(bid.received.opening.policy.labels):
        with contextlib.suppress(Refused):
            found[index] = stanza.unwrap(bid.received.opening, index, identity(label).private)
    return found


@pytest.mark.parametrize("change", CRAFTS)
def test_a_crafted_envelope_fails_for_every_quorum_on_the_bidders_side(change: Callable[[Craft], Opening]) -> None:
    bid = crafted(change)
    shares = given_shares(bid)
    tried = [chosen for chosen in quorums(bid) if chosen <= set(shares)]
    assert tried
    codes = {outcome(bid, {index: shares[index] for index in chosen}) for chosen in tried}
    assert codes <= {"bidding.mac_wrong", "bidding.dishonest_stanza"}
    assert not codes & NOT_THE_BIDDERS


def test_the_craft_itself_is_honest_when_nothing_is_changed() -> None:
    assert opened(crafted(Craft.sealed), SHARES) == bid_package(HONEST.sheet)


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(POLICIES), st.data())
def test_two_key_sets_never_open_one_file_to_two_plaintexts(policy: str, data: st.DataObject) -> None:
    """P3: whatever shares a bidder wraps, all quorums see one package, or none sees any."""
    bid = sealed_bid(policy)
    other = data.draw(SECRETS)

    def mixed(craft: Craft) -> Opening:
        theirs = stanza.leaf_shares(other, craft.opening.salt, craft.context, craft.opening.policy)
        replaced = data.draw(st.sets(st.sampled_from(range(len(theirs)))))
        for index in replaced:
            craft.pieces[index] = theirs[index]
        return craft.sealed()

    bid = crafted(mixed, bid)
    shares = given_shares(bid)
    outcomes = {outcome(bid, {index: shares[index] for index in chosen}) for chosen in quorums(bid)}
    packages = {one for one in outcomes if isinstance(one, bytes)}
    assert packages in (set(), {bid_package(bid.sheet)})
    assert not packages or outcomes == packages


def test_the_bidders_leaf_sealed_to_another_key_is_found_once_the_manifest_is_read() -> None:
    honest = sealed_bid("2(b,2(a,c,r))")

    def change(craft: Craft) -> Opening:
        craft.keys[0] = new_identity().recipient.key
        return craft.sealed()

    bid = crafted(change, honest)
    shares = honest.shares()
    unseal(io.BytesIO(bid.data), len(bid.data), bid.received, shares, bid.sheet)
    assert outcome(bid, shares) == "bidding.dishonest_stanza"


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
