"""The golden files of forms: every event with its fields, their types and what discloses a committed one; every record.

`python -m tests.ledger.golden` writes them anew. A changed line is a changed format: never reorder or remove; append,
or make a new tag (ledger.md, "Entries"). Whoever writes a reader of bundles needs both (docs/bundle.md).
The vectors of entries (entry_vectors.py) follow from the events and are written with them.
"""

from __future__ import annotations

import importlib
import json
from pathlib import Path

from ledger.events import EVENTS, shape

VECTORS = Path(__file__).resolve().parent.parent / "vectors"
GOLDEN, RECORDS = VECTORS / "events.json", VECTORS / "records.json"
ROOMS = ("trading", "guarantees", "experts", "bidding", "evaluation", "supervision")
# Where the records stand that entries hold, or that lie in a bundle.
HOLDERS = (
    "trading.records", "trading.events", "bidding.events", "bidding.hall.events", "bidding.opening.events",
    "bidding.custody.events", "bidding.custody.key_statement", "bidding.envelope.sheet", "bidding.opening.statement",
    "bidding.submission.count", "bidding.hall.opening_record", "experts.lottery", "evaluation.sheet",
    "evaluation.report", "guarantees.cover",
)  # fmt: skip


def shapes() -> dict[str, list[str]]:
    """Every event of the house, those of tests and the demo aside."""
    for room in ROOMS:
        importlib.import_module(f"{room}.events")
    kept = {tag: cls for tag, cls in EVENTS.items() if not tag.startswith(("tests:", "config:"))}
    return {tag: shape(cls) for tag, cls in sorted(kept.items())}


def record_shapes() -> dict[str, list[str]]:
    """Every record that entries hold or that lies in a bundle: its tag, the class that fields name, its fields."""
    held = [value for name in HOLDERS for value in vars(importlib.import_module(name)).values()]
    found = {one.__dict__["__canon_tag__"]: one for one in held if isinstance(one, type) and _is_record(one)}
    return {tag: [f"class {cls.__name__}", *shape(cls)] for tag, cls in sorted(found.items())}


def _is_record(cls: type) -> bool:
    return cls.__dict__.get("__canon_tag__", "") not in {"", *EVENTS}


if __name__ == "__main__":
    from tests.ledger import entry_vectors  # it asks this module which tags there are

    entry_vectors.VECTORS.write_text(entry_vectors.text_of(entry_vectors.entry_vectors()), encoding="utf-8")
    GOLDEN.write_text(json.dumps(shapes(), indent=1) + "\n", encoding="utf-8")
    RECORDS.write_text(json.dumps(record_shapes(), indent=1) + "\n", encoding="utf-8")
