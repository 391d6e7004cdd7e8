"""Two witnesses of a real site that grows all the time, one asked and one that follows: they meet, again and again."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path

import httpx
import pytest

from tests.story.demo import Demo
from tests.world import credit_code

pytestmark = [pytest.mark.server, pytest.mark.slow]
PATIENCE = 90.0  # seconds
ROUNDS = 2  # quorums that must follow one another


@contextmanager
def witness(folder: Path, log: str, *words: str) -> Iterator[tuple[str, Path]]:
    """A witness at work in a process of its own: its verifier key, and the file with what it says."""
    command = [sys.executable, "-m", "ledger.witness", "--name", f"example.org/{folder.name}", "--state", str(folder)]
    said = folder.with_suffix(".log")
    with said.open("w") as out, subprocess.Popen([*command, "--log", log, *words], stdout=out, stderr=out) as process:
        try:
            yield line_of(said, 0).split()[-1], said
        finally:
            process.kill()


def line_of(said: Path, number: int) -> str:
    """A line of the file, once it is there."""
    end = time.monotonic() + PATIENCE
    while said.read_text().count("\n") <= number:
        assert time.monotonic() < end, said.read_text()
        time.sleep(0.1)
    return said.read_text().splitlines()[number]


def grow(operator: httpx.Client, over: threading.Event) -> None:
    """Register an organisation every half second: each is an entry, each second brings a checkpoint."""
    for number in count(1):
        if over.wait(0.5):
            return
        form = {"credit_code": credit_code(number), "name": f"见证测试单位 {number}"}
        headers = {"X-CSRFToken": operator.cookies["sunlight_csrf"]}
        operator.post("/enrolment/parties", json=form, headers=headers).raise_for_status()


def quorums(public: httpx.Client, wanted: int) -> list[int]:
    """Sizes up to which the quorum has cosigned, in order, until there are so many or patience ends."""
    found: list[int] = []
    end = time.monotonic() + PATIENCE
    while len(found) < wanted and time.monotonic() < end:
        size = public.get("/log/witnesses").json()["cosigned"]
        if size is not None and size not in found:
            found.append(size)
        time.sleep(0.2)
    return found


def test_witnesses_out_of_step_make_a_quorum_of_a_log_that_never_rests(tmp_path: Path) -> None:
    demo = Demo(tmp_path / "var")
    try:
        demo.start()
        with demo.client() as public:
            log = str(public.get("/bidding/trust").json()["log"])
        pages = demo.site["pages"]
        demo.stop()
        with (
            witness(tmp_path / "asked", log, "--listen", "127.0.0.1:0") as (asked, said),
            witness(tmp_path / "follows", log, "--follow", f"{pages}/log") as (follows, _said),
        ):
            address = f"http://{line_of(said, 1).split()[-1]}"
            policy = f"log {log}\nwitness a {asked} {address}\nwitness f {follows}\ngroup both all a f\nquorum both\n"
            (tmp_path / "policy").write_text(policy)
            demo.more["SUNLIGHT_WITNESS_POLICY"] = str(tmp_path / "policy")
            demo.up()
            grows_and_is_cosigned(demo)
    finally:
        demo.stop()


def grows_and_is_cosigned(demo: Demo) -> None:
    """While the log grows, one quorum follows the other; nobody calls the witnesses late."""
    over = threading.Event()
    with closing(demo.client("operator")) as operator, closing(demo.client()) as public:
        growing = threading.Thread(target=grow, args=(operator, over))
        growing.start()
        try:
            begun = public.get("/log/witnesses").json()["size"]
            found = quorums(public, ROUNDS)
            size = public.get("/log/witnesses").json()["size"]
            assert growing.is_alive()
        finally:
            over.set()
            growing.join()
        assert (len(found), found) == (ROUNDS, sorted(found))
        assert size - begun > ROUNDS
        page = public.get("/log/witnesses", headers={"Accept": "text/html"}).text
        assert "逾时" not in page
