"""What the closing entry of a lot counted: the live envelopes, in the order in which the hall numbers them.

Enters: a lot that is closed. Leaves: its closing entry and its envelopes by their stamps.
The entry is the authority: an envelope it does not name is in no opening, one it names is in every list.
"""

from __future__ import annotations

from dataclasses import dataclass

from bidding.events import LotClosed
from bidding.models import Envelope
from bidding.submission.count import SPACE, counted_in
from ledger import objects, tree, witnessing
from ledger.canon import Malformed, tag_of
from ledger.errors import Broken, Reason, _
from ledger.events import read_entry
from ledger.models import EntryRow
from trading.models import Lot

NO_CLOSING = Reason("bidding.not_closed", _("The bids of this lot are not counted yet."))
UNPROVED = Reason("bidding.closing_unproved", _("The closing entry is not under a signed checkpoint yet; try again."))
UNWITNESSED = Reason(
    "bidding.closing_unwitnessed",
    _("The closing entry is not under a checkpoint that enough witnesses cosigned after the deadline yet."),
)


@dataclass(frozen=True)
class Counted:
    """One envelope of the closing entry."""

    number: str
    digest: bytes
    header: bytes


def closing_entry(lot: Lot) -> EntryRow | None:
    """The closing entry of the lot in its present round."""
    rows = EntryRow.objects.filter(scope=lot.code, tag=tag_of(LotClosed)).select_related("place").order_by("-pk")
    return next((row for row in rows if read_entry(bytes(row.leaf)).values["round"] == lot.tender.round), None)


def closing_blockers(lot: Lot) -> list[Reason]:
    """Why nothing may be built on the closing entry: there is none, no checkpoint covers it, or none with a quorum.

    With a witness policy the checkpoint was cosigned at or after the deadline (ledger.md, "Witnesses"; P32).
    """
    entry = closing_entry(lot)
    if entry is None:
        return [NO_CLOSING]
    if witnessing.prove(entry, lot.deadline):
        return []
    return [UNWITNESSED if tree.prove(entry) else UNPROVED]


def counted(lot: Lot) -> list[Counted]:
    """What the closing entry says of each envelope, in its order; nothing without a closing entry."""
    entry = closing_entry(lot)
    if entry is None:
        return []
    values = read_entry(bytes(entry.leaf)).values
    try:
        return [Counted(one.number, one.digest, one.header) for one in counted_in(values, list_named)]
    except Malformed:
        raise Broken(f"the list of the counted bids of {lot.code} is not what the closing entry names") from None


def list_named(digest: bytes) -> bytes:
    """The record of counted bids with this SHA-256."""
    return objects.read(f"{SPACE}/{digest.hex()}")


def live_envelopes(lot: Lot) -> list[Envelope]:
    """The rows of the counted envelopes, by stamp, equal stamps in stored order; `Broken` when one is missing."""
    numbers = [one.number for one in counted(lot)]
    rows = Envelope.objects.filter(lot=lot, round=lot.tender.round, number__in=numbers).order_by("stamp", "pk")
    found = list(rows)
    if len(found) != len(numbers):
        raise Broken(f"the closing entry of {lot.code} names an envelope that is not stored")
    return found
