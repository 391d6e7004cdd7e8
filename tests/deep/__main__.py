"""`./sunlight deep`, after the tests: checks too heavy for every commit, each in a process of its own.

A part is a module of this package with `run() -> None`: it says what it measured (`tests.parts.say`), raises when a
promise does not hold, and raises `tests.parts.NotHere` with the reason where the machine cannot run it. Arguments:
names of parts (all without), `--keep` to write docs/deep.md anew.
"""

from __future__ import annotations

import sys

from tests.parts import ROOT, run_parts

PARTS = (
    "large_files", "client_bid", "who_bid", "how_many",
    "memory_image", "uploads", "openings", "proofs", "verifier_alone",
    "bundle_mutants", "two_verifiers", "mutation", "postgresql_site",
)  # fmt: skip

if __name__ == "__main__":
    sys.exit(run_parts("tests.deep", PARTS, sys.argv[1:], ROOT / "docs" / "deep.md"))
