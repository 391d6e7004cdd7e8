"""The opening stanza: built, taken apart, opened leaf by leaf, and useless anywhere but where it belongs."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bidding.envelope import stanza
from bidding.envelope.policy import parse_policy
from bidding.envelope.sheet import leaf_keys, sheet_digest
from ledger.errors import Refused
from tests.bidding.envelope.makers import FILE_KEY, POLICIES, SALT, identity, leaf_share, sheet_for

KEYS = st.binary(min_size=16, max_size=16)


def built(
    policy: str = "2(a,c,r)", *, salt: bytes = SALT, file_key: bytes = FILE_KEY, lot: str = "L"
) -> stanza.Opening:
    sheet = sheet_for(policy, lot=lot)
    own = identity("b").recipient.key
    return stanza.build(file_key, salt, sheet_digest(sheet), parse_policy(policy), leaf_keys(sheet, own))


def shares(opening: stanza.Opening) -> dict[int, bytes]:
    return {leaf.index: leaf_share(opening, leaf.label) for leaf in opening.policy.leaves}


def code_of(refusal: pytest.ExceptionInfo[Refused]) -> str:
    [code] = refusal.value.codes
    return code.removeprefix("bidding.")


@settings(deadline=None, max_examples=40)
@given(st.sampled_from(POLICIES), KEYS, KEYS)
def test_any_satisfying_set_gives_the_file_key_and_no_smaller_one(policy: str, file_key: bytes, salt: bytes) -> None:
    opening = stanza.read(built(policy, salt=salt, file_key=file_key).stanza())
    everything = shares(opening)
    for chosen in opening.policy.smallest:
        assert stanza.combine(opening.policy, {index: everything[index] for index in chosen}) == file_key
        for missing in chosen:
            with pytest.raises(Refused) as refusal:
                stanza.combine(opening.policy, {index: everything[index] for index in chosen - {missing}})
            assert code_of(refusal) == "too_few"


def test_building_is_deterministic_and_depends_on_every_input() -> None:
    first = built()
    assert first == built()
    others = [built(salt=bytes(16)), built(file_key=bytes(16)), built(lot="M"), built("3(a,c,r)")]
    assert len({one.share for one in (first, *others)}) == 5
    assert len({one.context for one in (first, *others)}) == 4  # the file key alone does not enter the context


def test_lengths_are_checked_when_building() -> None:
    policy = parse_policy("2(a,c,r)")
    keys = [identity(label).recipient.key for label in policy.labels]
    with pytest.raises(ValueError, match="file key 16"):
        stanza.build(FILE_KEY, SALT, bytes(32), policy, keys[:2])
    with pytest.raises(ValueError, match="file key 16"):
        stanza.build(bytes(32), SALT, bytes(32), policy, keys)


def test_a_low_order_key_on_the_sheet_aborts_the_sealing() -> None:
    policy = parse_policy("2(a,c,r)")
    with pytest.raises(Refused) as refusal:
        stanza.build(FILE_KEY, SALT, bytes(32), policy, [bytes(32)] * 3)
    assert code_of(refusal) == "low_order"


def test_a_zero_result_aborts_the_opening() -> None:
    with pytest.raises(Refused) as refusal:
        stanza.unwrap(replace(built(), share=bytes(32)), 0, identity("a").private)
    assert code_of(refusal) == "low_order"


def test_another_key_does_not_open_a_leaf() -> None:
    with pytest.raises(Refused) as refusal:
        stanza.unwrap(built(), 0, identity("c").private)
    assert code_of(refusal) == "leaf_closed"


@pytest.mark.parametrize("other", [built(lot="another lot"), built(salt=bytes(16)), built("3(a,c,r)")])
def test_a_leaf_copied_from_another_lot_file_or_policy_does_not_open(other: stanza.Opening) -> None:
    """A custodian's client is no oracle: the copied leaf and its E stand in an envelope for this lot."""
    forged = replace(built(), share=other.share, parts=other.parts)
    for label in "acr":
        with pytest.raises(Refused) as refusal:
            leaf_share(forged, label)
        assert code_of(refusal) == "leaf_closed"


def test_a_leaf_moved_to_another_place_does_not_open() -> None:
    opening = built()
    moved = replace(opening, parts=(opening.parts[1], opening.parts[0], opening.parts[2]))
    with pytest.raises(Refused) as refusal:
        stanza.unwrap(moved, 0, identity("c").private)
    assert code_of(refusal) == "leaf_closed"


def test_a_share_of_another_envelope_or_leaf_does_not_fit_the_commitment() -> None:
    opening, other = built(), built(salt=bytes(16))
    for index, piece in ((0, shares(other)[0]), (0, shares(opening)[1]), (0, bytes(15)), (0, b"")):
        with pytest.raises(Refused) as refusal:
            stanza.check_share(opening, index, piece)
        assert code_of(refusal) == "share_mismatch"
    stanza.check_share(opening, 0, shares(opening)[0])


def test_the_same_key_in_two_leaves_has_two_wraps() -> None:
    policy = parse_policy("2(a,c)")
    key = identity("a").recipient.key
    opening = stanza.build(FILE_KEY, SALT, bytes(32), policy, [key, key])
    assert opening.parts[0] != opening.parts[1]
    assert stanza.unwrap(opening, 0, identity("a").private) != stanza.unwrap(opening, 1, identity("a").private)


@settings(deadline=None)
@given(st.integers(0, 3 * stanza.PART - 1), st.integers(0, 7))
def test_a_changed_bit_of_the_body_closes_its_leaf(place: int, bit: int) -> None:
    opening = built()
    body = bytearray(b"".join(opening.parts))
    body[place] ^= 1 << bit
    changed = replace(opening, parts=tuple(bytes(body[at : at + 64]) for at in range(0, len(body), 64)))
    with pytest.raises(Refused) as refusal:
        shares(changed)
    assert code_of(refusal) == ("leaf_closed" if place % stanza.PART < stanza.WRAPPED else "share_mismatch")
