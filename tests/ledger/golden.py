"""The golden file of events: every tag with its fields, their types and what discloses a committed one.

`python -m tests.ledger.golden` writes it anew. A changed line is a changed format: never reorder or remove; append, or
make a new tag (ledger.md, "Entries").
"""

from __future__ import annotations

import importlib
import json
from pathlib import Path

from ledger.events import EVENTS, shape

GOLDEN = Path(__file__).resolve().parent.parent / "vectors" / "events.json"
ROOMS = ("trading", "guarantees", "experts", "bidding", "evaluation", "supervision")


def shapes() -> dict[str, list[str]]:
    """Every event of the house, those of tests and the demo aside."""
    for room in ROOMS:
        importlib.import_module(f"{room}.events")
    kept = {tag: cls for tag, cls in EVENTS.items() if not tag.startswith(("tests:", "config:"))}
    return {tag: shape(cls) for tag, cls in sorted(kept.items())}


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps(shapes(), indent=1) + "\n", encoding="utf-8")
