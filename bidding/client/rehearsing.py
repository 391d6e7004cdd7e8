"""The rehearsal on a custodian's own machine: the agent's client seals a dummy bid, every client gives its share of it.

Enters: what the site says of the rehearsal (JSON), the sheet that the custodian signed, keys. Leaves: the sealed dummy
bid with the share of leaf `b` where the policy has one (its key is made for this and thrown away); a share with the
statement to sign. A share is given for round 0 of the own tender alone: no bid is sealed for that sheet.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

from cryptography import x509

from bidding.custody.signed_sheet import credit_code_of
from bidding.envelope import stanza
from bidding.envelope.header import ENVELOPE
from bidding.envelope.manifest import Manifest, write_manifest
from bidding.envelope.packing import Package, measure
from bidding.envelope.policy import BIDDER
from bidding.envelope.receiving import check_header
from bidding.envelope.sealing import new_salt, seal
from bidding.envelope.sheet import CustodySheet, policy_of, read_sheet, sheet_digest
from bidding.envelope.unsealing import leaf_of
from bidding.envelope.x25519 import new_identity
from bidding.opening.statement import make_piece, make_statement
from ledger import cms
from ledger.errors import _, refused

ROUND = 0
TEXT = "A rehearsal: nobody bids here. 演练：这不是投标。\n".encode()
TOOL = "sunlight client 0.1.0"


@dataclass(frozen=True)
class DummyBid:
    """A sealed rehearsal; `own_share` is the share of leaf `b`, b"" where the policy has none."""

    envelope: bytes = field(repr=False)
    own_share: bytes = field(repr=False)


class Signer(Protocol):
    """Whose certificate and signature the dummy bid carries."""

    @property
    def certificate(self) -> x509.Certificate:
        """The certificate."""

    def sign(self, data: bytes) -> bytes:
        """A detached CMS signature."""


def seal_dummy(signed: bytes, name: str, pen: Signer, at: datetime) -> DummyBid:
    """A dummy bid for the rehearsal's sheet `signed` (its bytes), made like any bid and signed by the agent's `pen`."""
    sheet, salt, own = rehearsal_sheet(signed), new_salt(), new_identity()
    asks = policy_of(sheet).asks_bidder
    files = [measure("rehearsal.txt", lambda: io.BytesIO(TEXT))]
    manifest = write_manifest(
        Manifest(
            lot=sheet.lot, round=sheet.round, sheet=sheet_digest(sheet), submission=salt.hex(),
            credit_code=credit_code_of(pen.certificate), name=name, own_key=own.recipient.key if asks else None,
            price=Decimal("0.01"), items=(), files=tuple(one.entry for one in files), tool=TOOL,
            maker=cms.fingerprint(pen.certificate), time=at,
        )
    )  # fmt: skip
    sink, package = io.BytesIO(), io.BufferedReader(Package(manifest, pen.sign(manifest), files))
    made = seal(package, sink, sheet=sheet, salt=salt, own=own.recipient if asks else None)
    if not asks:
        return DummyBid(sink.getvalue(), b"")
    opening = check_header(made.header, sheet=sheet, submission=salt.hex(), size=made.size).opening
    return DummyBid(sink.getvalue(), stanza.unwrap(opening, opening.policy.labels.index(BIDDER), own.private))


def rehearsal_sheet(signed: bytes) -> CustodySheet:
    """The sheet in these bytes; refused unless it is a rehearsal's."""
    sheet = read_sheet(signed)
    if sheet.round != ROUND:
        refused(
            "bidding.no_rehearsal_here", _("This custody sheet is not that of a rehearsal: bids are sealed for it.")
        )
    return sheet


@dataclass(frozen=True)
class RehearsalShare:
    """What to post: the leaf's label, its share, and the bytes to sign."""

    leaf: str
    share: bytes = field(repr=False)
    statement: bytes


def give(facts: Mapping[str, Any], signed: bytes, private: bytes) -> RehearsalShare:
    """The share of the holder of `private` who signed the rehearsal's sheet `signed`; refused on any doubt.

    Refused `bidding.other_sheet_shown`, `.no_rehearsal_here`, `.leaf_closed` (the key does not open it), and for the
    header's form.
    """
    if base64.b64decode(facts["sheet"]) != signed:
        refused("bidding.other_sheet_shown", _("The site shows another custody sheet than the one you signed."))
    sheet, header = rehearsal_sheet(signed), base64.b64decode(facts["header"])
    received = check_header(
        header[: ENVELOPE.header], sheet=sheet, submission=str(facts["submission"]), size=int(facts["size"])
    )
    index = leaf_of(sheet, private)
    share, label = stanza.unwrap(received.opening, index, private), received.opening.policy.labels[index]
    piece = make_piece(sheet, label, received.submission, header, share)
    return RehearsalShare(label, share, make_statement(sheet.lot, sheet.round, sheet_digest(sheet), label, [piece]))
