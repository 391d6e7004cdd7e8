"""Pure. What happens in the hall, as ledger entries. Never reorder or remove a field: append, or make a new tag.

Before the prices are read no entry names a bidder or a price, not even by saying that one is above the ceiling; never
in any of them: a share, a key, a handle.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from ledger.canon import Places, record
from ledger.events import event


@record("sunlight.numbered/1")
class NumberedEnvelope:
    """An envelope of the closing entry gets its number in the hall, by its stamp, and an opaque code for its bid."""

    number: int
    code: str
    receipt: str


@event("bidding:hall:opened")
class HallOpened:
    """The host opened the hall; `closing` is the index of the closing entry in the log."""

    lot: str
    round: int
    closing: int
    envelopes: tuple[NumberedEnvelope, ...]


@event("bidding:hall:joined")
class HallJoined:
    """The holder of a receipt signed in (veiled until the prices are read)."""

    lot: str
    round: int
    receipt: str


@event("bidding:share:released")
class SharesReleased:
    """A custodian gave a complete batch; `statement` is the SHA-256 of what was signed, `signature` that of the CMS
    signature, `closed` the receipts whose envelopes the custodian says do not open. The shares stand in no entry.
    """

    lot: str
    round: int
    leaf: str
    statement: bytes
    certificate: bytes
    count: int
    closed: tuple[str, ...]
    signature: bytes


@event("bidding:envelope:decided")
class EnvelopeDecided:
    """One envelope is opened, or failed with a reason and the side that answers for it; no price, no name."""

    lot: str
    round: int
    number: int
    receipt: str
    state: str
    reason: str
    side: str


@event("bidding:testimony:refuted")
class TestimonyRefuted:
    """A custodian signed "does not open", and the envelope opened with an honest stanza."""

    __test__ = False

    lot: str
    round: int
    leaf: str
    receipt: str


@event("bidding:testimony:rebutted")
class TestimonyRebutted:
    """A bidder showed with the file key that the envelope opens: the failure is no longer the bidder's."""

    __test__ = False

    lot: str
    round: int
    number: int
    receipt: str


@record("sunlight.readbid/1")
class ReadBid:
    """A bid as read out; `invalid` a code for the panel or "", `cover` codes found about the guarantee."""

    number: int
    code: str
    party: str
    name: str
    credit_code: str
    price: Annotated[Decimal, Places(2)]
    days: int
    invalid: str
    cover: tuple[str, ...]


@record("sunlight.failedbid/1")
class FailedBid:
    """An envelope that did not open; `party`, `name`, `credit_code` are "" where nobody here has that handle."""

    number: int
    code: str
    party: str
    name: str
    credit_code: str
    reason: str
    side: str


@event("bidding:prices:read")
class PricesRead:
    """Every envelope is decided and all prices are read at once. `table` is the SHA-256 of the same as an object
    (sunlight.readout/1); `bids` and `failed` are empty only where the entry would be too long.
    """

    lot: str
    round: int
    opened: int
    unopened: int
    table: bytes
    bids: tuple[ReadBid, ...]
    failed: tuple[FailedBid, ...]


@record("sunlight.readout/1")
class Readout:
    """What was read out, whole."""

    lot: str
    round: int
    bids: tuple[ReadBid, ...]
    failed: tuple[FailedBid, ...]


@event("bidding:objection:raised")
class ObjectionRaised:
    """A bidder objected to the opening; the text stands in the opening record, here its SHA-256."""

    lot: str
    objection: str
    number: int
    text: bytes


@event("bidding:objection:answered")
class ObjectionAnswered:
    """The host answered; the text stands in the opening record, here its SHA-256."""

    lot: str
    objection: str
    text: bytes


@event("bidding:record:confirmed")
class RecordConfirmed:
    """A bidder confirmed what was read out."""

    lot: str
    number: int


@event("bidding:record:signed")
class RecordSigned:
    """Host or witness signed the opening record, whose SHA-256 is `record`; `signature` is that of the signature."""

    lot: str
    part: str
    record: bytes
    certificate: bytes
    signature: bytes


@event("bidding:lot:opened")
class LotOpened:
    """The record is signed by everybody who must: the opening is over, the bids go to the panel."""

    lot: str
    round: int
    record: bytes
    opened: int
    unopened: int
    at: datetime


@event("bidding:window:opened")
class WindowOpened:
    """Under a policy with `b`: until when each bidder may give the share of the own envelope."""

    lot: str
    round: int
    until: datetime


@event("bidding:share:given")
class ShareGiven:
    """The holder of a receipt gave the share of leaf `b`; `commitment` is the one that stands in the envelope."""

    lot: str
    round: int
    receipt: str
    commitment: bytes


@event("bidding:window:closed")
class WindowClosed:
    """Every bidder's share is in, or the time was over; `missing` are the receipts without one. None comes later."""

    lot: str
    round: int
    missing: tuple[str, ...]
