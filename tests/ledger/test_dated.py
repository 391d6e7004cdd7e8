"""Timestamps over checkpoints: what they are over, what they say of an earlier checkpoint, and what they do not say."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger import merkle, note, timestamps
from ledger.dated import Dated, dated, own_note, token_time
from ledger.errors import Broken, Refused
from ledger.timestamp_authority import respond
from ledger.witness.cosignature import cosign
from tests.ledger.test_timestamps import AT, KEY, OWN, ROOT
from tests.ledger.witness.makers import key as witness_key

LOG_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = note.raw_public(LOG_KEY.public_key())
LEAVES = [merkle.leaf_hash(bytes([number])) for number in range(11)]


def subtree(start: int, end: int) -> bytes:
    """The hash over leaves [start, end)."""
    return merkle.root_of(LEAVES[start:end])


def point(size: int, origin: str = "log.example") -> note.Checkpoint:
    """The checkpoint of the first leaves."""
    return note.Checkpoint(origin, size, subtree(0, size))


def stamped(data: bytes) -> bytes:
    """A token over `data`."""
    return respond(timestamps.ask(data).query, OWN, KEY, AT, 7)


def dating(old: int, size: int) -> Dated:
    """What dates the tree of `old`, by a token over the one of `size`."""
    signed = note.sign(point(size), LOG_KEY)
    proof = merkle.consistency_proof(old, size, subtree) if old < size else []
    return Dated(signed, stamped(signed), tuple(proof))


@pytest.mark.parametrize(("old", "size"), [(11, 11), (1, 11), (4, 8), (7, 11)])
def test_a_token_dates_its_checkpoint_and_every_earlier_one(old: int, size: int) -> None:
    assert dated(point(old), dating(old, size), PUBLIC, [ROOT]) == AT.replace(microsecond=0)


def test_cosignatures_make_no_difference_to_what_a_token_is_over() -> None:
    signed = note.sign(point(11), LOG_KEY)
    line = cosign(point(11), "witness.example", witness_key(7), 1_772_413_200).encode()
    head, own = signed.split(b"\n\n")
    for cosigned in (signed + line, head + b"\n\n" + line + own):
        assert own_note(cosigned, PUBLIC) == signed
        assert token_time(stamped(signed), cosigned, PUBLIC, [ROOT]) == AT.replace(microsecond=0)
    with pytest.raises(Refused) as caught:
        token_time(stamped(signed + line), signed + line, PUBLIC, [ROOT])
    assert caught.value.codes == ["timestamp.wrong"]


def test_a_checkpoint_of_another_log_is_not_ours() -> None:
    other = note.sign(point(11), Ed25519PrivateKey.generate())
    with pytest.raises(Broken, match="no signature of this log"):
        token_time(stamped(other), other, PUBLIC, [ROOT])


SPOILT: dict[str, Callable[[Dated], tuple[note.Checkpoint, Dated]]] = {
    "a step less": lambda good: (point(7), Dated(good.signed, good.token, good.proof[:-1])),
    "no proof": lambda good: (point(7), Dated(good.signed, good.token)),
    "another root": lambda good: (note.Checkpoint("log.example", 7, bytes(32)), good),
    "another log": lambda good: (point(7, "other.example"), good),
    "a later one": lambda _good: (point(11), dating(7, 7)),
}


@pytest.mark.parametrize("case", SPOILT)
def test_what_does_not_continue_is_not_dated(case: str) -> None:
    asked, by = SPOILT[case](dating(7, 11))
    with pytest.raises(Refused) as caught:
        dated(asked, by, PUBLIC, [ROOT])
    assert caught.value.codes == ["timestamp.other_log"]
