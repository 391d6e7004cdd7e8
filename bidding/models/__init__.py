"""What bidding stores: custody (keys, sheets), envelopes (uploads, receipts), and the opening."""

from __future__ import annotations

from bidding.models.attempts import Attempt
from bidding.models.custody import (
    CustodyKey,
    CustodyPolicy,
    Rehearsal,
    RehearsalShare,
    Sheet,
    SheetSignature,
    StaleEnvelope,
)
from bidding.models.envelopes import Envelope, Part, Refusal, Timestamp, Unstamped, Upload, Withdrawal
from bidding.models.hall import HallHours, HallPause
from bidding.models.opening import Bid, Hall, HallObjection, HallSignIn, OwnShare, RecordSignature, Release

__all__ = [
    "Attempt",
    "Bid",
    "CustodyKey",
    "CustodyPolicy",
    "Envelope",
    "Hall",
    "HallHours",
    "HallObjection",
    "HallPause",
    "HallSignIn",
    "OwnShare",
    "Part",
    "RecordSignature",
    "Refusal",
    "Rehearsal",
    "RehearsalShare",
    "Release",
    "Sheet",
    "SheetSignature",
    "StaleEnvelope",
    "Timestamp",
    "Unstamped",
    "Upload",
    "Withdrawal",
]
