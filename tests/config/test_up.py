"""The supervisor, with real processes in a folder of their own."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from config.running import holder
from config.secrets import receipt_text
from tests.migrated import empty_database

BASE = Path(__file__).resolve().parent.parent.parent
GIVEN = {"SECRET_KEY": "s" * 64} | {
    f"SUNLIGHT_{name}_KEY": digit * 64 for name, digit in (("HANDLE", "1"), ("PLATFORM", "2"), ("LOG", "3"))
}
FIRST_PORT = 18400

pytestmark = [pytest.mark.server, pytest.mark.slow]


@dataclass
class Place:
    """A `var/` of its own and the commands on it."""

    var: Path
    environment: dict[str, str]

    def manage(self, *words: str, **changes: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, str(BASE / "manage.py"), *words],
            env=self.environment | changes,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def site(self) -> dict[str, object]:
        site: dict[str, object] = json.loads((self.var / "run" / "site.json").read_text())
        return site

    def parts(self) -> dict[str, int]:
        parts = self.site()["parts"]
        assert isinstance(parts, dict)
        return parts


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A migrated database and the secrets of a centre, to be copied by each test."""
    folder = tmp_path_factory.mktemp("origin")
    receipt = folder / "receipt.pem"
    receipt.write_text(receipt_text())
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SUNLIGHT_", "REDIS_URL"))}
    own = {
        "SUNLIGHT_VAR": str(folder / "var"),
        "SUNLIGHT_RECEIPT_KEY_FILE": str(receipt),
        "SUNLIGHT_PORT": str(FIRST_PORT + os.getpid() % 500 * 4),
    }
    origin = Place(folder / "var", kept | GIVEN | own)
    empty_database(origin.var)
    return origin


@pytest.fixture
def place(origin: Place, tmp_path: Path) -> Iterator[Place]:
    place = Place(tmp_path / "var", origin.environment | {"SUNLIGHT_VAR": str(tmp_path / "var")})
    shutil.copytree(origin.var, place.var)
    yield place
    place.manage("down")


def ask(place: Place, path: str) -> int:
    """The status of `path`; 0 when nobody listens."""
    host = str(place.site()["pages"]).removeprefix("http://")
    connection = http.client.HTTPConnection(host, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()


def runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def until(fact: Callable[[], bool], seconds: float = 20) -> None:
    limit = time.monotonic() + seconds
    while not fact():
        assert time.monotonic() < limit, "it did not come true in time"
        time.sleep(0.1)


def test_up_refuses_a_database_that_lacks_migrations(place: Place) -> None:
    shutil.rmtree(place.var / "db")

    refusal = place.manage("up", "--background")

    assert (refusal.returncode, refusal.stdout) == (1, "")
    assert "the database is older than the code" in refusal.stderr
    assert place.manage("status").returncode == 3


def test_up_outside_the_demo_refuses_secrets_of_its_own_making(place: Place) -> None:
    del place.environment["SUNLIGHT_LOG_KEY"]

    refusal = place.manage("up", "--background")

    assert refusal.returncode == 1
    assert "exist nowhere else: SUNLIGHT_LOG_KEY" in refusal.stderr


def test_up_answers_restarts_what_dies_and_leaves_nothing(place: Place) -> None:
    began = place.manage("up", "--background")
    assert (began.returncode, began.stderr) == (0, "")
    assert f"Pages {place.site()['pages']}/" in began.stdout
    assert ask(place, "/health") == 200
    assert sorted(place.parts()) == ["broker", "live", "tick", "web", "worker"]

    second = place.manage("up", "--background")
    assert (second.returncode, second.stdout) == (0, f"Sunlight is already up at {place.site()['pages']}/\n")

    first = place.parts()
    os.kill(first["web"], signal.SIGKILL)
    until(lambda: place.parts()["web"] != first["web"] and ask(place, "/health") == 200)

    everything = [*first.values(), *place.parts().values()]
    socket = Path((place.var / "run" / "valkey.socket").read_text())
    assert place.manage("down").stdout == "Sunlight has stopped.\n"
    assert [pid for pid in everything if runs(pid)] == []
    assert not socket.parent.exists()
    assert sorted(path.name for path in (place.var / "run").iterdir()) == ["up.lock"]
    assert place.manage("status").stdout == "Sunlight is not running.\n"


def test_up_takes_its_children_along_when_it_is_killed(place: Place) -> None:
    place.manage("up", "--background")
    parts = place.parts()
    socket = Path((place.var / "run" / "valkey.socket").read_text())

    supervisor = place.site()["pid"]
    assert isinstance(supervisor, int)
    os.kill(supervisor, signal.SIGKILL)

    until(lambda: not any(runs(pid) for pid in parts.values()))
    until(lambda: holder(place.var / "run") is None)  # a worker's child may hold the lock a moment longer
    again = place.manage("up", "--background")
    assert (again.returncode, again.stderr, again.stdout[:6]) == (0, "", "Pages ")
    assert ask(place, "/health") == 200
    assert not socket.parent.exists()


def test_up_says_why_a_part_cannot_start_and_stops_the_rest(place: Place) -> None:
    refusal = place.manage("up", "--background", REDIS_URL="unix:///nowhere/at/all", SUNLIGHT_WEB_THREADS="x")

    assert refusal.returncode == 1
    assert "SUNLIGHT_WEB_THREADS must be a whole number of at least 1, not 'x'" in refusal.stderr
    assert not (place.var / "run" / "site.json").exists()
