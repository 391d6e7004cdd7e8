"""Custodians, sheets, packages and sealed bids for the tests; every key follows from its label."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from bidding.envelope.manifest import Item, Manifest, write_manifest
from bidding.envelope.packing import Measured, Package, measure
from bidding.envelope.policy import parse_policy
from bidding.envelope.receiving import ReceivedHeader, check_header
from bidding.envelope.sealing import seal
from bidding.envelope.sheet import CustodySheet, LeafKey, make_sheet, policy_of, sheet_digest
from bidding.envelope.stanza import Opening, unwrap
from bidding.envelope.x25519 import Identity

LOT = "2026-JS-0001-1"
SALT = bytes(range(16, 32))
FILE_KEY = bytes(range(16))
FILES = {"技术标.pdf": b"%PDF-1.7 how we build it", "price.xlsx": b"PK and the price: 9596000.00"}
SIGNATURE = b"a signature"
POLICIES = ("2(a,c,r)", "2(b,2(a,c,r))", "2(1(a1,a2),1(c1,c2),r)", "3(a,c,r)", "2(1(a,2(a1,a2)),c,2(r1,r2,r3))")


def identity(label: str) -> Identity:
    """The key of a leaf; `b` is the bidder's."""
    return Identity(hashlib.sha256(label.encode()).digest())


def leaf_key(label: str) -> LeafKey:
    """A leaf of a sheet: the body follows from the letter, the person from the label."""
    certificate = hashlib.sha256(f"certificate {label}".encode()).digest()
    return LeafKey(label=label, holder=f"9131-{label[0]}", certificate=certificate, key=identity(label).recipient.key)


def sheet_for(policy: str = "2(a,c,r)", *, lot: str = LOT, number: int = 1) -> CustodySheet:
    """A sheet under `policy`."""
    labels = [label for label in parse_policy(policy).labels if label != "b"]
    return make_sheet(lot, number, policy, [leaf_key(label) for label in labels])


def manifest_for(sheet: CustodySheet, salt: bytes, files: list[Measured]) -> Manifest:
    """A manifest that fits."""
    return Manifest(
        lot=sheet.lot,
        round=sheet.round,
        sheet=sheet_digest(sheet),
        submission=salt.hex(),
        credit_code="91310000MA1K00001X",
        name="上海某某建设有限公司",
        own_key=identity("b").recipient.key if policy_of(sheet).asks_bidder else None,
        price=Decimal("9596000.00"),
        items=(Item("工期", "120 日"),),
        files=tuple(one.entry for one in files),
        tool="sunlight 0.1.0",
        maker="0f" * 32,
        time=datetime(2026, 3, 2, 1, 2, 3, tzinfo=UTC),
    )


def in_memory(name: str, data: bytes) -> Measured:
    """A file that lies in memory."""
    return measure(name, lambda: io.BytesIO(data))


def bid_package(sheet: CustodySheet, salt: bytes = SALT, files: Mapping[str, bytes] = FILES) -> bytes:
    """The bytes of a package."""
    measured = [in_memory(name, data) for name, data in files.items()]
    package = Package(write_manifest(manifest_for(sheet, salt, measured)), SIGNATURE, measured)
    return io.BufferedReader(package).read()


@dataclass(frozen=True)
class SealedBid:
    """A sealed file with what its receiver knows."""

    data: bytes
    sheet: CustodySheet
    submission: str

    @property
    def received(self) -> ReceivedHeader:
        """Its header as checked at receipt."""
        return check_header(self.data[:8192], sheet=self.sheet, submission=self.submission, size=len(self.data))

    def shares(self) -> dict[int, bytes]:
        """The share of every leaf."""
        opening = self.received.opening
        return {leaf.index: leaf_share(opening, leaf.label) for leaf in opening.policy.leaves}


def leaf_share(opening: Opening, label: str) -> bytes:
    """What the holder of `label` decrypts."""
    return unwrap(opening, opening.policy.labels.index(label), identity(label).private)


def sealed_bid(
    policy: str = "2(a,c,r)",
    *,
    salt: bytes = SALT,
    file_key: bytes = FILE_KEY,
    lot: str = LOT,
    own: bool = True,
    package: bytes | None = None,
) -> SealedBid:
    """An honest envelope."""
    sheet = sheet_for(policy, lot=lot)
    sink = io.BytesIO()
    content = bid_package(sheet, salt) if package is None else package
    key = identity("b").recipient if own else None
    seal(io.BytesIO(content), sink, sheet=sheet, salt=salt, own=key, file_key=file_key)
    return SealedBid(sink.getvalue(), sheet, salt.hex())
