"""Keeps the processes of embedded mode: starts them in order, starts again what dies, stops all, leaves nothing.

Enters: parts (config.parts). Leaves: `var/run/site.json` while everything answers, each part's output in
`var/log/<name>.out`. If the supervisor itself is killed, the kernel tells its children to stop.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import structlog

from config.environment import envtext
from config.parts import CannotStartError, Part, Ports, broker_part, broker_socket, free_ports, house_parts
from config.running import Site, announce, forget

logger = structlog.get_logger("sunlight.supervisor")

STARTING = 60.0  # seconds that all parts together may take until they answer
LIVES = 5  # ends within SPELL seconds after which a part is given up
SPELL = 60.0
PAUSE = 0.1
PR_SET_PDEATHSIG = 1
SHORT = "sunlight-"  # begins the name of the folder that the broker listens in

_libc = ctypes.CDLL(None, use_errno=True)


def _die_with_parent() -> None:
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Kept:
    """A part and the process that runs it now."""

    def __init__(self, part: Part, log: Path) -> None:
        self.part = part
        self.log = log / f"{part.name}.out"
        self.ends: list[float] = []
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as out:
            return subprocess.Popen(
                self.part.command,
                env=os.environ | self.part.environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_die_with_parent,  # noqa: PLW1509 this process has one thread
            )

    @property
    def has_ended(self) -> bool:
        """Whether the process is gone."""
        return self.process.poll() is not None

    def again(self) -> None:
        """Start it once more; a part that ends `LIVES` times in `SPELL` seconds is given up."""
        moment = time.monotonic()
        self.ends = [end for end in self.ends if moment - end < SPELL] + [moment]
        logger.warning("part ended", part=self.part.name, code=self.process.returncode, ends=len(self.ends))
        if len(self.ends) >= LIVES:
            raise CannotStartError(self.epitaph())
        self.clear()
        self.process = self._start()

    def epitaph(self) -> str:
        """What it left: its code and the last lines of its output."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:]
        said = "\n".join(f"    {line}" for line in lines)
        return f"{self.part.name} ended with code {self.process.returncode}; the end of {self.log}:\n{said}"

    def stop(self) -> None:
        """Ask it to stop; after its grace end it with everything it started."""
        self.process.terminate()

    def bury(self) -> None:
        """Wait until it is gone, and take whatever is left of its session with it."""
        try:
            self.process.wait(self.part.grace)
        except subprocess.TimeoutExpired:
            logger.warning("part did not stop in time", part=self.part.name)
        self.clear()
        self.process.wait()

    def clear(self) -> None:
        """End whatever is left of the session: a server whose chief died may leave workers that hold the port."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)


def clear_remains(run: Path) -> None:
    """Forget a site whose supervisor was killed, and the folder its broker listened in."""
    record = run / "valkey.socket"
    if record.exists():
        folder = Path(record.read_text(encoding="utf-8").strip()).parent
        if folder.name.startswith(SHORT) and not folder.is_symlink():
            shutil.rmtree(folder, ignore_errors=True)
    forget(run)


class Supervisor:
    """The parts of one site, in the folder `var`."""

    def __init__(self, var: Path, *, demo: bool) -> None:
        self.run_folder, self.log_folder, self.demo = var / "run", var / "log", demo
        self.kept: list[Kept] = []
        self.stopping = False
        self.ports = Ports(0)
        self.short = Path(tempfile.mkdtemp(prefix=SHORT))

    def run(self, say: Callable[[str], None]) -> None:
        """Start everything, say where it is, keep it until SIGTERM or SIGINT, stop everything."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask_to_stop)
        try:
            self._start_all()
            if not self.stopping:
                self._announce()
                say(f"Pages {self.ports.pages_origin}/   live rooms {self.ports.live_origin}/live/")
            self._keep()
        finally:
            self._stop_all()

    def _ask_to_stop(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002 as signal passes it
        self.stopping = True

    def _start_all(self) -> None:
        clear_remains(self.run_folder)
        self.ports = free_ports()
        redis_url = envtext("REDIS_URL")
        if not redis_url:
            self._start([broker_part(self.short)])
            redis_url = f"unix://{broker_socket(self.short)}"
            (self.run_folder / "valkey.socket").write_text(str(broker_socket(self.short)), encoding="utf-8")
        self._start(house_parts(self.ports, redis_url))

    def _start(self, parts: list[Part]) -> None:
        """Start `parts` side by side and wait until each answers; one that ends before has no second try."""
        fresh: list[Kept] = []
        for part in parts:
            fresh.append(Kept(part, self.log_folder))
            self.kept.append(fresh[-1])
        waiting, limit = list(fresh), time.monotonic() + STARTING
        while waiting and not self.stopping:
            for kept in fresh:
                if kept.has_ended:
                    raise CannotStartError(kept.epitaph())
            waiting = [kept for kept in waiting if not kept.part.answers()]
            if waiting and time.monotonic() > limit:
                names = ", ".join(kept.part.name for kept in waiting)
                raise CannotStartError(f"{names} did not answer within {STARTING:.0f} s; see {self.log_folder}")
            time.sleep(PAUSE)

    def _announce(self) -> None:
        parts = {kept.part.name: kept.process.pid for kept in self.kept}
        announce(self.run_folder, Site(os.getpid(), self.ports.pages_origin, self.ports.live_origin, self.demo, parts))

    def _keep(self) -> None:
        """Watch until asked to stop; what ended is started again and announced anew."""
        while not self.stopping:
            ended = [kept for kept in self.kept if kept.has_ended]
            for kept in ended:
                kept.again()
            if ended:
                self._announce()
            time.sleep(PAUSE)

    def _stop_all(self) -> None:
        """Pages, sockets, worker and ticker at once, then the broker, which may still hold their last words."""
        brokers = [kept for kept in self.kept if kept.part.name == "broker"]
        others = [kept for kept in self.kept if kept.part.name != "broker"]
        for group in (others, brokers):
            for kept in group:
                kept.stop()
            for kept in group:
                kept.bury()
        forget(self.run_folder)
        shutil.rmtree(self.short, ignore_errors=True)
