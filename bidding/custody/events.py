"""Pure. What happens in custody, as ledger entries. Never reorder or remove a field.

Keys and sheets as they always were stand in `bidding.events`; here are the policy, the rehearsal, and stale envelopes.
"""

from __future__ import annotations

from ledger.canon import record
from ledger.events import event


@event("bidding:policy:chosen")
class PolicyChosen:
    """The agent chose who together may open the bids of all lots of a tender."""

    tender: str
    round: int
    policy: str


@event("bidding:rehearsal:sealed")
class RehearsalSealed:
    """A dummy envelope for the rehearsal's sheet: digests are SHA-256 of sheet, sealed file and header."""

    tender: str
    sheet: bytes
    submission: str
    digest: bytes
    header: bytes
    size: int


@event("bidding:rehearsal:given")
class RehearsalGiven:
    """A custodian gave the share of a leaf of the rehearsal; digests of statement, certificate and CMS signature."""

    tender: str
    sheet: bytes
    digest: bytes
    leaf: str
    statement: bytes
    certificate: bytes
    signature: bytes


@record("sunlight.openedset/1")
class OpenedSet:
    """The labels of a smallest satisfying set with whose shares, and no others, the rehearsal opened."""

    leaves: tuple[str, ...]


@event("bidding:rehearsal:opened")
class RehearsalOpened:
    """The rehearsal opened for every smallest satisfying set, or for 20 random ones where there are more."""

    tender: str
    sheet: bytes
    digest: bytes
    sets: tuple[OpenedSet, ...]


@event("bidding:rehearsal:failed")
class RehearsalFailed:
    """The rehearsal did not open with the shares of these leaves; `reason` is a code."""

    tender: str
    sheet: bytes
    digest: bytes
    leaves: tuple[str, ...]
    reason: str


@event("bidding:envelopes:stale")
class EnvelopesStale:
    """The live envelopes of a lot, by receipt number, when the sheet with the digest `sheet` came into force; veiled.

    It is recorded with every new sheet, with an empty list too, so that it tells nobody whether anybody has bid.
    """

    lot: str
    round: int
    sheet: bytes
    numbers: tuple[str, ...]
