"""Pure. A custodian's client at the opening: check everything, then decrypt the own leaf of every bid (sealing.md).

Enters: what `GET /bidding/lots/<lot>/headers` answers (JSON), the sheet that the custodian signed, the private key, the
client's own clock, the log's public key. Leaves: one share or None for each receipt number, and the statement to sign.
Nothing is decrypted unless every check passed.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bidding.envelope import stanza
from bidding.envelope.receiving import ReceivedHeader, check_header
from bidding.envelope.sheet import CustodySheet, policy_of, read_sheet, sheet_digest
from bidding.envelope.unsealing import leaf_of
from bidding.events import LotClosed
from bidding.opening.statement import Piece, make_statement
from bidding.submission.count import Envelopes, counted_in
from ledger import merkle, note
from ledger.canon import Malformed, tag_of
from ledger.errors import Broken, Refused, _, refused
from ledger.events import Entry, read_entry
from ledger.witness.policy import Policy, cosigners

Progress = Callable[[int, int], None]


def no_progress(_done: int, _count: int) -> None:
    """Nobody watches."""


@dataclass(frozen=True)
class Batch:
    """What to post: the leaf's label, share (16 bytes) or None by receipt number, and the bytes to sign."""

    leaf: str
    shares: Mapping[str, bytes | None] = field(repr=False)
    statement: bytes

    def body(self, signature: bytes) -> dict[str, object]:
        """The JSON body of `POST /bidding/lots/<lot>/release`."""
        shares = [
            {"receipt": number, "share": None if share is None else base64.b64encode(share).decode()}
            for number, share in self.shares.items()
        ]
        return {"leaf": self.leaf, "shares": shares, "signature": base64.b64encode(signature).decode()}


def _bytes(text: object) -> bytes:
    try:
        return base64.b64decode(str(text), validate=True)
    except ValueError:
        refused("bidding.headers_form", _("What the site says about the bids is not written as it must be."))


def give(
    facts: Mapping[str, Any],
    signed: bytes,
    private: bytes,
    *,
    now: datetime,
    log_key: bytes,
    witnesses: Policy | None = None,
    progress: Progress = no_progress,
) -> Batch:
    """The batch of the custodian who signed the sheet `signed` (its bytes) and holds `private`; refused on any doubt.

    `log_key` is the log's Ed25519 public key (32 bytes); the closing entry must be under a checkpoint it signed and,
    with the custodian's own policy of `witnesses`, that its quorum cosigned at or after the deadline.
    """
    sheet = read_sheet(signed)
    if _bytes(facts["sheet"]) != signed:
        refused("bidding.other_sheet_shown", _("The site shows another custody sheet than the one you signed."))
    closing = _closing(facts["closing"], log_key)
    counted = _counted(closing, _bytes(facts["closing"].get("listed", "")))
    _check_closing(closing, counted, sheet, now, int(facts["least"]))
    if witnesses is not None:
        _check_witnesses(str(facts["closing"]["checkpoint"]).encode(), witnesses, closing.values["deadline"])
    headers = _headers(facts["envelopes"], counted, sheet)
    index = leaf_of(sheet, private)
    shares: dict[str, bytes | None] = {}
    for number, header in headers.items():
        shares[number] = _share(header.opening, index, private)
        progress(len(shares), len(headers))
    pieces = [Piece(number, one.digest, _commitment(one, index, shares[number])) for number, one in headers.items()]
    label = policy_of(sheet).labels[index]
    return Batch(label, shares, make_statement(sheet.lot, sheet.round, sheet_digest(sheet), label, pieces))


def _closing(shown: Mapping[str, Any], log_key: bytes) -> Entry:
    """The closing entry, once it is proved to be in the log."""
    leaf, path = _bytes(shown["leaf"]), [_bytes(node) for node in shown["path"]]
    try:
        point = note.read(str(shown["checkpoint"]).encode(), log_key)
        entry = read_entry(leaf)
    except Broken:
        refused("bidding.closing_not_proved", _("The count of the bids is not proved to be in the log."))
    index, size = int(shown["index"]), int(shown["size"])
    if point.size != size or not merkle.included(merkle.leaf_hash(leaf), index, size, path, point.root):
        refused("bidding.closing_not_proved", _("The count of the bids is not proved to be in the log."))
    return entry


def _counted(closing: Entry, listed: bytes) -> Envelopes:
    """What the closing entry counts, by itself or by the list that it names."""
    try:
        if closing.tag == tag_of(LotClosed):
            return counted_in(closing.values, lambda _digest: listed)
    except Malformed:
        pass
    return refused("bidding.other_closing", _("The count shown is that of another lot or round."))


def _check_closing(closing: Entry, counted: Envelopes, sheet: CustodySheet, now: datetime, least: int) -> None:
    said = closing.values
    if (said["lot"], said["round"]) != (sheet.lot, sheet.round):
        refused("bidding.other_closing", _("The count shown is that of another lot or round."))
    if now < said["deadline"]:
        refused("bidding.before_deadline", _("By your own clock the deadline has not passed."))
    if len(counted) < least:
        refused("bidding.below_minimum", _("Fewer bids than the law asks for: nothing is opened."))


def _check_witnesses(signed: bytes, policy: Policy, deadline: datetime) -> None:
    if not policy.satisfied(cosigners(signed, policy, deadline)):
        text = _("Not enough witnesses of your policy have cosigned the count after the deadline.")
        refused("bidding.closing_unwitnessed", text)


def _headers(rows: Sequence[Mapping[str, Any]], named: Envelopes, sheet: CustodySheet) -> dict[str, ReceivedHeader]:
    """The header of every counted envelope, by receipt number, in the order of the closing entry."""
    found = {
        str(row["receipt"]): check_header(
            _bytes(row["header"]), sheet=sheet, submission=str(row["submission"]), size=int(row["size"])
        )
        for row in rows
    }
    counted = {one.number: one.header for one in named}
    if {number: header.digest for number, header in found.items()} != counted or len(rows) != len(counted):
        refused("bidding.other_headers", _("The headers shown are not those of the counted bids."))
    if len({header.share for header in found.values()}) < len(found):
        refused("bidding.shares_repeat", _("Two of the bids carry the same share: one is a copy of the other."))
    return {number: found[number] for number in sorted(found)}


def _share(opening: stanza.Opening, index: int, private: bytes) -> bytes | None:
    try:
        return stanza.unwrap(opening, index, private)
    except Refused:
        return None


def _commitment(header: ReceivedHeader, index: int, share: bytes | None) -> bytes | None:
    if share is None:
        return None
    return stanza.commitment(header.opening.context, header.share, index, share)
