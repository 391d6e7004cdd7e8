"""Pure. The opening list (开标一览表): what is read out at the opening, in a table of labels and values.

Enters: the rows of its sheets. Leaves: price, days and further quoted lines; and, by the rule, findings where it says
something else than the bid. Right of a label that the template has, in Chinese or English, stands its value. Twin:
preflight/opening_list.ts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bidding.preflight.figures import cents, figure, said
from bidding.preflight.finding import Finding
from bidding.preflight.markup import folded
from bidding.preflight.workbook import Row

PRICE = ("投标总价", "投标报价", "price")
DAYS = ("工期", "交货期", "服务期", "duration", "days")
ITEMS = {"quality": ("质量", "quality"), "manager": ("项目经理", "项目负责人", "manager")}
WHOLE = re.compile(r"([1-9][0-9]{0,4})(\.0+)?(日历天|天|日|days?)?")


@dataclass(frozen=True)
class OpeningList:
    """What the list says: "" where it says nothing. `items`: further quoted lines, as the manifest has them."""

    price: str = ""
    days: str = ""
    items: tuple[tuple[str, str], ...] = ()


def read_opening_list(sheets: Iterable[Sequence[Row]]) -> OpeningList:
    """The list in the first sheet that states a price."""
    for rows in sheets:
        pairs = [pair for row in rows if (pair := _pair(row)) is not None]
        price = next((figure(value) for label, value in pairs if label.startswith(PRICE)), None)
        if price is not None:
            days = next((WHOLE.fullmatch(folded(value)) for label, value in pairs if label.startswith(DAYS)), None)
            return OpeningList(said(price), days[1] if days else "", tuple(_items(pairs)))
    return OpeningList()


def _pair(row: Row) -> tuple[str, str] | None:
    """The first text of a row and what stands right of it."""
    if len(row.cells) < 2:
        return None
    ordered = sorted(row.cells, key=lambda cell: cell.column)
    numbered = figure(ordered[0].text) is not None and len(ordered) > 2
    label, value = ordered[1:3] if numbered else ordered[:2]
    return folded(label.text), value.text


def _items(pairs: Sequence[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    for name, labels in ITEMS.items():
        for label, value in pairs:
            if label.startswith(labels) and value:
                yield name, value
                break


def check_opening_list(name: str, found: OpeningList, price: Decimal | None, days: str) -> list[Finding]:
    """The findings about the list in the file `name`."""
    if not found.price:
        return [Finding("bidding.opening_list_unread", name)]
    findings = []
    if price is not None and figure(found.price) != cents(price):
        findings.append(Finding("bidding.opening_list_price", name, {"found": found.price, "price": said(price)}))
    if days and found.days != days:
        findings.append(Finding("bidding.opening_list_days", name, {"found": found.days or "—", "days": days}))
    return findings
