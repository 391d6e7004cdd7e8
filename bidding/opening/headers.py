"""What a custodian's client needs before it decrypts anything (sealing.md, "Opening" 2).

Enters: a lot whose bids are counted. Leaves, for JSON: the sheet, the closing entry with its proof and checkpoint, and
of each counted envelope receipt number, submission id, size and header. No payload, no handle.
"""

from __future__ import annotations

from typing import Any

from bidding.custody.facts import text64
from bidding.custody.sheets import sheets_of
from bidding.opening.counted import NO_CLOSING, UNPROVED, closing_blockers, closing_entry, list_named, live_envelopes
from bidding.submission.closing import least_bidders
from ledger import witnessing
from ledger.errors import Refused
from ledger.events import read_entry
from ledger.models import EntryRow
from trading.access import absent
from trading.models import Lot


def _listed(closing: EntryRow) -> str:
    """The record of the counted bids where the closing entry names one, else ""."""
    digest = read_entry(bytes(closing.leaf)).values["listed"]
    return "" if digest is None else text64(list_named(digest))


def header_facts(lot: Lot) -> dict[str, Any]:
    """Everything for one look; refused `bidding.not_closed`, `bidding.closing_unproved`."""
    entry, sheet = closing_entry(lot), sheets_of(lot).first()
    if entry is None:
        raise Refused(NO_CLOSING)
    proof = witnessing.prove(entry, lot.deadline)
    if proof is None:
        raise Refused(*closing_blockers(lot) or [UNPROVED])
    if sheet is None:
        raise absent()
    return {
        "lot": lot.code,
        "round": lot.tender.round,
        "deadline": lot.deadline.isoformat() if lot.deadline else "",
        "least": least_bidders(lot),
        "sheet": text64(sheet.data),
        "closing": {
            "leaf": text64(entry.leaf),
            "index": proof.index,
            "size": proof.size,
            "path": [text64(node) for node in proof.path],
            "checkpoint": proof.checkpoint.decode(),
            "listed": _listed(entry),
        },
        "envelopes": [
            {"receipt": row.number, "submission": row.submission, "size": row.size, "header": text64(row.header)}
            for row in sorted(live_envelopes(lot), key=lambda row: row.number)
        ],
    }
