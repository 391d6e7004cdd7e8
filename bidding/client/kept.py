"""The bids that lie in the bidder's folder: sealed files, where they were sent to, their receipts (0700).

Enters: the folder of keys. Leaves: a place for the next sealed file; the bids that are sealed and have no receipt yet,
so that a client that was killed goes on where it was.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from cryptography import x509

from bidding.client.passing import keep
from bidding.client.sealing import Progress, SealedBid, read_sealed
from bidding.client.session import Session
from bidding.envelope.sheet import CustodySheet, read_sheet
from bidding.submission.receipt import check_receipt
from ledger.errors import Reason, Refused, _, refused

BIDS = "bids"


def place_for(folder: Path, lot: str, at: datetime) -> Path:
    """Where the next sealed file for the lot goes; nothing lies there yet."""
    bids = folder / BIDS
    bids.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{lot}-{at:%Y%m%d-%H%M%S}"
    places = (bids / f"{name}{f'-{number}' if number else ''}.age" for number in range(1000))
    return next(place for place in places if not place.exists())


def waiting(folder: Path) -> list[Path]:
    """Every file that was sealed whole and has no receipt and no refusal here, in the order of their names."""
    return [
        path
        for path in sorted((folder / BIDS).glob("*.age"))
        if path.with_suffix(".json").exists()
        and not path.with_suffix(".receipt.json").exists()
        and not path.with_suffix(".refusal.json").exists()
    ]


def unsent(folder: Path) -> tuple[list[SealedBid], list[Reason]]:
    """The bids that wait to be sent, and why some cannot be: one damaged file does not hold up the others."""
    bids: list[SealedBid] = []
    reasons: list[Reason] = []
    for path in waiting(folder):
        try:
            bids.append(read_sealed(path))
        except Refused as refusal:
            reasons += refusal.reasons
    return bids, reasons


def sheet_beside(path: Path) -> CustodySheet:
    """The custody sheet that a kept file was sealed for."""
    beside = path.with_suffix(".sheet")
    if not beside.exists():
        refused("client.not_sealed", _("There is no sealed file with its description here; seal the bid first."))
    return read_sheet(beside.read_bytes())


def fetch(
    session: Session,
    folder: Path,
    lot: str,
    number: str,
    roots: Sequence[x509.Certificate],
    progress: Progress,
) -> SealedBid:
    """Get the own envelope with this receipt number back from the site, with its receipt and custody sheet.

    Refused unless the bytes are those of the receipt. What is fetched lies among the kept bids.
    """
    file = session.get(f"/bidding/lots/{lot}/receipts/{number}")
    says = check_receipt(file, roots).entry.values
    path = place_for(folder, lot, session.clock())
    session.download(f"/bidding/lots/{lot}/receipts/{number}/envelope", path, progress)
    with path.open("rb") as sealed:
        digest = hashlib.file_digest(sealed, "sha256").digest()
    if digest != says["digest"]:
        path.unlink()
        refused("bidding.stored_differs", _("The stored file is not the one that the receipt names."))
    sheet = base64.b64decode(session.get(f"/bidding/lots/{lot}/")["sheet"]["sheet"])
    path.with_suffix(".sheet").write_bytes(sheet)
    keep(path.with_suffix(".receipt.json"), file)
    made = SealedBid(path, lot, says["submission"], digest.hex(), says["header"].hex(), says["size"])
    made.write()
    return made
