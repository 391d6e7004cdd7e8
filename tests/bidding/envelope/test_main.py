"""The command line: the age tool's options, one line and status 1 for what is refused, nothing half-written."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from bidding.envelope.x25519 import Identity
from tests.bidding.envelope.makers import FILES, identity, sealed_bid

ROOT = Path(__file__).resolve().parents[3]
KEY = Identity(bytes(range(32)))
NO_DJANGO = """
import runpy, sys
sys.modules["django"] = None
runpy.run_module("bidding.envelope", run_name="__main__", alter_sys=True)
"""


@dataclass(frozen=True)
class Desk:
    """A folder with keys, a passphrase and a text, and the command line at work in it."""

    folder: Path

    def run(self, *arguments: str, data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-c", NO_DJANGO, *arguments]
        environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
        return subprocess.run(command, cwd=self.folder, input=data, capture_output=True, check=False, env=environment)

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
    (tmp_path / "text").write_bytes(b"hello\n" * 30_000)
    return Desk(tmp_path)


TEXT = b"hello\n" * 30_000


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


def test_the_bidder_looks_into_the_own_envelope(desk: Desk) -> None:
    (desk.folder / "bid.age").write_bytes(sealed_bid().data)
    (desk.folder / "key").write_text(identity("b").secret_text())
    package = desk.did("-d", "-i", "key", "bid.age")
    assert all(content in package for content in FILES.values())


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
        (("-r", str(KEY.recipient), "-p", "text"), "a passphrase and keys"),
        (("-d", "-a", "text"), "-r, -R, -p and -a"),
        (("-d", "-e", "text"), "argument -e/--encrypt"),
        (("--no-such-option",), "unrecognized arguments"),
    ],
)
def test_what_is_refused_is_one_line_and_status_1(desk: Desk, arguments: tuple[str, ...], said: str) -> None:
    assert desk.refused(*arguments).startswith(said)


def test_an_empty_input_is_refused(desk: Desk) -> None:
    assert desk.refused("-d", "-i", "key").startswith("bidding.header_cut: ")


MEASURED = """
import resource, sys
from bidding.envelope.__main__ import main
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
status = main(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, file=sys.stderr)
sys.exit(status)
"""


@pytest.mark.parametrize("armor", [(), ("-a",)], ids=["binary", "armored"])
def test_memory_stays_flat_in_both_directions(desk: Desk, armor: tuple[str, ...]) -> None:
    """64 MiB pass through less than a quarter of that."""
    with (desk.folder / "large").open("wb") as large:
        large.truncate(64 << 20)
    for arguments in (("-R", "to", *armor, "-o", "large.age", "large"), ("-d", "-i", "key", "-o", "back", "large.age")):
        command = [sys.executable, "-c", MEASURED, *arguments]
        done = subprocess.run(command, cwd=desk.folder, capture_output=True, check=True, env={"PYTHONPATH": str(ROOT)})
        assert int(done.stderr) < 16 << 10  # KiB
    assert (desk.folder / "back").read_bytes() == bytes(64 << 20)
