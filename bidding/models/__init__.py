"""What bidding stores: custody (keys, sheets), envelopes (uploads, receipts), and the opening."""

from __future__ import annotations

from bidding.models.custody import CustodyKey, Sheet, SheetSignature
from bidding.models.envelopes import Envelope, Part, Refusal, Upload, Withdrawal

__all__ = [
    "CustodyKey",
    "Envelope",
    "Part",
    "Refusal",
    "Sheet",
    "SheetSignature",
    "Upload",
    "Withdrawal",
]
