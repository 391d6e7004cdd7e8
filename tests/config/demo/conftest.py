"""A demo's folder with a migrated database, made once and copied for each test."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.migrated import empty_database


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    var = tmp_path_factory.mktemp("demo") / "var"
    empty_database(var)
    return var


@pytest.fixture
def var(migrated: Path, tmp_path: Path) -> Path:
    shutil.copytree(migrated, tmp_path / "var")
    (tmp_path / "var" / "clock").unlink(missing_ok=True)
    return tmp_path / "var"
