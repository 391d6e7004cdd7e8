"""Every single change of a bundle by somebody without the log's key, on both bundles: all must be found."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.parts import ROOT, say

KINDS = ("regulators", "public")
TESTS = "tests/supervision/verifier/test_mutants.py"


def run() -> None:
    """Say how many changes of each bundle were tried and how many were not found; a single one fails."""
    environment = {**os.environ, "SUNLIGHT_MUTANTS": "all"}
    command = [sys.executable, "-m", "pytest", "-q", "-n0", "--show-capture=no", TESTS]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    said = [line for line in done.stdout.splitlines() if line.endswith(" not found")]
    for line in said:
        say(line)
    if done.returncode or len(said) != len(KINDS):
        raise SystemExit(done.stdout[-4000:])
