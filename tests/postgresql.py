"""A PostgreSQL of the test run's own: its programs from Debian, a folder and a socket that go with the run.

Enters: nothing. Leaves: addresses (DATABASE_URL) of a server that listens on no port. It refuses root, so root runs it
as another user. Where it is not installed, tests skip in plain words (a failure under SUNLIGHT_REQUIRE_ALL=1).
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

USER = "sunlight_owner"  # owns the tables; also the superuser of this server, whose password is its socket
PLACES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
PATIENCE = 30.0


@dataclass(frozen=True)
class Server:
    """A server that answers: `folder` holds its socket."""

    folder: Path

    def url(self, database: str, user: str = USER) -> str:
        """DATABASE_URL of a database on it."""
        return f"postgresql://{user}@/{database}?host={self.folder}"

    def create(self, database: str) -> str:
        """An empty database; its DATABASE_URL."""
        import psycopg

        with psycopg.connect(f"host={self.folder} user={USER} dbname=postgres", autocommit=True) as line:
            line.execute(f'CREATE DATABASE "{database}"'.encode())
        return self.url(database)


def program(name: str) -> str:
    """The path of a program of PostgreSQL; skips where there is none."""
    found = next((str(place / name) for place in PLACES if (place / name).exists()), None) or shutil.which(name)
    if found is None:
        pytest.skip("needs PostgreSQL: apt-get install postgresql")
    return found


def _as_another(folder: Path) -> list[str]:
    """What a command line begins with so that it does not run as root."""
    if os.geteuid() != 0:
        return []
    user = "postgres" if _known("postgres") else "nobody"
    shutil.chown(folder, user)
    return ["setpriv", f"--reuid={user}", "--clear-groups", "--inh-caps=-all", "--"]


def _known(user: str) -> bool:
    import pwd

    return any(one.pw_name == user for one in pwd.getpwall())


@contextmanager
def running(*, durable: bool = False) -> Iterator[Server]:
    """A server while the block lasts; `durable` flushes every commit to the disk, as a centre does."""
    initdb, postgres = program("initdb"), program("postgres")
    folder = Path(tempfile.mkdtemp(prefix="sunlight-pg-"))
    folder.chmod(0o755)
    begin = _as_another(folder)
    data = folder / "data"
    make = [initdb, "--pgdata", str(data), "--username", USER, "--auth", "trust", "--encoding", "UTF8", "--no-sync"]
    subprocess.run([*begin, *make, "--locale", "C"], check=True, capture_output=True, cwd=folder)
    said = (folder / "said").open("wb")
    sync = "on" if durable else "off"
    options = {"listen_addresses": "", "unix_socket_directories": str(folder), "fsync": sync, "max_connections": "150"}
    command = [postgres, "-D", str(data), *(word for pair in options.items() for word in ("-c", "=".join(pair)))]
    process = subprocess.Popen([*begin, *command], stdout=said, stderr=said, cwd=folder)
    try:
        _wait(folder, process)
        yield Server(folder)
    finally:
        process.send_signal(signal.SIGINT)  # at once, whoever is still connected
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        said.close()
        shutil.rmtree(folder, ignore_errors=True)


def _wait(folder: Path, process: subprocess.Popen[bytes]) -> None:
    import psycopg

    limit = time.monotonic() + PATIENCE
    while True:
        try:
            psycopg.connect(f"host={folder} user={USER} dbname=postgres").close()
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > limit:
                raise RuntimeError((folder / "said").read_text()) from None
            time.sleep(0.05)
        else:
            return
