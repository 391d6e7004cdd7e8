"""What templates need to draw the house: icons, sentences of reasons, money, digests, the price strip.

Enters: values from views, already allowed to be seen. Leaves: escaped HTML. No rule is decided here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import zip_longest
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from config.drawing.price_strip import CENT, Quote, strip
from ledger.errors import Reason
from trading.telling import told

register = template.Library()

SHOWN = 8  # characters of a digest shown at either end
ROW, TOP, BELOW = 26, 78, 34  # pixels of the strip: between rows of dots, for the words above, for the axis below


@register.simple_tag
def icon(name: str) -> SafeString:
    """The icon `name` of img/icons.svg, said to nobody: a word always stands beside it."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static("img/icons.svg"),
        name,
    )


@register.filter
def said(reason: Reason | Mapping[str, str] | str) -> str:
    """The sentence of a reason in the reader's language; of a mapping the `text`, which is already in it."""
    if isinstance(reason, Reason):
        return told(reason)
    if isinstance(reason, Mapping):
        return reason["text"]
    return gettext(reason) if reason else ""


@register.filter
def money(amount: Decimal | int | str | None) -> str:
    """9596000 as 9,596,000.00; nothing for None, words such as a dash as they are. The unit stands in the template."""
    if amount is None or isinstance(amount, str):
        return amount or ""
    return f"{Decimal(amount).quantize(CENT, ROUND_HALF_UP):,}"


@register.filter
def short(digest: str) -> str:
    """Both ends of a digest, enough to compare by eye; a short one whole."""
    return digest if len(digest) <= 2 * SHOWN + 1 else f"{digest[:SHOWN]}…{digest[-SHOWN:]}"


@register.filter
def within(path: str | None, address: str | None) -> bool:
    """Whether `path` is `address` or below it: which way of the house we are on."""
    if not path or not address:
        return False
    return path == address or (address != "/" and path.startswith(address.rstrip("/") + "/"))


@register.filter
def beside(cells: Iterable[object], columns: Sequence[object]) -> list[tuple[object, object]]:
    """Each cell with its column; a row that is shorter than the head gets empty cells."""
    return list(zip_longest(cells, columns, fillvalue=""))


@register.inclusion_tag("parts/price_strip.html")
def price_strip(
    quotes: Sequence[Mapping[str, Any]],
    *,
    title: str,
    ceiling: Decimal | None = None,
    base: Decimal | None = None,
    low: Decimal | None = None,
    csv_href: str = "",
) -> dict[str, object]:
    """The dot strip with its table twin, in yuan; quotes: {label, name, price: Decimal, mark: "", "first" or "out"}."""
    if not quotes:
        return {"strip": None, "title": title}
    drawn = strip([Quote(**quote) for quote in quotes], ceiling=ceiling, base=base, low=low)
    axis = TOP + drawn.rows * ROW
    dots = [{"dot": dot, "y": axis - ROW // 2 - dot.row * ROW} for dot in drawn.dots]
    words = {"ceiling": 18, "base": 40, "low": 62}
    lines = [{"line": line, "y": words[line.kind], "text": line.x} for line in drawn.lines]
    band = next((line.x for line in drawn.lines if line.kind == "low"), None)
    return {
        "strip": drawn,
        "title": title,
        "dots": dots,
        "lines": lines,
        "band": band,
        "axis": axis,
        "axis_words": axis + 20,
        "height": axis + BELOW,
        "base": base,
        "csv_href": csv_href,
    }
