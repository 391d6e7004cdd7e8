"""What bidding stores: custody (keys, sheets), envelopes (uploads, receipts), and the opening."""

from __future__ import annotations

from bidding.models.attempts import Attempt
from bidding.models.custody import CustodyKey, Sheet, SheetSignature
from bidding.models.envelopes import Envelope, Part, Refusal, Upload, Withdrawal
from bidding.models.opening import Bid, Hall, HallObjection, HallSignIn, RecordSignature, Release

__all__ = [
    "Attempt",
    "Bid",
    "CustodyKey",
    "Envelope",
    "Hall",
    "HallObjection",
    "HallSignIn",
    "Part",
    "RecordSignature",
    "Refusal",
    "Release",
    "Sheet",
    "SheetSignature",
    "Upload",
    "Withdrawal",
]
