"""Pure. The opening record (开标记录): what host and witness sign (domain.md 3.5).

Enters: what happened in the hall, as values. Leaves: canonical bytes for detached CMS signatures; reading, the record.
Hardware marks are not in it; prices stand in figures and in words.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from ledger.canon import Places, record


@record("sunlight.quoted/1")
class Quoted:
    """A line of the bid beside the price, as the tender papers ask it: quality, project manager, rate."""

    name: str
    value: str


@record("sunlight.recordedobjection/1")
class RecordedObjection:
    """An objection and its answer."""

    at: datetime
    text: str
    answer: str
    answered_at: datetime | None


@record("sunlight.recordedbid/1")
class RecordedBid:
    """One envelope. `state` opened or failed; a failed one has `reason` and `side` and no price. `confirmation` is
    "confirmed", or "silent": who says nothing in time accepts (`confirmed_at` absent). `words` is the price in 大写.
    """

    number: int
    code: str
    receipt: str
    received: datetime
    digest: bytes
    signed_in: bool
    state: str
    decided_at: datetime
    reason: str
    side: str
    name: str
    credit_code: str
    price: Annotated[Decimal, Places(2)] | None
    words: str
    days: int
    items: tuple[Quoted, ...]
    invalid: str
    cover: tuple[str, ...]
    confirmation: str
    confirmed_at: datetime | None
    objections: tuple[RecordedObjection, ...]


@record("sunlight.custodian/1")
class RecordedCustodian:
    """A custodian who gave shares, and when."""

    leaf: str
    body: str
    at: datetime


@record("sunlight.openingrecord/1")
class OpeningRecord:
    """The whole record. `planned` is the deadline, `closing` and `readout` SHA-256 of entry leaf and read-out table."""

    tender: str
    lot: str
    title: str
    round: int
    purchaser: str
    agent: str
    centre: str
    regulator: str
    planned: datetime
    opened_at: datetime
    read_at: datetime
    host: str
    bond: Annotated[Decimal, Places(2)]
    ceiling: Annotated[Decimal, Places(2)] | None
    closing: bytes
    readout: bytes
    custodians: tuple[RecordedCustodian, ...]
    bids: tuple[RecordedBid, ...]
