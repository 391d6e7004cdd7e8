"""The command, as its own process: a desk on the net that survives kill -9, and refuses what the rule refuses."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from ledger import note
from ledger.witness.asking import Question, write
from ledger.witness.cosignature import Witness, check, parse_verifier_key
from tests.ledger.witness.makers import NAME, ORIGIN, checkpoint, public, question

COMMAND = [sys.executable, "-m", "ledger.witness", "--name", NAME]
LOG = ["--log", note.verifier_key(ORIGIN, public(1))]


@contextmanager
def desk(folder: Path) -> Iterator[tuple[subprocess.Popen[str], Witness, str]]:
    """A witness in a process of its own: the process, who it says it is, its address."""
    with subprocess.Popen(
        [*COMMAND, "--state", str(folder), *LOG, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            who = parse_verifier_key(process.stdout.readline().split()[-1])
            port = process.stdout.readline().strip().rpartition(":")[2]
            yield process, who, f"http://127.0.0.1:{port}/add-checkpoint"
        finally:
            process.kill()


def post(address: str, body: bytes) -> tuple[int, str, str]:
    """Status, kind and body of the answer."""
    answer = httpx.post(address, content=body, timeout=10)
    return answer.status_code, answer.headers["Content-Type"], answer.text


def test_it_cosigns_over_http_and_remembers_after_kill_9(tmp_path: Path) -> None:
    with desk(tmp_path) as (process, who, address):
        status, _kind, line = post(address, write(question(0, 5)))
        assert (status, who.name) == (200, NAME)
        assert check(line.rstrip("\n"), checkpoint(5), who) > 1_700_000_000
        process.kill()
        process.wait()
    with desk(tmp_path) as (_process, again, address):
        assert again == who
        assert post(address, write(question(0, 9))) == (409, "text/x.tlog.size", "5\n")
        assert post(address, write(question(5, 9, "b")))[0] == 422
        assert post(address, write(question(5, 9)))[0] == 200


def test_it_answers_what_it_does_not_understand_in_the_protocols_words(tmp_path: Path) -> None:
    with desk(tmp_path) as (_process, _who, address):
        assert post(address, b"old x\n\n")[0] == 400
        assert post(address, bytes(70_000))[0] == 413
        assert post(address.replace("add-checkpoint", "add-leaf"), b"")[0] == 404
        assert post(address, write(Question(0, (), b"unknown.example\n1\nAAAA\n")))[0] == 404


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([*LOG], "say either --listen or --follow"),
        ([*LOG, "--listen", "127.0.0.1:0", "--follow", "http://127.0.0.1:9/log"], "say either --listen or --follow"),
        (["--log", "nonsense", "--listen", "127.0.0.1:0"], "not the key of a log"),
        ([*LOG, "--follow", "file:///etc/passwd", "--once"], "file:///etc/passwd/checkpoint is no address of a log"),
    ],
)
def test_what_it_cannot_do_is_one_line(tmp_path: Path, arguments: list[str], said: str) -> None:
    command = [*COMMAND, "--state", str(tmp_path), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (1, said + "\n")
