"""The shared vectors are what Python computes, and they have power: both answers occur."""

from __future__ import annotations

from ledger.witness.cosignature import Witness
from tests.ledger.witness.makers import public
from tests.ledger.witness.vectors import VECTORS, notes, taken, text_of, witness_vectors


def test_the_file_is_what_we_compute() -> None:
    assert VECTORS.read_text() == text_of(witness_vectors())


def test_the_vectors_have_both_answers() -> None:
    assert {len(one["enough"]) for one in taken()} >= {1, 3}  # type: ignore[arg-type]
    found = [one["cosigners"] for one in notes()]
    assert [] in found
    assert ["bank"] in found
    assert ["bank", "bidders", "regulator"] in found
    assert Witness("bank.example", public(4)).verifier_key in witness_vectors()["policy"]  # type: ignore[operator]
