"""The command line: the age tool's options, one line and status 1 for what is refused, nothing half-written."""

from __future__ import annotations

import contextlib
import os
import pty
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bidding.envelope import bech32
from bidding.envelope.header import make_header
from bidding.envelope.scrypt import Passphrase
from bidding.envelope.x25519 import Identity
from tests.bidding.envelope.makers import FILES, identity, sealed_bid
from tests.bidding.envelope.peak import PROMISED, peak, start

ROOT = Path(__file__).resolve().parents[3]
KEY = Identity(bytes(range(32)))
NO_DJANGO = """
import runpy, sys
sys.modules["django"] = None
runpy.run_module("bidding.envelope", run_name="__main__", alter_sys=True)
"""


TEXT = b"hello\n" * 30_000
LOCKED = make_header(bytes(16), (Passphrase("a pass phrase", 4).wrap(bytes(16)),)).write() + bytes(32)


@dataclass(frozen=True)
class Desk:
    """A folder with keys, a passphrase and a text, and the command line at work in it."""

    folder: Path

    def run(self, *arguments: str, data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-c", NO_DJANGO, *arguments]
        environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
        return subprocess.run(
            command,
            cwd=self.folder,
            input=data,
            capture_output=True,
            check=False,
            env=environment,
            start_new_session=True,  # no terminal, also when the tests have one
        )

    def did(self, *arguments: str, data: bytes = b"") -> bytes:
        done = self.run(*arguments, data=data)
        assert (done.returncode, done.stderr) == (0, b"")
        return done.stdout

    def refused(self, *arguments: str, data: bytes = b"") -> str:
        done = self.run(*arguments, data=data)
        assert done.returncode == 1
        lines = done.stderr.decode().splitlines()
        assert len(lines) == 1
        return lines[0].removeprefix("python -m bidding.envelope: ")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    (tmp_path / "key").write_text(f"# mine\n{KEY.secret_text()}\n")
    (tmp_path / "to").write_text(f"# us\n{KEY.recipient}\n")
    (tmp_path / "words").write_text("a pass phrase\n")
    (tmp_path / "text").write_bytes(TEXT)
    return Desk(tmp_path)


@pytest.fixture
def bad_desk(desk: Desk) -> Desk:
    (desk.folder / "empty").write_text("\n")
    (desk.folder / "bytes").write_bytes(b"\xff\xfe")
    (desk.folder / "long").write_text("x" * 5000)
    (desk.folder / "locked").write_bytes(LOCKED)
    return desk


def test_standard_input_to_standard_output(desk: Desk) -> None:
    file = desk.did("-r", str(KEY.recipient), data=TEXT)
    assert desk.did("-d", "-i", "key", data=file) == TEXT


def test_files_and_long_options(desk: Desk) -> None:
    desk.did("--encrypt", "--recipients-file", "to", "--armor", "--output", "text.age", "text")
    assert (desk.folder / "text.age").read_bytes().startswith(b"-----BEGIN AGE")
    desk.did("--decrypt", "--identity", "key", "--output", "back", "text.age")
    assert (desk.folder / "back").read_bytes() == TEXT


def test_sealing_to_an_identity_file(desk: Desk) -> None:
    assert desk.did("-d", "-i", "key", "-", data=desk.did("-e", "-i", "key", "text")) == TEXT


def test_a_passphrase_from_a_file_in_both_directions(desk: Desk) -> None:
    desk.did("-p", "--passphrase-file", "words", "-o", "text.age", "text")
    assert desk.did("-d", "--passphrase-file", "words", "text.age") == TEXT
    (desk.folder / "words").write_text("another\n")
    assert desk.refused("-d", "--passphrase-file", "words", "text.age").startswith("bidding.no_match: ")


def test_an_identity_file_under_a_passphrase(desk: Desk) -> None:
    desk.did("-p", "--passphrase-file", "words", "-a", "-o", "locked", "key")
    file = desk.did("-R", "to", "text")
    assert desk.did("-d", "-i", "locked", "--passphrase-file", "words", data=file) == TEXT


def test_the_age_tool_at_a_terminal_shares_the_passphrase(desk: Desk) -> None:
    age, script = shutil.which("age"), shutil.which("script")
    if not age or not script:
        pytest.skip("needs the age tool and script")
    command = [script, "-qec", f"{age} -p -o theirs.age text", "/dev/null"]
    subprocess.run(command, cwd=desk.folder, input=b"a pass phrase\n" * 2, capture_output=True, check=True)
    assert desk.did("-d", "--passphrase-file", "words", "theirs.age") == TEXT
    desk.did("-p", "--passphrase-file", "words", "-o", "ours.age", "text")
    command = [script, "-qec", f"{age} -d -o back ours.age", "/dev/null"]
    subprocess.run(command, cwd=desk.folder, input=b"a pass phrase\n", capture_output=True, check=True)
    assert (desk.folder / "back").read_bytes() == TEXT


def at_a_terminal(desk: Desk, *arguments: str, typed: tuple[str, ...]) -> tuple[int, str]:
    """Run the command line at a terminal of its own and answer each of its questions; status and what was shown."""
    process, terminal = pty.fork()
    if process == 0:
        os.chdir(desk.folder)
        command = [sys.executable, "-c", NO_DJANGO, *arguments]
        os.execve(sys.executable, command, {"PYTHONPATH": str(ROOT)})  # noqa: S606  our own command line
    shown, answers = b"", [*typed]
    with contextlib.suppress(OSError):  # the terminal ends with the process
        while piece := os.read(terminal, 1000):
            shown += piece
            if answers and shown.endswith(b": "):
                os.write(terminal, answers.pop(0).encode() + b"\n")
    _process, status = os.waitpid(process, 0)
    os.close(terminal)
    return os.waitstatus_to_exitcode(status), shown.decode()


def test_a_passphrase_is_asked_for_at_the_terminal_and_never_shown(desk: Desk) -> None:
    status, shown = at_a_terminal(desk, "-p", "-o", "text.age", "text", typed=("a pass phrase", "a pass phrase"))
    assert (status, shown.split()) == (0, ["Passphrase:", "Again:"])
    status, shown = at_a_terminal(desk, "-d", "-o", "back", "text.age", typed=("a pass phrase",))
    assert (status, shown.split(), (desk.folder / "back").read_bytes()) == (0, ["Passphrase:"], TEXT)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("one", "another"), "are not the same"),
        (("", ""), "is empty or too long"),
        (("\x04",), "no passphrase was typed"),
    ],
)
def test_what_is_typed_wrong_seals_nothing(desk: Desk, typed: tuple[str, ...], said: str) -> None:
    status, shown = at_a_terminal(desk, "-p", "-o", "text.age", "text", typed=typed)
    assert status == 1
    assert said in shown.splitlines()[-1]
    assert not (desk.folder / "text.age").exists()


def test_the_bidder_looks_into_the_own_envelope(desk: Desk) -> None:
    (desk.folder / "bid.age").write_bytes(sealed_bid().data)
    (desk.folder / "key").write_text(identity("b").secret_text())
    package = desk.did("-d", "-i", "key", "bid.age")
    assert all(content in package for content in FILES.values())


def test_a_key_of_another_kind_beside_the_own_one_opens_nothing_and_hinders_nothing(desk: Desk) -> None:
    own, other = (desk.folder / "key").read_text(), bech32.encode("age-secret-key-pq-", bytes(32)).upper()
    (desk.folder / "text.age").write_bytes(desk.did("-R", "to", "text"))
    (desk.folder / "both").write_text(f"{other}\n{own}")
    (desk.folder / "other").write_text(other)
    assert desk.did("-d", "-i", "both", "text.age") == TEXT
    assert desk.refused("-d", "-i", "other", "text.age").startswith("bidding.no_match: ")


def test_a_folder_that_is_not_there_is_named_as_it_was_asked_for(desk: Desk) -> None:
    assert desk.refused("-R", "to", "-o", "nowhere/text.age", "text").endswith(f"'{desk.folder}/nowhere/text.age'")


def test_a_refused_file_leaves_the_output_as_it_was(desk: Desk) -> None:
    file = bytearray(desk.did("-R", "to", "text"))
    file[-1] ^= 1
    (desk.folder / "bad.age").write_bytes(file)
    (desk.folder / "back").write_text("what was there")
    assert desk.refused("-d", "-i", "key", "-o", "back", "bad.age").startswith("bidding.payload_changed: ")
    assert (desk.folder / "back").read_text() == "what was there"
    assert sorted(path.name for path in desk.folder.iterdir()) == ["back", "bad.age", "key", "text", "to", "words"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("-d", "-i", "key", "text"), "bidding.not_age"),
        (("-d", "-i", "missing", "text"), "[Errno 2]"),
        (("-r", "age1nonsense", "text"), "bidding.key_text"),
        (("-R", "text", "text"), "bidding.key_text"),
        (("text",), "name at least one"),
        (("-i", "key", "text"), "-i is for opening"),
        (("-e", "-i", "key", "-p", "text"), "a passphrase and keys"),
        (("-R", "to", "--passphrase-file", "words", "text"), "a passphrase and keys"),
        (("-d", "-R", "to", "text"), "-r, -R, -p and -a"),
        (("-d", "-i", "-", "-"), "standard input can be only one"),
        (("-R", "-"), "standard input can be only one"),
        (("-R", "to", "-o", "text", "text"), "input and output are the same file"),
        (("-R", "to", "-o", "./text", "text"), "input and output are the same file"),
        (("-R", "to", "missing"), "[Errno 2]"),
        (("-R", "missing", "text"), "[Errno 2]"),
        (("-R", "to", "-o", "missing/out", "text"), "[Errno 2]"),
        (("-R", "to", "-o", ".", "text"), "[Errno 21]"),
        (("-R", "to", "."), "[Errno 21]"),
        (("-i", "text", "-d", "text"), "bidding.key_text"),
        (("--passphrase-file", "empty", "text"), "the passphrase is empty"),
        (("--passphrase-file", "bytes", "text"), "the passphrase is not UTF-8"),
        (("--passphrase-file", "long", "text"), "the passphrase is empty or too long"),
        (("-p", "text"), "there is no terminal"),
        (("-d", "locked"), "there is no terminal"),
        (("-r", "two\nlines", "text"), "bidding.key_text"),
        (("--two\nlines",), "unrecognized arguments: --two lines"),
        (("-o",), "argument -o/--output: expected one argument"),
        (("-R", "to", "missing\nfile"), "[Errno 2]"),
        (("-r", str(KEY.recipient), "-p", "text"), "a passphrase and keys"),
        (("-d", "-a", "text"), "-r, -R, -p and -a"),
        (("-d", "-e", "text"), "argument -e/--encrypt"),
        (("--no-such-option",), "unrecognized arguments"),
    ],
)
def test_what_is_refused_is_one_line_and_status_1(bad_desk: Desk, arguments: tuple[str, ...], said: str) -> None:
    there = sorted(bad_desk.folder.iterdir())
    assert bad_desk.refused(*arguments).startswith(said)
    assert sorted(bad_desk.folder.iterdir()) == there


def test_an_empty_input_is_refused(desk: Desk) -> None:
    assert desk.refused("-d", "-i", "key").startswith("bidding.header_cut: ")


@pytest.mark.parametrize("armor", [(), ("-a",)], ids=["binary", "armored"])
@pytest.mark.parametrize("kept", [0, 1, 40, 150, 200, 70_000, 140_000, -2])
def test_a_file_cut_anywhere_leaves_no_output(desk: Desk, armor: tuple[str, ...], kept: int) -> None:
    file = desk.did("-R", "to", *armor, "text")
    (desk.folder / "cut.age").write_bytes(file[:kept])
    there = sorted(desk.folder.iterdir())
    assert desk.refused("-d", "-i", "key", "-o", "back", "cut.age").startswith("bidding.")
    assert sorted(desk.folder.iterdir()) == there


def test_what_came_before_a_cut_goes_to_standard_output_as_with_age(desk: Desk) -> None:
    file = desk.did("-R", "to", "text")
    done = desk.run("-d", "-i", "key", data=file[:-20])
    assert (done.returncode, done.stdout) == (1, TEXT[: 2 << 16])


def test_an_output_that_exists_is_replaced_with_its_permissions_behind_its_link(desk: Desk) -> None:
    (desk.folder / "old").write_text("what was there, and longer" * 10_000)
    (desk.folder / "old").chmod(0o640)
    (desk.folder / "link").symlink_to("old")
    desk.did("-d", "-i", "key", "-o", "link", data=desk.did("-R", "to", "text"))
    assert (desk.folder / "link").is_symlink()
    assert (desk.folder / "old").read_bytes() == TEXT
    assert (desk.folder / "old").stat().st_mode & 0o777 == 0o640


def test_a_new_output_has_the_permissions_of_any_new_file(desk: Desk) -> None:
    desk.did("-R", "to", "-o", "new", "text")
    (desk.folder / "other").touch()
    assert (desk.folder / "new").stat().st_mode == (desk.folder / "other").stat().st_mode


def test_a_device_and_a_pipe_are_written_to_as_they_stand(desk: Desk) -> None:
    desk.did("-R", "to", "-o", "/dev/null", "text")
    os.mkfifo(desk.folder / "pipe")
    with subprocess.Popen(["cat", "pipe"], cwd=desk.folder, stdout=subprocess.PIPE) as reader:
        desk.did("-d", "-i", "key", "-o", "pipe", data=desk.did("-R", "to", "text"))
        assert reader.communicate()[0] == TEXT


def test_a_full_disk_is_one_line(desk: Desk) -> None:
    assert desk.refused("-R", "to", "-o", "/dev/full", "text").startswith("[Errno 28]")


def test_a_reader_that_goes_away_is_one_line(desk: Desk) -> None:
    (desk.folder / "large").write_bytes(bytes(3 << 20))
    command = [sys.executable, "-c", NO_DJANGO, "-R", "to", "large"]
    with subprocess.Popen(
        command, cwd=desk.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={"PYTHONPATH": str(ROOT)}
    ) as process:
        assert process.stdout is not None
        process.stdout.close()
        _out, said = process.communicate()
    assert (process.returncode, len(said.splitlines())) == (1, 1)


def test_a_source_that_does_not_wait_is_refused_and_not_taken_for_the_end(desk: Desk) -> None:
    source, sink = os.pipe()
    os.set_blocking(source, False)
    os.write(sink, b"the beginning of a file")
    command = [sys.executable, "-c", NO_DJANGO, "-R", "to"]
    done = subprocess.run(
        command, cwd=desk.folder, stdin=source, capture_output=True, check=False, env={"PYTHONPATH": str(ROOT)}
    )
    os.close(source)
    os.close(sink)
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)


@pytest.fixture
def _interruptible() -> Iterator[None]:
    """A process that a shell started in the background ignores SIGINT, and so would those it starts."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_interruptible")
@pytest.mark.parametrize(("asked", "status"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)])
def test_a_signal_that_asks_to_end_leaves_nothing_half_written(desk: Desk, asked: signal.Signals, status: int) -> None:
    there = sorted(desk.folder.iterdir())
    command = [sys.executable, "-c", NO_DJANGO, "-R", "to", "-o", "out"]
    with subprocess.Popen(
        command, cwd=desk.folder, stdin=subprocess.PIPE, stderr=subprocess.PIPE, env={"PYTHONPATH": str(ROOT)}
    ) as process:
        assert process.stdin is not None
        process.stdin.write(bytes(3 << 20))
        while sorted(desk.folder.iterdir()) == there:  # until the file that will be `out` is begun
            time.sleep(0.01)
        time.sleep(0.3)  # it waits for more; a signal that comes between two reads is heard at the next block
        process.send_signal(asked)
        process.wait(30)
    assert process.returncode == status
    assert sorted(desk.folder.iterdir()) == there


def test_it_starts_with_few_modules(desk: Desk) -> None:
    """What takes long to load is loaded when it is needed, if ever."""
    script = NO_DJANGO.replace("runpy.run_module", "try:\n    runpy.run_module").rstrip()
    script += "\nfinally:\n    print(*sys.modules, file=sys.stderr)\n"
    command = [sys.executable, "-c", script, "-R", "to", "-o", "out", "text"]
    done = subprocess.run(
        command, cwd=desk.folder, capture_output=True, text=True, check=False, env={"PYTHONPATH": str(ROOT)}
    )
    loaded = set(done.stderr.split())
    assert "bidding.envelope.stream" in loaded
    heavy = {"asyncio", "bidding.envelope.stanza", "cryptography.x509", "email", "getpass", "http", "ledger.canon"}
    assert not loaded & (heavy | {"logging", "ssl", "subprocess", "tempfile"})


@pytest.mark.parametrize("armor", [(), ("-a",)], ids=["binary", "armored"])
def test_memory_stays_flat_in_both_directions(desk: Desk, armor: tuple[str, ...]) -> None:
    """64 MiB pass through half of that, modules included; 4 GiB under ./sunlight deep, below the promised 64 MiB."""
    with (desk.folder / "large").open("wb") as large:
        large.truncate(64 << 20)
    sealing = start("-R", "to", *armor, "-o", "large.age", "large", folder=desk.folder)
    assert peak(sealing) < PROMISED // 2
    assert peak(start("-d", "-i", "key", "-o", "back", "large.age", folder=desk.folder)) < PROMISED // 2
    assert (desk.folder / "back").read_bytes() == bytes(64 << 20)
