"""Crafted envelopes (sealing.md, Bytes): they fail the same for every quorum, and no file ever has two plaintexts."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from dataclasses import replace

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bidding.envelope import stanza
from bidding.envelope.header import hkdf, make_header
from bidding.envelope.padding import padded
from bidding.envelope.shamir import combine
from bidding.envelope.shamir import share as share_at
from bidding.envelope.sheet import policy_of
from bidding.envelope.stanza import Opening
from bidding.envelope.stream import NONCE, open_stream
from bidding.envelope.unsealing import NOT_THE_BIDDERS, unseal
from bidding.envelope.x25519 import NO_NONCE, new_identity, public_key, shared_secret
from ledger.errors import Refused
from tests.bidding.envelope.collisions import two_keys_one_ciphertext
from tests.bidding.envelope.makers import FILE_KEY, SealedBid, bid_package, identity, sealed_bid
from tests.bidding.envelope.openings import opened, outcome
from tests.bidding.envelope.policies import policies, quorums

SECRETS = st.binary(min_size=16, max_size=16)
HONEST = sealed_bid()
SHARES = HONEST.shares()

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


def crafted(
    change: Callable[[Craft], Opening], bid: SealedBid = HONEST, *, mac_key: bytes = FILE_KEY, payload: bytes = b""
) -> SealedBid:
    """The envelope with a changed stanza; with a MAC under another key, with another payload."""
    own = bid.received.header.stanzas[1]
    header = make_header(mac_key, (change(Craft(bid)).stanza(), own)).write()
    return SealedBid(header + (payload or bid.data[bid.received.length :]), bid.sheet, bid.submission)


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
    tried = [chosen for chosen in policy_of(bid.sheet).smallest if chosen <= set(shares)]
    assert tried
    codes = {outcome(bid, {index: shares[index] for index in chosen}) for chosen in tried}
    assert codes <= {"bidding.mac_wrong", "bidding.dishonest_stanza"}
    assert not codes & NOT_THE_BIDDERS


def test_the_craft_itself_is_honest_when_nothing_is_changed() -> None:
    assert opened(crafted(Craft.sealed), SHARES) == bid_package(HONEST.sheet)


def test_the_bidders_leaf_sealed_to_another_key_is_found_once_the_manifest_is_read() -> None:
    honest = sealed_bid("2(b,2(a,c,r))")

    def change(craft: Craft) -> Opening:
        craft.keys[0] = new_identity().recipient.key
        return craft.sealed()

    bid = crafted(change, honest)
    shares = honest.shares()
    unseal(io.BytesIO(bid.data), len(bid.data), bid.received, shares, bid.sheet)
    assert outcome(bid, shares) == "bidding.dishonest_stanza"


# P3: one ciphertext, one bid.


@settings(deadline=None, max_examples=60)
@given(st.data(), SECRETS)
def test_two_key_sets_never_open_one_file_to_two_plaintexts(data: st.DataObject, other: bytes) -> None:
    """Whatever shares a bidder wraps, under whatever policy: all sets that satisfy it see one package, or none any."""
    policy = data.draw(policies(most=8))
    bid = sealed_bid(policy.text)

    def mixed(craft: Craft) -> Opening:
        theirs = stanza.leaf_shares(other, craft.opening.salt, craft.context, craft.opening.policy)
        for index in data.draw(st.sets(st.sampled_from(range(len(theirs))))):
            craft.pieces[index] = theirs[index]
        return craft.sealed()

    bid = crafted(mixed, bid)
    shares = given_shares(bid)
    tried = [frozenset(shares), *(data.draw(quorums(policy)) for _turn in range(4))]
    outcomes = {outcome(bid, {index: shares[index] for index in chosen}) for chosen in tried}
    packages = {one for one in outcomes if isinstance(one, bytes)}
    assert packages in (set(), {bid_package(bid.sheet)})
    assert not packages or outcomes == packages


OTHER_KEY = bytes(range(100, 116))
LENGTH = 1024


def two_faced_payload() -> bytes:
    """One payload that opens under two file keys to two contents of an allowed length."""
    assert padded(LENGTH) == LENGTH
    nonce, final = bytes(range(NONCE)), bytes(11) + b"\x01"
    keys = [hkdf(file_key, nonce, b"payload") for file_key in (FILE_KEY, OTHER_KEY)]
    sealed = two_keys_one_ciphertext(keys[0], keys[1], final, LENGTH)
    assert sealed is not None
    return nonce + sealed


def content(payload: bytes, file_key: bytes) -> bytes:
    """What a reader sees who asks the cipher alone."""
    sink = io.BytesIO()
    open_stream(io.BytesIO(payload), sink, file_key)
    return sink.getvalue()


def two_faced(craft: Craft) -> Opening:
    """For 2(a,c,r): a and c come to the one file key, a and r to the other."""
    a = bytes(range(7, 23))
    craft.pieces = [a, *(at_place(x, key, a) for x, key in ((2, FILE_KEY), (3, OTHER_KEY)))]
    return craft.sealed()


def at_place(x: int, secret: bytes, first: bytes) -> bytes:
    """The value at `x` of the line through (0, secret) and (1, first)."""
    return share_at(secret, [bytes(left ^ right for left, right in zip(secret, first, strict=True))], x)


def test_the_cipher_alone_would_let_one_payload_have_two_contents() -> None:
    """The control: without what an envelope adds, the attack works."""
    payload = two_faced_payload()
    contents = {content(payload, FILE_KEY), content(payload, OTHER_KEY)}
    assert len(contents) == 2
    assert {len(one) for one in contents} == {LENGTH}


@pytest.mark.parametrize("mac_key", [FILE_KEY, OTHER_KEY], ids=["MAC of the first", "MAC of the second"])
def test_a_file_made_for_two_key_sets_opens_for_none(mac_key: bytes) -> None:
    """Two pairs of custodians come to two keys that both open the payload; MAC and rebuilt stanza refuse either."""
    bid = crafted(two_faced, mac_key=mac_key, payload=two_faced_payload())
    shares = given_shares(bid)
    assert combine({1: shares[0], 2: shares[1]}) == FILE_KEY
    assert combine({1: shares[0], 3: shares[2]}) == OTHER_KEY
    codes = {outcome(bid, {index: shares[index] for index in chosen}) for chosen in ((0, 1), (0, 2), (1, 2), (0, 1, 2))}
    assert codes == {"bidding.mac_wrong", "bidding.dishonest_stanza"}


@settings(deadline=None, max_examples=30)
@given(SECRETS)
def test_one_leaf_never_gives_two_shares(salt: bytes) -> None:
    """A wrapped share that two keys open to two shares can be made; the commitment takes one of them at most."""
    honest = sealed_bid(salt=salt).received.opening
    context, private = honest.context, stanza.ephemeral_key(FILE_KEY, salt, honest.context)
    wraps = []
    for label in ("a", "c"):
        key = identity(label).recipient.key
        info = stanza.term("leaf") + context + bytes([0])
        wraps.append(hkdf(shared_secret(private, key), honest.share + key, info))
    sealed = two_keys_one_ciphertext(wraps[0], wraps[1], NO_NONCE, 16)
    assume(sealed is not None)
    assert sealed is not None
    pieces = [ChaCha20Poly1305(wrap).decrypt(NO_NONCE, sealed, None) for wrap in wraps]
    assert pieces[0] != pieces[1]
    committed = stanza.commitment(context, honest.share, 0, pieces[0])
    forged = replace(honest, parts=(sealed + committed, *honest.parts[1:]))
    assert stanza.unwrap(forged, 0, identity("a").private) == pieces[0]
    with pytest.raises(Refused) as refusal:
        stanza.unwrap(forged, 0, identity("c").private)
    assert refusal.value.codes == ["bidding.share_mismatch"]


def test_the_collision_is_no_accident_of_the_cipher() -> None:
    """The control of the control: a third key does not open what was made for two."""
    sealed = two_keys_one_ciphertext(bytes(32), bytes(range(32)), NO_NONCE, 64)
    assert sealed is not None
    assert len({ChaCha20Poly1305(key).decrypt(NO_NONCE, sealed, None) for key in (bytes(32), bytes(range(32)))}) == 2
    with pytest.raises(InvalidTag):
        ChaCha20Poly1305(b"\1" * 32).decrypt(NO_NONCE, sealed, None)
