"""`./sunlight bench`: the tables. Each part runs in a process of its own, one after the other.

A part is a module of this package with `run() -> None` or `main() -> None`, which says its table. Absolute figures
belong to the machine; the ratios carry over. Nothing here fails for being slow. Arguments: names of parts (all
without), `--keep` to write docs/bench.md anew.
"""

from __future__ import annotations

import sys

from tests.parts import ROOT, run_parts

PARTS = ("envelope", "receipts", "appends", "pages", "openings", "browser_sealing", "verifying")

if __name__ == "__main__":
    sys.exit(run_parts("tests.bench", PARTS, sys.argv[1:], ROOT / "docs" / "bench.md"))
