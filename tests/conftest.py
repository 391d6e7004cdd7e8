"""Gives every test run a `var/` of its own and no broker, before Django reads its settings.

A skip that begins with "needs " becomes a failure under SUNLIGHT_REQUIRE_ALL=1: there nothing may be missing.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Generator

import pytest

_var = tempfile.mkdtemp(prefix="sunlight-test-")
atexit.register(shutil.rmtree, _var, ignore_errors=True)
for _name in [name for name in os.environ if name.startswith(("SUNLIGHT_", "DATABASE_URL", "OBJECTS_URL"))]:
    if _name != "SUNLIGHT_REQUIRE_ALL":
        del os.environ[_name]
os.environ |= {"SUNLIGHT_VAR": _var, "REDIS_URL": "memory://", "SUNLIGHT_PROCESS": "test"}
# Named here and not in pyproject.toml, where pytest-django would read it before this file is run.
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip for want of a tool into a failure where every tool is promised."""
    report = yield
    skipped = call.excinfo is not None and isinstance(call.excinfo.value, pytest.skip.Exception)
    if skipped and report.skipped and os.environ.get("SUNLIGHT_REQUIRE_ALL") == "1":
        reason = str(call.excinfo.value) if call.excinfo else ""
        if reason.startswith("needs "):
            report.outcome = "failed"
            report.longrepr = f"{item.nodeid}: SUNLIGHT_REQUIRE_ALL=1, but this test {reason}"
    return report
