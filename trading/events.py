"""Pure. What happens in trading, as ledger entries. Never reorder or remove a field: append, or make a new tag."""

from __future__ import annotations

from datetime import datetime

from ledger.events import event


@event("trading:account:opened")
class AccountOpened:
    """An account was opened: opaque code, role, the party's opaque code or ""."""

    account: str
    role: str
    party: str


@event("trading:party:registered")
class PartyRegistered:
    """A party was registered."""

    party: str
    credit_code: str
    name: str


@event("trading:certificate:issued")
class CertificateIssued:
    """A certificate was enrolled for an account; `fingerprint` is SHA-256 of its DER."""

    account: str
    fingerprint: bytes
    until: datetime
