"""The demo stays outside: without SUNLIGHT_DEMO its modules cannot be imported and no entry point has loaded them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.house import ROOT, modules

# Starts the site as its processes do, loads every page, room and task, and says which modules of the demo came along.
START = """
import importlib, sys
import django
django.setup()
from django.urls import get_resolver
get_resolver().url_patterns
for name in ("config.wsgi", "config.asgi", "config.celery"):
    importlib.import_module(name)
print(sorted(name for name in sys.modules if name == "config.demo" or name.startswith("config.demo.")) != [])
try:
    import config.demo.clock
except ImportError as error:
    print(error)
else:
    print("imported")
"""


def started(var: Path, demo: str) -> list[str]:
    """What `START` prints with SUNLIGHT_DEMO=`demo` and a `var/` of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SUNLIGHT_", "DJANGO_"))}
    ours = {"DJANGO_SETTINGS_MODULE": "config.settings", "SUNLIGHT_VAR": str(var), "REDIS_URL": "memory://"}
    run = subprocess.run(
        [sys.executable, "-c", START],
        cwd=ROOT,
        env=kept | ours | {"SUNLIGHT_DEMO": demo},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout.splitlines()[-2:]


@pytest.mark.parametrize(
    ("demo", "answer"),
    [("0", ["False", "the demo is not installed: SUNLIGHT_DEMO is not set"]), ("1", ["True", "imported"])],
)
def test_the_demo_is_there_only_when_it_is_asked_for(tmp_path: Path, demo: str, answer: list[str]) -> None:
    assert started(tmp_path, demo) == answer


def test_nothing_outside_the_demo_imports_it() -> None:
    outside = [module for name, module in modules().items() if not name.startswith("config.demo")]
    found = [module.name for module in outside if any(name.startswith("config.demo") for name in module.imported)]
    assert found == []
