"""The bidder's share of the own envelope at the opening, under a policy with `b` (sealing.md, "Opening" 4).

Enters: a session, the own identity, the receipts that lie in the folder. Leaves: the share, posted in its window. Only
the own leaf is decrypted, and only of the header whose digest stands in an own receipt; the file key stays unknown to
the site until enough custodians have come.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from cryptography import x509

from bidding.client.kept import BIDS
from bidding.client.reading import read_receipt
from bidding.client.session import Session
from bidding.envelope.policy import BIDDER
from bidding.envelope.receiving import check_header
from bidding.envelope.sheet import policy_of, read_sheet
from bidding.envelope.stanza import unwrap
from bidding.envelope.x25519 import Identity
from bidding.submission.receipt import CheckedReceipt, check_receipt
from ledger.errors import _, refused


def own_receipts(folder: Path, roots: Sequence[x509.Certificate]) -> Iterator[CheckedReceipt]:
    """Every receipt that lies among the kept bids, checked."""
    for path in sorted((folder / BIDS).glob("*.receipt.json")):
        yield check_receipt(read_receipt(path), roots)


def give_share(session: Session, lot: str, identity: Identity, receipts: Sequence[CheckedReceipt]) -> dict[str, Any]:
    """Decrypt the own leaf and post it.

    Refused: `client.no_receipt_here` when the site shows a header that none of `receipts` names, `bidding.leaf_closed`
    when it does not open, and what the site refuses.
    """
    facts = session.get(f"/bidding/lots/{lot}/own-share")
    header, sheet = base64.b64decode(facts["header"]), read_sheet(base64.b64decode(facts["sheet"]))
    received = check_header(header, sheet=sheet, submission=facts["submission"], size=facts["size"])
    known = {one.entry.values["header"] for one in receipts if one.kind == "sealed"}
    if received.digest not in known:
        refused("client.no_receipt_here", _("The site shows a header that none of the receipts in this folder names."))
    index = policy_of(sheet).labels.index(BIDDER)
    share = unwrap(received.opening, index, identity.private)
    return session.post(f"/bidding/lots/{lot}/own-share/give", {"share": share})
