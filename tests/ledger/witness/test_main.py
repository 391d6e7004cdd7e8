"""The command, as its own process: a desk on the net that survives kill -9, and refuses what the rule refuses."""

from __future__ import annotations

import socket
import struct
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
        [*COMMAND, "--state", str(folder), *LOG, "--listen", "127.0.0.1:0"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
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
        ([*LOG, "--follow", "file:///x", "--once"], "file:///x/witnesses/checkpoint is no address of a log"),
        *(([*LOG, "--listen", place], "listen on HOST:PORT") for place in ("host", "host:", "host:99999", "host:١")),
    ],
)
def test_what_it_cannot_do_is_one_line(tmp_path: Path, arguments: list[str], said: str) -> None:
    command = [*COMMAND, "--state", str(tmp_path), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (1, said + "\n")


def test_other_methods_are_told_what_is_allowed_and_a_client_that_leaves_is_let_go(tmp_path: Path) -> None:
    with desk(tmp_path) as (process, _who, address):
        for method in ("GET", "PUT", "DELETE", "OPTIONS", "BREW"):
            answer = httpx.request(method, address, timeout=10)
            assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
            assert answer.text == "post to add-checkpoint\n"
        port = int(address.rpartition(":")[2].partition("/")[0])
        for sent in (b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 100\r\n\r\nold", b"POST /add"):
            with socket.create_connection(("127.0.0.1", port)) as leaving:
                leaving.sendall(sent)
                leaving.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # it resets
        with socket.create_connection(("127.0.0.1", port)) as odd:
            odd.sendall(b"nonsense\r\n\r\n")
            assert b"html" not in odd.makefile("rb").read()
        assert post(address, write(question(0, 5)))[0] == 200
        process.kill()
        assert process.stderr is not None
        assert process.stderr.read() == ""
