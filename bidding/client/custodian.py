"""A custodian's work: register a key, sign the sheets, and, when the hour has come, release the shares of a lot.

Enters: a session, the custodian's key folder. Leaves: signatures and shares, each only after the client's own checks
(sealing.md, "Policy and custody sheet" and "Opening" 2, 3). The private key never leaves the folder.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bidding.client.keys import KeyFolder, write_private
from bidding.client.session import Session
from bidding.client.submitting import check_proof
from bidding.custodian_key import POLICY, key_record
from bidding.envelope import stanza
from bidding.envelope.header import parse_header
from bidding.envelope.policy import parse_policy
from bidding.envelope.receiving import check_header
from bidding.envelope.sheet import CustodySheet, read_sheet, sheet_digest
from bidding.envelope.x25519 import Identity
from bidding.events import LotClosed
from bidding.statement import Piece, make_statement
from ledger import merkle
from ledger.canon import tag_of
from ledger.errors import Refused, _, refused
from ledger.events import Entry, read_entry

LEAST = 3  # live envelopes, below which nothing is opened (Bidding Law, article 28)
Progress = Callable[[int, int], None]


def no_progress(_done: int, _count: int) -> None:
    """Nobody watches."""


def register_key(session: Session, folder: KeyFolder, tender: str) -> dict[str, Any]:
    """Register the folder's custodian key for all lots of a tender."""
    facts = session.get(f"/bidding/tenders/{tender}/custody")
    key = folder.custodian_key().recipient.key
    data = key_record(tender, facts["round"], facts["label"], facts["holder"], key)
    return session.post(f"/bidding/tenders/{tender}/key", {"key": key, "signature": folder.pen().sign(data)})


def sign_sheets(session: Session, folder: KeyFolder, tender: str) -> dict[str, Any]:
    """Sign the sheet of every lot, after the own key was found under the own label in each; keeps what was signed."""
    facts = session.get(f"/bidding/tenders/{tender}/custody")
    pen, key, signed = folder.pen(), folder.custodian_key().recipient.key, []
    for one in facts["sheets"]:
        data = base64.b64decode(one["sheet"])
        sheet = read_sheet(data)
        _check_own(sheet, one["lot"], facts, key)
        _keep(folder, one["lot"], data)
        signed.append({"lot": one["lot"], "signature": pen.sign(data)})
    return session.post(f"/bidding/tenders/{tender}/sheets", {"sheets": signed})


def _check_own(sheet: CustodySheet, lot: str, facts: Mapping[str, Any], key: bytes) -> None:
    own = [leaf.label for leaf in sheet.leaves if leaf.key == key and leaf.holder == facts["holder"]]
    if (sheet.lot, sheet.round, sheet.policy) != (lot, facts["round"], POLICY) or own != [facts["label"]]:
        refused("bidding.sheet_not_mine", _("Your own key does not stand under your own label in this custody sheet."))


def _keep(folder: KeyFolder, lot: str, data: bytes) -> None:
    path = folder.path / f"{lot}.sheet"
    path.unlink(missing_ok=True)
    write_private(path, data)


def signed_sheet(folder: KeyFolder, lot: str) -> CustodySheet:
    """The sheet of the lot that this custodian signed."""
    path = folder.path / f"{lot}.sheet"
    if not path.exists():
        refused("bidding.sheet_not_signed", _("This custodian has not signed a custody sheet for the lot."))
    return read_sheet(path.read_bytes())


@dataclass(frozen=True)
class EnvelopeHeader:
    """Of one envelope: submission id, size of the file, header bytes."""

    submission: str
    size: int
    header: bytes


@dataclass(frozen=True)
class Headers:
    """What the site gives to a custodian: the closing entry as read, and the envelopes by receipt number."""

    closing: Entry
    envelopes: Mapping[str, EnvelopeHeader]


def read_headers(facts: Mapping[str, Any], log_key: str) -> Headers:
    """The facts, once the closing entry was found under a signed checkpoint of the pinned log."""
    closing = facts["closing"]
    leaf, path = base64.b64decode(closing["leaf"]), [base64.b64decode(node).hex() for node in closing["path"]]
    check_proof(merkle.leaf_hash(leaf), {**closing, "path": path}, log_key)
    entry = read_entry(leaf)
    if entry.tag != tag_of(LotClosed):
        refused("bidding.no_closing", _("This is not the closing entry of a lot."))
    found = {
        one["receipt"]: EnvelopeHeader(one["submission"], one["size"], base64.b64decode(one["header"]))
        for one in facts["envelopes"]
    }
    return Headers(entry, found)


def check_before_release(given: Headers, sheet: CustodySheet, now: datetime) -> None:
    """Everything a custodian's client checks before it decrypts; refused with what is wrong.

    `bidding.too_early`, `bidding.too_few_bids`, `bidding.other_lot`, `bidding.headers_differ`, `bidding.copied`, and
    what the receiving of an envelope checks.
    """
    closing, expected = given.closing.values, {one.number: one.header for one in given.closing.values["envelopes"]}
    if now < closing["deadline"]:
        refused("bidding.too_early", _("No share is given before the deadline, by the own clock."))
    if (closing["lot"], closing["round"]) != (sheet.lot, sheet.round):
        refused("bidding.other_lot", _("The closing entry is that of another lot or round."))
    if closing["count"] != len(expected) or closing["count"] < LEAST:
        refused("bidding.too_few_bids", _("There are fewer bids than the law asks for: nothing is opened."))
    if {number: hashlib.sha256(one.header).digest() for number, one in given.envelopes.items()} != expected:
        refused("bidding.headers_differ", _("The headers are not those that the closing entry counted."))
    received = [
        check_header(one.header, sheet=sheet, submission=one.submission, size=one.size)
        for one in given.envelopes.values()
    ]
    if len({one.share for one in received}) < len(received):
        refused("bidding.copied", _("Two envelopes have the same share: one is a copy."))


def shares_of(
    given: Headers, sheet: CustodySheet, identity: Identity, progress: Progress = no_progress
) -> Iterator[tuple[Piece, bytes | None]]:
    """For each envelope, in the order of numbers, the piece to sign and the share, or None where it does not open."""
    label = next((leaf.label for leaf in sheet.leaves if leaf.key == identity.recipient.key), None)
    if label is None:
        refused("bidding.not_on_sheet", _("This key does not stand in the custody sheet."))
    index = parse_policy(sheet.policy).labels.index(label)
    for count, number in enumerate(sorted(given.envelopes), 1):
        data = given.envelopes[number].header
        opening = stanza.read(parse_header(data).stanzas[0])
        header = hashlib.sha256(data).digest()
        try:
            share = stanza.unwrap(opening, index, identity.private)
        except Refused:
            yield Piece(number, header, None), None
        else:
            yield Piece(number, header, stanza.commitment(opening.context, opening.share, index, share)), share
        progress(count, len(given.envelopes))


def release(session: Session, folder: KeyFolder, lot: str, *, progress: Progress = no_progress) -> dict[str, Any]:
    """Check, decrypt the own leaves, and post one signed batch for the whole lot."""
    sheet, identity = signed_sheet(folder, lot), folder.custodian_key()
    given = read_headers(session.get(f"/bidding/lots/{lot}/headers"), folder.log_key())
    check_before_release(given, sheet, session.clock())
    pairs: Sequence[tuple[Piece, bytes | None]] = list(shares_of(given, sheet, identity, progress))
    label = next(leaf.label for leaf in sheet.leaves if leaf.key == identity.recipient.key)
    statement = make_statement(sheet.lot, sheet.round, sheet_digest(sheet), label, [piece for piece, _share in pairs])
    shares = [{"receipt": piece.receipt, "share": share} for piece, share in pairs]
    form = {"leaf": label, "shares": shares, "signature": folder.pen().sign(statement)}
    return session.post(f"/bidding/lots/{lot}/release", form)
