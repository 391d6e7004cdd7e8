"""Who of the custodians has come, and which shares that gives for one envelope.

Enters: a lot. Leaves: the lights of the board, and for an envelope shares and testimonies by leaf. A release counts
only when its entry has its place in the log: so it is recorded before any share is used (sealing.md, "Opening" 3).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import QuerySet

from bidding.custody.sheets import sheet_in_force
from bidding.envelope.policy import BIDDER, NAMES
from bidding.envelope.sheet import policy_of
from bidding.models.opening import Release
from bidding.opening.lot_key import lot_key, open_record, seal_record
from bidding.opening.own_share import own_share_in
from bidding.opening.statement import KeptBatch
from bidding.opening.window import is_window_open
from ledger.canon import decode, encode
from trading.models import Lot


@dataclass(frozen=True)
class Light:
    """One leaf of the policy: its body as an English msgid, and whether its shares are in."""

    leaf: str
    body: str
    is_lit: bool


@dataclass(frozen=True)
class Given:
    """What the custodians gave for one envelope, by leaf index."""

    shares: Mapping[int, bytes] = field(repr=False)
    closed: frozenset[int]


def _purpose(lot: Lot, number: int, leaf: str) -> str:
    return f"release/{lot.code}/{number}/{leaf}"


def seal_batch(lot: Lot, batch: KeptBatch) -> bytes:
    """The batch as it is stored."""
    purpose = _purpose(lot, lot.tender.round, batch.leaf)
    return seal_record(lot_key(settings.PLATFORM_KEY, lot.code), purpose, encode(batch))


def open_batch(lot: Lot, row: Release) -> KeptBatch:
    """The batch of a release."""
    purpose = _purpose(lot, row.round, row.leaf)
    return decode(KeptBatch, open_record(lot_key(settings.PLATFORM_KEY, lot.code), purpose, bytes(row.batch)))


def releases(lot: Lot) -> QuerySet[Release]:
    """The releases of the present round, whether or not the log has them."""
    return Release.objects.filter(lot=lot, round=lot.tender.round).order_by("index")


def in_the_log(lot: Lot) -> list[Release]:
    """The releases whose entries have their place: those that count."""
    return list(releases(lot).filter(entry__place__isnull=False))


def lights(lot: Lot) -> list[Light]:
    """One light for each custodian's leaf."""
    lit = {row.leaf for row in in_the_log(lot)}
    leaves = [leaf for leaf in policy_of(sheet_in_force(lot)).leaves if leaf.label != BIDDER]
    return [Light(leaf.label, NAMES.get(leaf.body, leaf.body), leaf.label in lit) for leaf in leaves]


def is_complete(lot: Lot) -> bool:
    """Whether the custodians who came satisfy the policy, and no bidder's own share is awaited any more."""
    policy = policy_of(sheet_in_force(lot))
    own = {leaf.index for leaf in policy.leaves if leaf.label == BIDDER}
    return policy.satisfied(own | {row.index for row in in_the_log(lot)}) and not is_window_open(lot)


def given_for(lot: Lot, receipt: str) -> Given:
    """Shares and testimonies for the envelope with this receipt number; the bidder's own share too, if there is one."""
    said = {
        row.index: next(one.share for one in open_batch(lot, row).shares if one.receipt == receipt)
        for row in in_the_log(lot)
    }
    shares = {index: share for index, share in said.items() if share is not None}
    closed = frozenset(said) - frozenset(shares)
    policy = policy_of(sheet_in_force(lot))
    if policy.asks_bidder and (own := own_share_in(lot, receipt)) is not None:
        shares[policy.labels.index(BIDDER)] = own
    return Given(shares, closed)
