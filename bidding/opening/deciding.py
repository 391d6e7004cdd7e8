"""Pure. What becomes of one envelope at the opening, and whose failure it is (sealing.md, "Whose failure").

Enters: the facts of the receipt, the stored file, the shares and testimonies that custodians gave. Leaves: the opened
package with a manifest that passed every check, or `Failed` with a reason and a side. The steps are numbered as they
are taken; one broken file raises for itself alone.

1. header   2. its digest   3. file key and MAC   4. the stanza built again   5. payload and package   6. lot, round,
sheet, submission   7. signature   8. handle   9. every file and the padding   10. stored bytes against the receipt:
last, since they are hashed as they are read, but whatever failed before, the platform answers for bytes that differ
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum

from bidding.envelope.header import ENVELOPE
from bidding.envelope.manifest import Manifest, check_manifest
from bidding.envelope.policy import BIDDER, Policy
from bidding.envelope.receiving import ReceivedHeader, check_header
from bidding.envelope.sheet import CustodySheet, policy_of
from bidding.envelope.unpacking import OpenedPackage
from bidding.envelope.unsealing import check_rebuilt, open_payload, recover_file_key
from bidding.opening.passing import Passing
from ledger.errors import Reason, Refused, SunlightError, _


class Side(StrEnum):
    """Whose failure it is: the bidder's counts as revoked (撤销), every other as withdrawn (撤回)."""

    NONE = ""
    BIDDER = "bidder"
    PLATFORM = "platform"
    OTHER = "other"


class Failed(SunlightError):
    """An envelope that does not open: the reason and the side that answers for it."""

    def __init__(self, side: Side, reason: Reason) -> None:
        super().__init__(f"{side}: {reason}")
        self.side, self.reason = side, reason


STORED_DIFFERS = Reason("bidding.stored_differs", _("The stored file is not the one that the receipt names."))
NOT_OPENED = Reason("bidding.leaf_closed", _("Custodians who could open the bids signed that this envelope does not."))
NO_OWN_SHARE = Reason("bidding.no_own_share", _("The bidder gave no share of the own envelope in the time for it."))
TOO_FEW = Reason("bidding.too_few", _("Too few custodians to open."))
OTHER_BIDDER = Reason("bidding.other_bidder", _("The bid inside is another bidder's than the one who handed it in."))


class Way(StrEnum):
    """What the shares given so far allow for one envelope."""

    WAIT = "wait"  # more custodians may come
    OPEN = "open"  # the shares satisfy the policy
    CLOSED = "closed"  # those who signed "does not open" satisfy it
    ABSENT = "absent"  # only the bidder's own share is missing, and its time is over
    FEW = "few"  # everybody came, and neither is so


def way_of(policy: Policy, shares: AbstractSet[int], closed: AbstractSet[int]) -> Way:
    """What may be done with an envelope of which the leaves `shares` opened and the leaves `closed` did not.

    Asked only once the time for bidders' shares is over: no share of `b` then means that none will come.
    """
    if policy.satisfied(shares):
        return Way.OPEN
    own = {leaf.index for leaf in policy.leaves if leaf.label == BIDDER}
    everybody = {leaf.index for leaf in policy.leaves} - own
    asked = own if own and not policy.satisfied(everybody) else set()  # without the bidder nothing opens
    if policy.satisfied(closed | asked):
        return Way.CLOSED
    came = everybody <= shares | closed
    if not own <= shares and (asked or came) and policy.satisfied(shares | own):
        return Way.ABSENT
    return Way.FEW if came else Way.WAIT


@dataclass(frozen=True)
class Receipted:
    """What the receipt and the row of an envelope say: digests are SHA-256, `handle` the bidder's name in the dark."""

    submission: str
    digest: bytes
    header_digest: bytes
    size: int
    handle: str
    sheet: CustodySheet


@dataclass(frozen=True)
class Checks:
    """Questions to the house: `signed` raises `Refused` unless the party with this credit code signed these bytes;
    `handle` gives the handle of a credit code in the lot.
    """

    signed: Callable[[bytes, bytes, str], None]
    handle: Callable[[str], str]


@contextmanager
def blamed(side: Side) -> Iterator[None]:
    """Turn a refusal inside into a failure of `side`."""
    try:
        yield
    except Refused as refusal:
        raise Failed(side, refusal.reasons[0]) from refusal


@dataclass(frozen=True)
class Unsealed:
    """An envelope that passed every step: its package, whose files are read again from the sealed bytes."""

    package: OpenedPackage
    file_key: bytes = field(repr=False)

    @property
    def manifest(self) -> Manifest:
        """What the bidder signed."""
        return self.package.manifest


def open_envelope(
    stored: io.BufferedReader,
    receipted: Receipted,
    shares: Mapping[int, bytes],
    checks: Checks,
    read: Callable[[OpenedPackage], object] = OpenedPackage.verify,
) -> Unsealed:
    """Open one stored envelope with the shares of a satisfying set (leaf index: 16 bytes), or raise `Failed`.

    `read` is step 9: it reads every file and checks the padding; who keeps the files does both in one pass.
    """
    passing = Passing(stored)
    try:
        unsealed = _unsealed(passing, receipted, shares, checks, read)
    except Failed:
        _check_stored(passing, receipted)
        raise
    _check_stored(passing, receipted)  # 10
    return unsealed


def _unsealed(
    stored: Passing,
    receipted: Receipted,
    shares: Mapping[int, bytes],
    checks: Checks,
    read: Callable[[OpenedPackage], object],
) -> Unsealed:
    received = _header(stored, receipted)  # 1, 2
    with blamed(Side.BIDDER):
        file_key = recover_file_key(received, shares)  # 3
        check_rebuilt(received, file_key, receipted.sheet)  # 4
        payload = open_payload(stored, receipted.size, received, file_key)
        package = OpenedPackage(payload, received.package_length)  # 5
        _check_manifest(package.manifest, received, file_key, receipted)  # 6
        checks.signed(package.manifest_bytes, package.signature, package.manifest.credit_code)  # 7
    if checks.handle(package.manifest.credit_code) != receipted.handle:  # 8
        raise Failed(Side.BIDDER, OTHER_BIDDER)
    with blamed(Side.BIDDER):
        read(package)  # 9
    return Unsealed(package, file_key)


def _header(stored: Passing, receipted: Receipted) -> ReceivedHeader:
    prefix = stored.head(ENVELOPE.header)
    with blamed(Side.BIDDER):
        received = check_header(prefix, sheet=receipted.sheet, submission=receipted.submission, size=receipted.size)
    if received.digest != receipted.header_digest:
        raise Failed(Side.PLATFORM, STORED_DIFFERS)
    return received


def _check_stored(stored: Passing, receipted: Receipted) -> None:
    """Bytes that are not the receipt's are the platform's failure, whatever else is wrong with them."""
    if stored.digest() != (receipted.digest, receipted.size):
        raise Failed(Side.PLATFORM, STORED_DIFFERS)


def _check_manifest(manifest: Manifest, received: ReceivedHeader, file_key: bytes, receipted: Receipted) -> None:
    check_manifest(manifest, receipted.sheet, receipted.submission)
    if policy_of(receipted.sheet).asks_bidder:
        check_rebuilt(received, file_key, receipted.sheet, manifest.own_key)
