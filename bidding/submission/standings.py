"""What stands of the bidders of a lot, read from the rows: live envelopes, and the answers that were given out.

Enters: a lot, a handle. Leaves: rows. Everything is looked up under one handle, except by the closing and the opening.
"""

from __future__ import annotations

from collections import defaultdict

from bidding.models import Envelope, Refusal, StaleEnvelope, Upload, Withdrawal
from bidding.submission.receipts import Answer
from bidding.submission.standing import Move, live
from trading.models import Lot


def _moves(lot: Lot, **whose: str) -> dict[str, list[Move]]:
    """The steps in the lot's present round, by handle."""
    place = {"lot": lot, "round": lot.tender.round, **whose}
    found: dict[str, list[Move]] = defaultdict(list)
    for row in Envelope.objects.filter(**place).only("handle", "stamp", "entry_id", "number"):
        found[row.handle].append(Move(row.stamp, row.entry_id, row.number))
    for step in Withdrawal.objects.filter(**place).only("handle", "stamp", "entry_id", "number"):
        found[step.handle].append(Move(step.stamp, step.entry_id, step.number, is_withdrawal=True))
    under = {f"envelope__{name}": value for name, value in place.items()}
    for gone in StaleEnvelope.objects.filter(**under).select_related("envelope"):
        found[gone.envelope.handle].append(Move(gone.at, gone.entry_id, gone.envelope.number, is_withdrawal=True))
    return found


def moves(lot: Lot, handle: str) -> list[Move]:
    """What one bidder did about the lot in its present round, in no order."""
    return _moves(lot, handle=handle)[handle]


def live_envelope(lot: Lot, handle: str) -> Envelope | None:
    """The bidder's live envelope."""
    number = live(moves(lot, handle))
    return Envelope.objects.filter(number=number).first() if number else None


def live_envelopes(lot: Lot) -> list[Envelope]:
    """Every live envelope of the lot's present round, in the order of receipt numbers, which tells nothing."""
    kept = {live(steps) for steps in _moves(lot).values()}
    rows = Envelope.objects.filter(lot=lot, round=lot.tender.round).order_by("number")
    return [row for row in rows if row.number in kept]


def answer_of(upload: Upload) -> Answer | None:
    """What was given out for a decided upload."""
    return (
        Envelope.objects.filter(number=upload.number).first()
        or Refusal.objects.filter(number=upload.number).first()
        or find_answer(upload.lot, upload.handle, upload.submission)
    )


def find_answer(lot: Lot, handle: str, submission: str) -> Answer | None:
    """Did my id arrive? The receipt, or else the latest refusal, looked up under this handle only."""
    mine = {"lot": lot, "handle": handle, "submission": submission}
    received = Envelope.objects.filter(**mine).first()
    return received or Refusal.objects.filter(**mine, is_withdrawal=False).order_by("-entry_id").first()
