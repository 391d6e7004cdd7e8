"""Pure. The inclusion proof of a receipt's leaf, as it travels in JSON: made from a proof, and checked.

Enters: a leaf hash, facts {"index", "size", "path", "checkpoint"}, the log's name and public key. Leaves: the
checkpoint that covers the leaf (RFC 9162 2.1.3.2, C2SP tlog-checkpoint).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NoReturn

from ledger import merkle, note
from ledger.errors import Broken, _, refused


def as_facts(index: int, size: int, path: Sequence[bytes], checkpoint: bytes) -> dict[str, object]:
    """The proof as JSON."""
    return {"index": index, "size": size, "path": [node.hex() for node in path], "checkpoint": checkpoint.decode()}


def check_inclusion(leaf: bytes, facts: object, origin: str, public: bytes) -> note.Checkpoint:
    """The checkpoint over `leaf`; refused `bidding.proof` when the proof does not hold in this log."""
    if not isinstance(facts, Mapping):
        _unproved()
    try:
        checkpoint = note.read(str(facts["checkpoint"]).encode(), public)
        path = [bytes.fromhex(node) for node in facts["path"]]
        index, size = int(facts["index"]), int(facts["size"])
    except (KeyError, TypeError, ValueError, OverflowError, Broken):
        _unproved()
    right = (checkpoint.origin, checkpoint.size) == (origin, size)
    if not right or not merkle.included(leaf, index, size, path, checkpoint.root):
        _unproved()
    return checkpoint


def _unproved() -> NoReturn:
    refused("bidding.proof", _("The proof does not show the entry in the log."))
