"""Pure. What a custodian signs when giving the shares of a lot (sealing.md, "Opening" 3).

Enters: lot, round, sheet digest, leaf label, and for each envelope of the closing entry its header and either the share
or the testimony that the leaf does not open. Leaves: canonical bytes for one detached CMS signature. Shares are not in
them: the statement names the commitment that stands in the envelope, so it may be published.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from bidding.envelope import stanza
from bidding.envelope.header import parse_header
from bidding.envelope.sheet import CustodySheet, policy_of
from ledger.canon import encode, record


@record("sunlight.piece/1")
class Piece:
    """One envelope: receipt number, SHA-256 of its header, the share's commitment (32 bytes) or None: does not open."""

    receipt: str
    header: bytes
    commitment: bytes | None


@record("sunlight.release/1")
class Statement:
    """Everything one custodian gives for a lot, in the order of the receipt numbers, as the closing entry has it."""

    lot: str
    round: int
    sheet: bytes
    leaf: str
    pieces: tuple[Piece, ...]


def make_statement(lot: str, number: int, sheet: bytes, leaf: str, pieces: Iterable[Piece]) -> bytes:
    """The bytes to sign."""
    return encode(Statement(lot=lot, round=number, sheet=sheet, leaf=leaf, pieces=tuple(pieces)))


def make_piece(sheet: CustodySheet, label: str, receipt: str, header: bytes, share: bytes | None) -> Piece:
    """The piece about one envelope; refused `bidding.share_mismatch` when the share is not the one committed to."""
    digest = hashlib.sha256(header).digest()
    if share is None:
        return Piece(receipt, digest, None)
    opening = stanza.read(parse_header(header).stanzas[0])
    index = policy_of(sheet).labels.index(label)
    stanza.check_share(opening, index, share)
    return Piece(receipt, digest, stanza.commitment(opening.context, opening.share, index, share))


def statement_digest(statement: bytes) -> bytes:
    """SHA-256 of a statement: what the ledger names."""
    return hashlib.sha256(statement).digest()


@record("sunlight.share/1")
class KeptShare:
    """A share of 16 bytes, or None where the leaf did not open."""

    receipt: str
    share: bytes | None


@record("sunlight.batch/1")
class KeptBatch:
    """The shares of one custodian as they are kept, encrypted: never in the ledger, never in the public bundle."""

    leaf: str
    shares: tuple[KeptShare, ...]
