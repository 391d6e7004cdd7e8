"""Pure. The custody sheet of a lot and round: who holds which key, under which policy (sealing.md).

Enters: canonical bytes, or lot, round, policy and keys. Leaves: a checked sheet, its digest, a public key a leaf.
Every custodian signs the bytes of the whole sheet; a sealing client takes policy and keys from nowhere else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from bidding.envelope.policy import BIDDER, Policy, parse_policy
from bidding.envelope.x25519 import check_point
from ledger.canon import Malformed, decode, encode, record
from ledger.errors import Reason, Refused, _, refused

SUITE = "x25519"


@record("sunlight.leaf/1")
class LeafKey:
    """One custodian's key: label in the policy, credit code of the body, SHA-256 of the person's certificate, key."""

    label: str
    holder: str
    certificate: bytes
    key: bytes


@record("sunlight.sheet/1")
class CustodySheet:
    """Lot, round (0 rehearsal, bidders from 1), suite, policy, and every leaf but `b` in the order of the policy."""

    lot: str
    round: int
    suite: str
    policy: str
    leaves: tuple[LeafKey, ...]


def make_sheet(lot: str, number: int, policy: str, leaves: Sequence[LeafKey]) -> CustodySheet:
    """The checked sheet of `lot` in round `number`."""
    sheet = CustodySheet(lot=lot, round=number, suite=SUITE, policy=policy, leaves=tuple(leaves))
    check_sheet(sheet)
    return sheet


def read_sheet(data: bytes) -> CustodySheet:
    """The checked sheet in canonical bytes."""
    try:
        sheet = decode(CustodySheet, data)
    except Malformed as error:
        raise _malformed() from error
    check_sheet(sheet)
    return sheet


def sheet_digest(sheet: CustodySheet) -> bytes:
    """SHEET of sealing.md: SHA-256 over the canonical bytes."""
    return hashlib.sha256(encode(sheet)).digest()


def policy_of(sheet: CustodySheet) -> Policy:
    """The policy as a tree."""
    return parse_policy(sheet.policy)


def leaf_keys(sheet: CustodySheet, own_key: bytes | None = None) -> tuple[bytes, ...]:
    """One key for each leaf of the policy; `own_key` is the bidder's, asked for where the policy has `b`."""
    keys = {leaf.label: leaf.key for leaf in sheet.leaves}
    if own_key is not None:
        keys[BIDDER] = check_point(own_key)
    labels = policy_of(sheet).labels
    if not set(labels) <= set(keys):
        refused("bidding.own_key_missing", _("Under this policy the bidder's own key is needed."))
    return tuple(keys[label] for label in labels)


def check_sheet(sheet: CustodySheet) -> None:
    """Refused unless the sheet keeps every rule that needs no certificate: labels, bodies, persons, keys."""
    if sheet.suite != SUITE:
        refused("bidding.sheet_suite", _("The custody sheet names a suite that this program does not know."))
    labels = [label for label in policy_of(sheet).labels if label != BIDDER]
    if not sheet.lot or labels != [leaf.label for leaf in sheet.leaves]:
        raise _malformed()
    _check_persons(sheet.leaves)
    for leaf in sheet.leaves:
        check_point(leaf.key)


def _check_persons(leaves: Sequence[LeafKey]) -> None:
    bodies = {(leaf.label[0], leaf.holder) for leaf in leaves}
    letters, holders = {letter for letter, _holder in bodies}, {holder for _letter, holder in bodies}
    if not len(bodies) == len(letters) == len(holders) or "" in holders:
        refused("bidding.sheet_bodies", _("Different letters must be different bodies, and one letter one body."))
    if len({leaf.certificate for leaf in leaves}) < len(leaves) or any(len(leaf.certificate) != 32 for leaf in leaves):
        refused("bidding.sheet_persons", _("Different leaves must belong to different persons."))
    if len({leaf.key for leaf in leaves}) < len(leaves):
        refused("bidding.sheet_keys", _("Different leaves must have different keys."))


def _malformed() -> Refused:
    return Refused(Reason("bidding.sheet_malformed", _("The custody sheet is not written as it must be.")))
