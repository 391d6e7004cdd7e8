"""Pure. What happens to covers and guarantees, as ledger entries. Never reorder or remove a field."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from ledger.canon import Places
from ledger.events import event


@event("guarantees:cover:lodged")
class CoverLodged:
    """Veiled. A sealed cover came in; `digest` is SHA-256 of its bytes."""

    lot: str
    digest: bytes


@event("guarantees:guarantee:recognised")
class GuaranteeRecognised:
    """A bid's cover was opened with it and found good."""

    guarantee: str
    lot: str
    party: str
    kind: str
    number: str
    amount: Annotated[Decimal, Places(2)]


@event("guarantees:guarantee:released")
class GuaranteeReleased:
    """A guarantee was given back, a deposit refunded with interest to the account it came from."""

    guarantee: str
    because: str
    amount: Annotated[Decimal, Places(2)]
    interest: Annotated[Decimal, Places(2)]


@event("guarantees:claim:filed")
class ClaimFiled:
    """The purchaser demands payment."""

    guarantee: str
    amount: Annotated[Decimal, Places(2)]
    grounds: str


@event("guarantees:claim:paid")
class ClaimPaid:
    """The issuer paid the demand."""

    guarantee: str
    amount: Annotated[Decimal, Places(2)]
