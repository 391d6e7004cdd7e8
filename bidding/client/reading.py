"""Files that a person may have touched: receipts, descriptions, secrets, as text; a damaged one is named in a sentence.

Enters: paths. Leaves: text or a JSON object. UTF-8, with or without the mark that editors on Windows put before it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bidding.submission.receipt import LONGEST, parse_receipt
from ledger.errors import _, refused


def read_text(path: Path) -> str:
    """The text of a file; refused `client.not_text`."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        refused("client.not_text", _("%(name)s is not a text in UTF-8."), name=str(path))


def read_object(path: Path) -> dict[str, Any] | None:
    """The JSON object in a file of the client's own; None when the file is damaged."""
    try:
        found = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def read_receipt(path: Path) -> dict[str, Any]:
    """The receipt file at `path`, of which no more is read than a receipt is long; refused `bidding.receipt_form`."""
    with path.open("rb") as file:
        data = file.read(4 * LONGEST)
    return parse_receipt(data.decode("utf-8-sig", errors="replace"))
