"""Cosignatures: the bytes of tlog-cosignature, and nothing but the witness's own."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import note
from ledger.errors import Broken
from ledger.witness.cosignature import LATEST, Witness, check, cosign, message, parse_verifier_key
from tests.ledger.witness.makers import NAME, NOON, checkpoint, key, public

# The example of C2SP tlog-cosignature.md: a checkpoint and one line of a witness, whose key is not printed there.
PRINTED = note.Checkpoint(
    "example.com/behind-the-sofa", 20852163, base64.b64decode("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=")
)
WHO = Witness(NAME, public(2))


def test_the_message_is_the_one_that_the_specification_prints() -> None:
    assert message(PRINTED, 1679315147) == (
        b"cosignature/v1\ntime 1679315147\nexample.com/behind-the-sofa\n20852163\n"
        b"CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    )


@given(size=st.integers(1, 40), at=st.integers(0, LATEST))
def test_a_cosignature_is_checked_to_its_time(size: int, at: int) -> None:
    line = cosign(checkpoint(size), NAME, key(2), at)
    assert line.startswith(f"— {NAME} ")
    assert check(line.rstrip("\n"), checkpoint(size), WHO) == at


@pytest.mark.parametrize("other", [Witness(NAME, public(3)), Witness("witness.example/w2", public(2))])
def test_it_is_nobody_elses(other: Witness) -> None:
    line = cosign(checkpoint(3), NAME, key(2), NOON).rstrip("\n")
    with pytest.raises(Broken):
        check(line, checkpoint(3), other)


@pytest.mark.parametrize(
    "changed", [checkpoint(4), checkpoint(3, "b"), replace(checkpoint(3), origin="log.example/two")]
)
def test_it_is_over_this_checkpoint_alone(changed: note.Checkpoint) -> None:
    line = cosign(checkpoint(3), NAME, key(2), NOON).rstrip("\n")
    with pytest.raises(Broken):
        check(line, changed, WHO)


@given(place=st.integers(0, 75), bit=st.integers(0, 7))
def test_no_bit_of_it_can_be_another(place: int, bit: int) -> None:
    head, _space, blob = cosign(checkpoint(3), NAME, key(2), NOON).rstrip("\n").rpartition(" ")
    raw = bytearray(base64.b64decode(blob))
    raw[place] ^= 1 << bit
    with pytest.raises(Broken):
        check(f"{head} {base64.b64encode(raw).decode()}", checkpoint(3), WHO)


@pytest.mark.parametrize(
    "line", ["", "— ", f"— {NAME} ", f"— {NAME} !!!!", f"— {NAME} é", f"{NAME} AAAA", f"— {NAME} AAAA"]
)
def test_what_is_no_cosignature_is_refused(line: str) -> None:
    with pytest.raises(Broken):
        check(line, checkpoint(3), WHO)


def test_a_witness_key_is_read_as_written() -> None:
    assert parse_verifier_key(WHO.verifier_key) == WHO


@pytest.mark.parametrize(
    "text",
    ["", "a+b", note.verifier_key(NAME, public(2)), WHO.verifier_key.replace("w1", "w2"), WHO.verifier_key + "A"],
    ids=["nothing", "no key", "a log's key", "another name", "longer"],
)
def test_what_is_no_witness_key_is_refused(text: str) -> None:
    with pytest.raises(Broken):
        parse_verifier_key(text)
