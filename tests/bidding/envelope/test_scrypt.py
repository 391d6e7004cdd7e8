"""Passphrases: what they wrap comes back, and work is bounded before it is done."""

from __future__ import annotations

import pytest

from bidding.envelope.header import Stanza
from bidding.envelope.scrypt import HIGHEST, WRITTEN, Passphrase
from ledger.errors import Refused

FILE_KEY = bytes(range(16))
LIGHT = Passphrase("一个口令 and more", work_factor=4)


def test_a_file_key_comes_back_under_the_same_passphrase() -> None:
    stanza = LIGHT.wrap(FILE_KEY)
    assert LIGHT.unwrap(stanza) == FILE_KEY
    assert Passphrase("another").unwrap(stanza) is None
    assert LIGHT.unwrap(Stanza("X25519", stanza.arguments, stanza.body)) is None


def test_the_costs_are_those_of_the_design() -> None:
    assert (WRITTEN, HIGHEST) == (18, 20)


def test_a_passphrase_stays_out_of_its_repr() -> None:
    assert "口令" not in repr(LIGHT)


@pytest.mark.parametrize(
    ("work", "code"),
    [
        ("21", "bidding.scrypt_work"),
        ("999", "bidding.scrypt_work"),
        ("0", "bidding.scrypt_stanza"),
        ("04", "bidding.scrypt_stanza"),
        ("+4", "bidding.scrypt_stanza"),
        ("4 ", "bidding.scrypt_stanza"),
        ("1000", "bidding.scrypt_stanza"),
        ("٤", "bidding.scrypt_stanza"),
    ],
)
def test_work_above_the_limit_or_oddly_written_is_refused_before_it_is_done(work: str, code: str) -> None:
    stanza = LIGHT.wrap(FILE_KEY)
    with pytest.raises(Refused) as refusal:
        LIGHT.unwrap(Stanza("scrypt", (stanza.arguments[0], work), stanza.body))
    assert refusal.value.codes == [code]


def test_a_stanza_of_another_form_is_refused() -> None:
    salt, work = LIGHT.wrap(FILE_KEY).arguments
    for arguments, length in (((salt,), 32), ((salt, work, work), 32), ((salt + "AA", work), 32), ((salt, work), 33)):
        with pytest.raises(Refused) as refusal:
            LIGHT.unwrap(Stanza("scrypt", arguments, bytes(length)))
        assert refusal.value.codes in (["bidding.scrypt_stanza"], ["bidding.base64"])
