"""What stands in the settings, in the demo and outside it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

BASE = Path(__file__).resolve().parent.parent.parent
QUESTION = """
from django.conf import settings
print(settings.DEBUG, settings.SUNLIGHT_DEMO, "config.demo" in settings.INSTALLED_APPS, settings.SUNLIGHT_CLOCK)
"""


def asked(var: Path, question: str, **environment: str) -> str:
    """What fresh settings, on a `var/` of their own, answer to `question`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SUNLIGHT_")}
    run = subprocess.run(
        [sys.executable, "-c", question],
        cwd=BASE,
        env=kept | {"SUNLIGHT_VAR": str(var), "DJANGO_SETTINGS_MODULE": "config.settings"} | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout.strip()


@pytest.mark.parametrize(
    ("environment", "answer"),
    [
        ({}, "False False False ledger.clock.SystemSource"),
        ({"SUNLIGHT_DEMO": "0"}, "False False False ledger.clock.SystemSource"),
        ({"SUNLIGHT_DEMO": "1"}, "False True True config.demo.clock.OffsetSource"),
    ],
)
def test_the_demo_is_a_setting_of_its_own(tmp_path: Path, environment: dict[str, str], answer: str) -> None:
    assert asked(tmp_path, QUESTION, **environment) == answer


def test_the_embedded_broker_is_found_where_it_was_announced(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "valkey.socket").write_text("/tmp/sunlight-x/valkey.sock")
    question = "from django.conf import settings as s\nprint(s.REDIS_URL, s.CELERY_BROKER_URL)"

    found = asked(tmp_path, question, REDIS_URL="")

    assert found == "unix:///tmp/sunlight-x/valkey.sock redis+socket:///tmp/sunlight-x/valkey.sock"
