"""What a third party says of a receipt: the timestamp over the platform's signature, by an authority that was pinned.

Enters: a receipt file, what it says, the certificates that vouch for the timestamp authority (`timestamps.pem` in the
folder of keys, pinned at the enrolment or brought by the person). Leaves: the instant at which the signature existed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from cryptography import x509

from bidding.client.passing import keep
from bidding.client.reading import read_receipt
from bidding.client.sealing import SealedBid
from bidding.client.session import Session
from bidding.submission.receipt import CheckedReceipt, parts_of, timestamp_in
from ledger import timestamps
from ledger.errors import _, refused

ASTRAY = timedelta(minutes=1)  # how far the authority's clock may be behind the platform's


def stamped_at(
    file: Mapping[str, object], checked: CheckedReceipt, roots: Sequence[x509.Certificate]
) -> datetime | None:
    """When the authority saw the signature in `file`; None while the file has no timestamp.

    Refused `timestamp.malformed`, `.rejected`, `.wrong`, and `.early` for one that is older than the receipt.
    """
    token = timestamp_in(file)
    if token is None:
        return None
    at = timestamps.check(token, parts_of(file)[1], roots)
    stamp = checked.entry.stamp
    if stamp is None or at < stamp.at - ASTRAY:
        refused("timestamp.early", _("The timestamp is older than the receipt that it is over."))
    return at


def fetch_timestamp(
    session: Session, bid: SealedBid, checked: CheckedReceipt, roots: Sequence[x509.Certificate]
) -> datetime | None:
    """Fetch the receipt as it is by now, check its timestamp, and keep it beside the bid; None while there is none.

    Refused as `stamped_at` says, and `bidding.other_receipt` when the site shows another one than was kept.
    """
    file: dict[str, Any] = session.get(f"/bidding/lots/{bid.lot}/receipts/{checked.number}")
    kept = bid.path.with_suffix(".receipt.json")
    at = stamped_at(file, checked, roots)
    if parts_of(file) != parts_of(read_receipt(kept)):
        refused("bidding.other_receipt", _("The receipt speaks of another file than the one that was sent."))
    if at is not None:
        keep(kept, file)
    return at
