"""Pure. A bid once its envelope is open: secrecy as a type (architecture.md, "The grammar of every act").

Enters: what a checked manifest says, and who the platform knows behind it. Leaves: `OpenedBid`, made by
`bidding/opening.py` alone and handed out by `bidding/bids.py` to those whose stage and role allow it; and the canonical
record under which it is kept, encrypted, until then.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, NamedTuple

from bidding.envelope.manifest import Item, Manifest
from ledger.canon import Places, record

CENT = Decimal("0.01")
DAYS = frozenset({"days", "工期", "交货期"})  # the items in which a bidder may state the duration
WHOLE = re.compile(r"([1-9][0-9]{0,4}) ?(日|天|日历天|days?)?")


class FileFact(NamedTuple):
    """A file of a bid: name, SHA-256 (hex), size in bytes."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True)
class OpenedBid:
    """A bid in a lot. `code` and `party` are opaque; `price` in yuan; `days` 0 where none were stated.

    `invalid` is a code for the panel ("bidding.above_ceiling") or ""; `cover` the codes found about the guarantee.
    """

    lot: str
    number: int
    code: str
    party: str
    name: str
    credit_code: str
    price: Decimal
    days: int
    items: tuple[tuple[str, str], ...]
    files: tuple[FileFact, ...]
    invalid: str = ""
    cover: tuple[str, ...] = ()


@record("sunlight.keptitem/1")
class KeptItem:
    """One quoted line."""

    name: str
    value: str


@record("sunlight.keptfile/1")
class KeptFile:
    """One file; its place in the list is part of its object's name."""

    name: str
    sha256: bytes
    size: int


@record("sunlight.keptbid/1")
class KeptBid:
    """What is kept of an opened bid, encrypted. `cover`: the opened guarantee, or None and `cover_fault` says why."""

    party: str
    name: str
    credit_code: str
    price: Annotated[Decimal, Places(2)]
    days: int
    items: tuple[KeptItem, ...]
    files: tuple[KeptFile, ...]
    invalid: str
    cover: bytes | None
    cover_fault: str


def days_of(items: Iterable[Item]) -> int:
    """The duration in whole days that one of the items `DAYS` states, 0 without one."""
    found = WHOLE.fullmatch(next((item.value for item in items if item.name in DAYS), ""))
    return int(found[1]) if found else 0


def invalidity(price: Decimal, ceiling: Decimal | None) -> str:
    """Why the panel will have to reject a bid for its price alone: "bidding.above_ceiling" or ""."""
    return "bidding.above_ceiling" if ceiling is not None and price > ceiling else ""


def keep(manifest: Manifest, party: str, ceiling: Decimal | None, cover: bytes | None, cover_fault: str) -> KeptBid:
    """The record of a checked manifest; `party` is the bidder's opaque code, `cover` what stands behind the bid."""
    return KeptBid(
        party=party,
        name=manifest.name,
        credit_code=manifest.credit_code,
        price=manifest.price.quantize(CENT, ROUND_HALF_UP),
        days=days_of(manifest.items),
        items=tuple(KeptItem(item.name, item.value) for item in manifest.items),
        files=tuple(KeptFile(one.name, one.sha256, one.size) for one in manifest.files),
        invalid=invalidity(manifest.price, ceiling),
        cover=cover,
        cover_fault=cover_fault,
    )
