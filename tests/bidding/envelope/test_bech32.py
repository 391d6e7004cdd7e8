"""Bech32: the strings of BIP 173, and keys as age writes them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bidding.envelope.bech32 import decode, encode
from ledger.errors import Refused

VALID = [
    "an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1tt5tgs",
    "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw",
    "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj",
]
BAD = {
    "foreign letter": "abcdef1bpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw",
    "mixed case": "Abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw",
    "wrong checksum": "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxq",
    "no prefix": "1qzzfhee",
    "no separator": "pzry9x0s0muk",
    "checksum too short": "li1dgmt3",
    "prefix not visible": "\x201nwldj5",
    "loose bits": "a1lqfn3a",
    "empty": "",
    "not ascii": "age1é",
}


@pytest.mark.parametrize("text", VALID)
def test_a_valid_string_reads_and_writes_back(text: str) -> None:
    assert encode(*decode(text)) == text


def test_upper_case_reads_the_same() -> None:
    assert decode(VALID[1].upper()) == decode(VALID[1])


@pytest.mark.parametrize("text", BAD.values(), ids=list(BAD))
def test_a_bad_string_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refusal:
        decode(text)
    assert refusal.value.codes == ["bidding.key_text"]


@given(st.binary(max_size=80))
def test_all_bytes_come_back(data: bytes) -> None:
    assert decode(encode("age", data)) == ("age", data)


@given(st.binary(min_size=32, max_size=32), st.integers(0, 57), st.sampled_from("qpzry9x8gf2tvdw0s3jn54khce6mua7l"))
def test_one_wrong_letter_is_always_found(data: bytes, place: int, letter: str) -> None:
    text = encode("age", data)
    wrong = text[: 4 + place] + letter + text[5 + place :]
    if wrong != text:
        with pytest.raises(Refused):
            decode(wrong)
