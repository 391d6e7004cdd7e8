"""The empty, migrated database of a site, made once in a whole test run and copied by everybody else.

Migrating takes seconds of a processor, and a run starts some twenty sites. Enters: the folder of a site that has
no database yet. Leaves: a database there. The pattern lies in the folder that tests/conftest.py names in TESTS_COMMON;
who runs without it (a benchmark, a check of ./sunlight deep) migrates for himself.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COMMON = "TESTS_COMMON"


def empty_database(var: Path) -> None:
    """Give the site on `var` (SUNLIGHT_VAR) its migrated SQLite database; the folder may not have one."""
    if COMMON not in os.environ:
        _migrate(var)
        return
    common = Path(os.environ[COMMON])
    with (common / "migrating").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (common / "db").exists():
            _migrate(common / "var")
            (common / "var" / "db").rename(common / "db")
    var.mkdir(parents=True, exist_ok=True)
    shutil.copytree(common / "db", var / "db", dirs_exist_ok=True)  # settings that were read made the folder


def _migrate(var: Path) -> None:
    strange = ("SUNLIGHT_", "DJANGO_", "REDIS_URL", "DATABASE_URL", "OBJECTS_URL")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(strange)}
    own = {"SUNLIGHT_VAR": str(var), "REDIS_URL": "memory://"}
    command = [sys.executable, str(ROOT / "manage.py"), "migrate", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env=kept | own, check=True)
