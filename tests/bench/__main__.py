"""`./sunlight bench`: the first table. Each part runs in a process of its own, one after the other.

Absolute figures belong to the machine; the ratios carry over. Nothing here fails for being slow.
"""

from __future__ import annotations

import subprocess
import sys

from tests.bench.envelope import say

PARTS = ("envelope", "receipts", "appends", "pages")


def main() -> int:
    """Run every part; 1 when one of them could not."""
    failed = 0
    for part in PARTS:
        say(f"\n== {part}")
        sys.stdout.flush()
        failed |= subprocess.run([sys.executable, "-m", f"tests.bench.{part}"], check=False).returncode
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
