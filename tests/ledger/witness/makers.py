"""Small logs and witnesses for tests: keys from a number, trees in memory."""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger import merkle, note
from ledger.witness.asking import Question
from ledger.witness.clerk import Clerk
from ledger.witness.keeping import Keeper

ORIGIN = "log.example/one"
NAME = "witness.example/w1"
NOON = 1_774_000_000


def key(number: int) -> Ed25519PrivateKey:
    """A key that is the same in every run."""
    return Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)


def public(number: int) -> bytes:
    """Its public half, 32 bytes."""
    return note.raw_public(key(number).public_key())


def leaves(count: int, face: str = "a") -> list[bytes]:
    """Leaf hashes of a log; another `face` is another history."""
    return [merkle.leaf_hash(f"{face}{number}".encode()) for number in range(count)]


def checkpoint(count: int, face: str = "a", origin: str = ORIGIN) -> note.Checkpoint:
    """What the log says at `count` leaves."""
    return note.Checkpoint(origin, count, merkle.root_of(leaves(count, face)))


def question(old: int, new: int, face: str = "a", signer: int = 1) -> Question:
    """A question that leads from `old` to `new` leaves of one history."""
    proof = merkle.consistency_proof(old, new, merkle.subtree_of(leaves(new, face))) if 0 < old < new else []
    return Question(old, tuple(proof), note.sign(checkpoint(new, face), key(signer)))


def clerk(folder: Path) -> Clerk:
    """A witness with key 2 that knows the log with key 1, at noon."""
    return Clerk(NAME, key(2), {ORIGIN: public(1)}, Keeper(folder), seconds=lambda: NOON)
