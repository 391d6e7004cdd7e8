"""Where the vectors lie that are too large or not ours to ship; a test that needs them skips when they are missing."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parent.parent.parent / "shared" / "data"


def shared_data(name: str) -> Path:
    """The path of `name` in the shared test data, or skip with a plain sentence."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"the shared test data {name} is not beside this checkout")
    return path
