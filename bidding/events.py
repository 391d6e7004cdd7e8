"""Pure. What happens in bidding before an opening, as ledger entries. Never reorder or remove a field.

Entries of envelopes are recorded under a veil and name neither organisation nor handle: receipt numbers tie them
together.
"""

from __future__ import annotations

from datetime import datetime

from bidding.custody import events as custody_events  # noqa: F401  who knows these events knows those of custody
from bidding.hall import events as hall_events  # noqa: F401  who knows these events knows those of the hall
from bidding.opening import events as opening_events  # noqa: F401  and those of the opening
from ledger.canon import record
from ledger.events import event


@event("bidding:key:registered")
class KeyRegistered:
    """A custodian's public key for all lots of a tender; `certificate` is SHA-256 of the DER that signed it."""

    tender: str
    round: int
    label: str
    holder: str
    certificate: bytes
    key: bytes


@event("bidding:sheet:signed")
class SheetSigned:
    """The custodian of one leaf signed the sheet (SHA-256 of its bytes) of a lot."""

    lot: str
    round: int
    label: str
    sheet: bytes


@record("sunlight.leafsignature/1")
class LeafSignature:
    """One custodian's detached CMS signature over the bytes of a sheet."""

    label: str
    signature: bytes


@event("bidding:sheet:sealed")
class SheetSealed:
    """Every custodian signed: the sheet is in force from here on, until a later one of the same lot and round."""

    lot: str
    round: int
    sheet: bytes
    signatures: tuple[LeafSignature, ...]


@event("bidding:envelope:sealed")
class EnvelopeSealed:
    """An envelope was received in time; `number` is its receipt number, `replaces` that of the one it replaces."""

    lot: str
    round: int
    submission: str
    digest: bytes
    header: bytes
    size: int
    stamp: datetime
    number: str
    replaces: str | None


@event("bidding:envelope:withdrawn")
class EnvelopeWithdrawn:
    """The envelope with the receipt number `withdraws`, and all that the same bidder sealed before, is withdrawn."""

    lot: str
    round: int
    submission: str
    stamp: datetime
    number: str
    withdraws: str


@event("bidding:envelope:refused")
class EnvelopeRefused:
    """A submission was refused for the reasons `codes`; late ones have `bidding.late`."""

    lot: str
    round: int
    submission: str
    stamp: datetime
    number: str
    codes: tuple[str, ...]


@event("bidding:withdrawal:refused")
class WithdrawalRefused:
    """The withdrawal of the envelope `withdraws` was refused for the reasons `codes`: what was live stays live.

    `withdraws` and `submission` are "" where the bidder has no envelope with the number that was asked for.
    """

    lot: str
    round: int
    submission: str
    stamp: datetime
    number: str
    withdraws: str
    codes: tuple[str, ...]


@record("sunlight.closed/1")
class ClosedEnvelope:
    """A live envelope at the closing: receipt number, SHA-256 of the file and of its header."""

    number: str
    digest: bytes
    header: bytes


@event("bidding:lot:closed")
class LotClosed:
    """Everything stamped before the deadline is decided; `envelopes` are the live ones, ordered by number. Where they
    are too many for an entry, `listed` is the SHA-256 of the record that holds them (`bidding.submission.count`).
    """

    lot: str
    round: int
    deadline: datetime
    count: int
    envelopes: tuple[ClosedEnvelope, ...]
    listed: bytes | None


@event("bidding:lot:failed")
class LotFailed:
    """Fewer live envelopes than the law asks for: nothing is opened (Bidding Law, article 28)."""

    lot: str
    round: int
    count: int
    least: int
