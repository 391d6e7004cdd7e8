"""X25519 keys and stanzas: texts, wrapping, and points that nobody honest sends."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bidding.envelope.header import Stanza, encode64
from bidding.envelope.x25519 import (
    PRIME,
    Identity,
    Recipient,
    check_point,
    new_identity,
    parse_identity,
    parse_recipient,
    public_key,
    read_share,
    shared_secret,
)
from ledger.errors import Refused

KEYS = st.binary(min_size=32, max_size=32)
FILE_KEY = bytes(range(16))
LOW_ORDER = [  # the points of order 1, 2, 4 and 8 (RFC 7748, section 6.1 and 7)
    0,
    1,
    325606250916557431795983626356110631294008115727848805560023387167927233504,
    39382357235489614581723060781553021112529911719440698176882885853963445705823,
    PRIME - 1,
]


def code_of(refusal: pytest.ExceptionInfo[Refused]) -> str:
    [code] = refusal.value.codes
    return code


@given(KEYS)
def test_texts_of_keys_come_back(private: bytes) -> None:
    identity = Identity(private)
    assert parse_identity(identity.secret_text()) == identity
    assert parse_recipient(str(identity.recipient)) == identity.recipient


def test_a_private_key_stays_out_of_its_repr() -> None:
    identity = new_identity()
    assert identity.private.hex() not in repr(identity)
    assert repr(identity) == "Identity()"


@given(KEYS, KEYS)
def test_both_sides_have_one_secret(one: bytes, other: bytes) -> None:
    assert shared_secret(one, public_key(other)) == shared_secret(other, public_key(one))


@given(KEYS)
def test_a_file_key_comes_back(private: bytes) -> None:
    identity = Identity(private)
    assert identity.unwrap(identity.recipient.wrap(FILE_KEY)) == FILE_KEY


def test_somebody_else_gets_nothing() -> None:
    stanza = new_identity().recipient.wrap(FILE_KEY)
    assert new_identity().unwrap(stanza) is None
    assert new_identity().unwrap(Stanza("other", (), b"")) is None


@pytest.mark.parametrize("number", LOW_ORDER)
def test_a_point_of_low_order_is_refused(number: int) -> None:
    with pytest.raises(Refused) as refusal:
        check_point(number.to_bytes(32, "little"))
    assert code_of(refusal) == "bidding.low_order"


@pytest.mark.parametrize("number", [PRIME, PRIME + 9, 2**255 - 1, 2**255 + 9, 2**256 - 1])
def test_a_point_not_below_the_prime_is_refused(number: int) -> None:
    with pytest.raises(Refused) as refusal:
        check_point(number.to_bytes(32, "little"))
    assert code_of(refusal) == "bidding.point"


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_point_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(Refused) as refusal:
        check_point(bytes([9]) * length)
    assert code_of(refusal) == "bidding.point"


def test_a_stanza_of_another_form_is_refused() -> None:
    stanza = new_identity().recipient.wrap(FILE_KEY)
    long_share = encode64(bytes([9]) + bytes(32)).decode()
    for bad, code in (
        (Stanza("X25519", (), stanza.body), "bidding.x25519_stanza"),
        (Stanza("X25519", (*stanza.arguments, "more"), stanza.body), "bidding.x25519_stanza"),
        (Stanza("X25519", stanza.arguments, stanza.body + b"\0"), "bidding.x25519_stanza"),
        (Stanza("X25519", (stanza.arguments[0] + "=",), stanza.body), "bidding.base64"),
        (Stanza("X25519", (long_share,), stanza.body), "bidding.point"),
    ):
        with pytest.raises(Refused) as refusal:
            read_share(bad)
        assert code_of(refusal) == code


@pytest.mark.parametrize("text", ["", "age1", "AGE1ZVKYG2LQZRAA2LNJVQEJ32NKUU0UES2S82HZRYE869XEEXVN73EQUNUJWJ", "a b"])
def test_bad_texts_of_public_keys_are_refused(text: str) -> None:
    with pytest.raises(Refused):
        parse_recipient(text)


def test_a_public_key_is_no_private_key() -> None:
    identity = new_identity()
    with pytest.raises(Refused):
        parse_identity(str(identity.recipient))
    with pytest.raises(Refused):
        parse_recipient(identity.secret_text())
    with pytest.raises(Refused):
        parse_identity(identity.secret_text().lower())


def test_a_text_with_a_low_order_point_is_refused() -> None:
    with pytest.raises(Refused):
        parse_recipient(str(Recipient(bytes(32))))
