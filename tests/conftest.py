"""Gives every test run a `var/` of its own and no broker, before Django reads its settings.

A skip that begins with "needs " becomes a failure under SUNLIGHT_REQUIRE_ALL=1: there nothing may be missing.
"""

from __future__ import annotations

import atexit
import gc
import os
import shutil
import signal
import tempfile
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING

import django
import pytest
from django.conf import settings
from django.utils import translation
from hypothesis import settings as hypothesis_settings

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

    from tests.world import TestClock, World

if "TESTS_COMMON" not in os.environ:  # what every process of this run shares: tests/migrated.py
    os.environ["TESTS_COMMON"] = _common = tempfile.mkdtemp(prefix="sunlight-tests-")
    atexit.register(shutil.rmtree, _common, ignore_errors=True)
if settings.configured:  # pytest-django read them in a worker, by what its controller had set: one folder for all
    _var = str(settings.VAR)
else:
    _var = tempfile.mkdtemp(prefix="sunlight-test-")
    atexit.register(shutil.rmtree, _var, ignore_errors=True)
for _name in [name for name in os.environ if name.startswith(("SUNLIGHT_", "DATABASE_URL", "OBJECTS_URL"))]:
    if _name.removeprefix("SUNLIGHT_") not in {"REQUIRE_ALL", "DEEP", "MUTANTS", "PICTURES", "TEST_DATABASE"}:
        del os.environ[_name]
os.environ |= {"SUNLIGHT_VAR": _var, "REDIS_URL": "memory://", "SUNLIGHT_PROCESS": "test"}
os.environ["SUNLIGHT_CLOCK"] = "tests.world.TestClock"
if os.environ.get("SUNLIGHT_TEST_DATABASE"):  # tests/ledger/test_postgresql.py runs other tests on such a database
    os.environ["DATABASE_URL"] = os.environ["SUNLIGHT_TEST_DATABASE"]
os.environ["SUNLIGHT_VEIL_SECONDS"] = "0"  # veiled entries as they come; tests of rounds set an interval
# Named here and not in pyproject.toml, where pytest-django would read it before this file is run.
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
django.setup()  # pytest-django would do it only if it had read the name itself
# Accounts are opened by the hundred here; sites in processes of their own go on with the hasher of the house.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# The machine may be busy: an example that takes long is no failure. ./sunlight deep tries twenty times as many.
hypothesis_settings.register_profile("daily", deadline=None)
hypothesis_settings.register_profile("deep", deadline=None, max_examples=2000)
hypothesis_settings.load_profile("deep" if os.environ.get("SUNLIGHT_DEEP") == "1" else "daily")


VERIFIER = "tests/supervision/verifier/"  # all of it looks at the bundles of one tender, which take long to make


def pytest_sessionstart() -> None:
    """Who is told to stop, when a run is cut short, leaves no server behind: fixtures end as after Ctrl-C."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def pytest_sessionfinish() -> None:
    """From here on nothing is left that a second signal could interrupt but the sweeping up."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _turn(item: pytest.Item) -> int:
    """When its group begins: the play first, then the verifier, then what starts servers, then the rest."""
    file = item.location[0]
    if file.startswith(("tests/story/", "tests/trading/test_outage_live")):
        return 0
    if file.startswith(VERIFIER):
        return 1
    return 2 if any(map(item.get_closest_marker, ("server", "slow"))) else 3


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Generator[None, None, None]:
    """Keep the tests of a file in one process, which makes what they share once; begin with those that take longest."""
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            file = item.location[0]
            item.add_marker(pytest.mark.xdist_group("verifier" if file.startswith(VERIFIER) else file))
    yield  # pytest-django puts what needs no database last, and most servers with it
    items.sort(key=_turn)


def pytest_collection_finish() -> None:
    """Thousands of tests and modules are here to stay: the collector need not look at them again and again."""
    gc.collect()
    gc.freeze()


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


@pytest.fixture(autouse=True)
def _chinese_first() -> None:
    """No test speaks the language that the request of another one left behind in this thread."""
    translation.deactivate()


@pytest.fixture
def clock() -> TestClock:
    """The clock of the house, set to the morning."""
    from tests.world import MORNING, TestClock

    source = TestClock()
    source.set(MORNING)
    return source


@pytest.fixture
def world(db: None, clock: TestClock, settings: Settings, tmp_path: Path) -> World:
    """The cast, on an empty database and an empty folder of objects."""
    from tests.world import World

    settings.OBJECTS_URL = f"file://{tmp_path}/objects"
    return World(clock)
