"""Pure. Timestamps over checkpoints (RFC 3161): what a token is over, and what it says about another checkpoint.

Enters: signed checkpoints, the answer of a timestamp authority, the log's key, the certificates that the asker trusts
for timestamps. Leaves: the instant at which the tree existed, by the word of somebody who is not the log.

A token is over the signed note as the log made it: text, empty line, the log's own signature line, each ended by a line
feed, and no cosignature (`own_note`). Its imprint is SHA-256 of these bytes. One token stands for everything that the
tree holds at that size: that is the batch. A checkpoint that got no token of its own is dated by the first later one
that has, with a consistency proof between the two:

    dated(point, Dated(signed, token, proof), log_key, roots) -> datetime

A bundle therefore carries three things beside its checkpoint: the note `signed` that the token is over, the token (the
whole TimeStampResp in DER), and the hashes of the proof (none where both are the same size). On the site
`ledger.dating.dating(size)` gives them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509

from ledger import merkle, note, timestamps
from ledger.errors import Broken, Reason, Refused, _


@dataclass(frozen=True)
class Dated:
    """A token over the signed note `signed`; `proof` leads from an earlier checkpoint to it (RFC 6962)."""

    signed: bytes
    token: bytes
    proof: tuple[bytes, ...] = ()


def own_note(signed: bytes, public: bytes) -> bytes:
    """The note as the log itself signed it, whatever cosignatures `signed` carries; `Broken` when it did not."""
    note.read(signed, public)
    text = note.text_of(signed).text()
    candidates = (f"{text}\n{line}\n".encode() for line in note.signature_lines(signed))
    for candidate in candidates:
        if _holds(candidate, public):
            return candidate
    raise Broken(_("the checkpoint carries no signature of this log"))


def _holds(signed: bytes, public: bytes) -> bool:
    try:
        note.read(signed, public)
    except Broken:
        return False
    return True


def token_time(token: bytes, signed: bytes, public: bytes, roots: Iterable[x509.Certificate]) -> datetime:
    """The instant in `token` if it is over the checkpoint `signed` and one of `roots` vouches for its authority.

    Raises `Refused` timestamp.malformed, .rejected, .wrong, and `Broken` when the log did not sign the checkpoint.
    """
    return timestamps.check(token, own_note(signed, public), roots)


def dated(point: note.Checkpoint, by: Dated, public: bytes, roots: Iterable[x509.Certificate]) -> datetime:
    """The instant at which the tree of `point` existed at the latest.

    Raises as `token_time`, and `Refused` timestamp.other_log when the dated checkpoint does not continue `point`.
    """
    at = token_time(by.token, by.signed, public, roots)
    later = note.text_of(by.signed)
    if later.origin != point.origin or not merkle.consistent(point.size, later.size, point.root, later.root, by.proof):
        text = _("The timestamp is over a checkpoint that does not continue this one.")
        raise Refused(Reason("timestamp.other_log", text))
    return at
