"""Pure. Reads real tenders from a table: `tender,estimate,bidder,price,winner`; the estimate is no ceiling.

Enters: lines of CSV. Leaves: tenders in their order, each with its bids and the label of its real winner; `ValueError`
that names the line for anything else. A label such as B01 is one party through the whole table.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass

COLUMNS = ["tender", "estimate", "bidder", "price", "winner"]
PRICE = re.compile(r"(0|[1-9][0-9]{0,12})(\.[0-9]{1,2})?")
LABEL = re.compile(r"[A-Za-z0-9-]{1,20}")


@dataclass(frozen=True)
class RealTender:
    """A tender of the table: `bids` are (label, price) in their order, `winner` a label."""

    name: str
    bids: tuple[tuple[str, str], ...]
    winner: str


def read(lines: Iterable[str]) -> list[RealTender]:
    """The tenders of the table."""
    table = csv.DictReader(lines)
    if table.fieldnames != COLUMNS:
        raise ValueError(f"the columns must be {','.join(COLUMNS)}")
    bids: dict[str, dict[str, str]] = {}
    winners: dict[str, str] = {}
    for number, row in enumerate(table, 2):
        _check(number, row, bids)
        bids.setdefault(row["tender"], {})[row["bidder"]] = row["price"]
        if row["winner"] == "1" and winners.setdefault(row["tender"], row["bidder"]) != row["bidder"]:
            raise ValueError(f"line {number}: a second winner of {row['tender']}")
    missing = [name for name in bids if name not in winners]
    if missing:
        raise ValueError(f"no winner of {', '.join(missing)}")
    return [RealTender(name, tuple(given.items()), winners[name]) for name, given in bids.items()]


def _check(number: int, row: dict[str, str], bids: dict[str, dict[str, str]]) -> None:
    wrong = [
        name
        for name, good in {
            "tender": bool(row["tender"]),
            "bidder": bool(LABEL.fullmatch(row["bidder"] or "")),
            "price": bool(PRICE.fullmatch(row["price"] or "")),
            "winner": row["winner"] in {"0", "1"},
            "bidder, twice": row["bidder"] not in bids.get(row["tender"], {}),
        }.items()
        if not good
    ]
    if wrong:
        raise ValueError(f"line {number}: {', '.join(wrong)}")


def labels(tenders: Iterable[RealTender]) -> list[str]:
    """Every bidder's label, once, sorted."""
    return sorted({label for tender in tenders for label, _price in tender.bids})
