"""A skip for want of a tool is a skip on a desk and a failure where every tool is promised."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

BASE = Path(__file__).resolve().parent.parent
TRIAL = """
import pytest

def test_tool():
    pytest.skip("needs age: apt install age")

def test_data():
    pytest.skip("the shared test data is not beside this checkout")
"""


@pytest.mark.parametrize(("required", "code", "counts"), [("0", 0, "2 skipped"), ("1", 1, "1 failed, 1 skipped")])
def test_a_skip_for_want_of_a_tool(tmp_path: Path, required: str, code: int, counts: str) -> None:
    trial = tmp_path / "test_trial.py"
    trial.write_text(TRIAL)

    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "tests.conftest", "--rootdir", str(tmp_path), str(trial)],
        cwd=BASE,
        env=os.environ | {"SUNLIGHT_REQUIRE_ALL": required},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (run.returncode, counts in run.stdout) == (code, True), run.stdout
