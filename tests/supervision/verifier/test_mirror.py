"""A copy of the whole log: its bundles in order, checkpoints kept from before, what is printed, to the letter."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger import merkle, note, tiles
from ledger.canon import EPOCH
from ledger.errors import Broken, Refused
from ledger.events import Stamp, VeiledFiller, veiled_leaf, write_entry
from supervision.events import TrailCounted
from supervision.verifier import mirror
from supervision.verifier.mirror import kept_before, leaves_in, main
from supervision.verifier.trust import LogKey

ROOT = Path(__file__).resolve().parents[3]
KEY, OTHER = (Ed25519PrivateKey.from_private_bytes(bytes([at]) * 32) for at in (9, 8))
NAME = "日光.invalid/log"
TRUSTED = LogKey(NAME, note.raw_public(KEY.public_key()))
LATER = Stamp(bytes(16), EPOCH + timedelta(days=2), "clock")
LEAVES = [
    write_entry(TrailCounted("x", 0, 0, bytes(32)), LATER),
    *(veiled_leaf(bytes([at]) * 32, write_entry(VeiledFiller(), replace(LATER, by=None))) for at in range(3)),
]
HELP = """\
usage: python -m supervision.verifier.mirror [-h] --log-key LOG_KEY [--language {zh,en}] [--checkpoint CHECKPOINT]
                                             [--demo]
                                             folder

Check a copy of the whole log.

positional arguments:
  folder                what the site serves under /log/: checkpoint and tiles

options:
  -h, --help            show this help message and exit
  --log-key LOG_KEY     file with the log's key: name+hash+key
  --language {zh,en}    of what is said
  --checkpoint CHECKPOINT
                        a checkpoint you kept from before; may be repeated
  --demo                the log of a demo, whose clock is moved by hand
"""
NEVER = "The veil of entry {} was never lifted. [verify.not_lifted]\n"


def state_of(leaves: list[bytes]) -> note.Checkpoint:
    return note.Checkpoint(NAME, len(leaves), merkle.root_of([*map(merkle.leaf_hash, leaves)]))


def serve(folder: Path, leaves: list[bytes]) -> None:
    """Lay down what the site serves."""
    for start in range(0, len(leaves), tiles.WIDTH):
        some = leaves[start : start + tiles.WIDTH]
        path = folder / tiles.tile_path("entries", start // tiles.WIDTH, len(some))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(tiles.bundle(some))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of a log that hides three leaves for ever."""
    serve(tmp_path, LEAVES)
    (tmp_path / "checkpoint").write_bytes(note.sign(state_of(LEAVES), KEY))
    (tmp_path / "log.key").write_text(note.verifier_key(NAME, TRUSTED.public), "utf-8")
    return tmp_path


def asked(copy: Path, *more: str) -> list[str]:
    return [str(copy), "--log-key", str(copy / "log.key"), *more]


def test_what_it_asks_for(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "COLUMNS", "120")
    with pytest.raises(SystemExit) as stop:
        main(["--help", "--language", "en"])
    assert (stop.value.code, capsys.readouterr().out) == (0, HELP)
    with pytest.raises(SystemExit):
        main(["--help"])
    assert "\n\n核验整个日志的副本。\n\n" in capsys.readouterr().out
    for wrong in (["folder"], ["--log-key", "x"], ["folder", "--log-key", "x", "--language", "fr"]):
        with pytest.raises(SystemExit) as stop:
            main(wrong)
        assert stop.value.code == 2


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 512, 513])
def test_the_leaves_stand_in_bundles_of_256(tmp_path: Path, size: int) -> None:
    leaves = [str(at).encode() for at in range(size)]
    serve(tmp_path, leaves)
    assert list(leaves_in(tmp_path, size)) == leaves
    with pytest.raises(OSError, match="No such file"):
        list(leaves_in(tmp_path, size + 1))


def test_a_bundle_holds_as_many_entries_as_it_says(tmp_path: Path) -> None:
    serve(tmp_path, [b"x"] * 258)
    for number, width, many in ((0, 256, 255), (0, 256, 257), (1, 2, 1), (1, 2, 3)):
        path = tmp_path / tiles.tile_path("entries", number, width)
        before = path.read_bytes()
        path.write_bytes(tiles.bundle([b"x"] * many))
        with pytest.raises(Refused) as refusal:
            list(leaves_in(tmp_path, 258))
        said = f"verify.bundle_width: Bundle {number} holds {many} entries, not {width}."
        assert str(refusal.value) == said
        path.write_bytes(before)


def test_what_was_kept_is_of_this_log() -> None:
    state = state_of(LEAVES)
    assert kept_before(note.sign(state, KEY), TRUSTED) == state
    with pytest.raises(Broken) as caught:
        kept_before(note.sign(replace(state, origin="other"), KEY), TRUSTED)
    assert str(caught.value) == "a checkpoint of another log"
    with pytest.raises(Broken) as caught:
        kept_before(note.sign(state, OTHER), TRUSTED)
    assert str(caught.value) == "the checkpoint carries no signature of this log"


def test_every_fault_is_a_sentence(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(asked(copy, "--language", "en")) == 1
    assert capsys.readouterr() == ("".join(NEVER.format(at) for at in (1, 2, 3)) + "4 entries, 3 faults\n", "")
    (copy / "kept").write_bytes(note.sign(replace(state_of(LEAVES[:2]), root=bytes(32)), KEY))
    (copy / "true").write_bytes(note.sign(state_of(LEAVES[:1]), KEY))
    more = ["--checkpoint", str(copy / "kept"), "--checkpoint", str(copy / "true"), "--language", "en"]
    assert main(asked(copy, *more)) == 1
    first, *others = capsys.readouterr().out.splitlines()
    assert first == "The log never was in the state of 2 entries that was signed before. [verify.log_rewritten]"
    assert others[-1] == "4 entries, 4 faults"


def test_a_log_without_faults(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (copy / "checkpoint").write_bytes(note.sign(state_of([]), KEY))
    assert main(asked(copy, "--language", "en")) == 0
    assert capsys.readouterr() == ("0 entries, 0 faults\n", "")


def test_one_fault_is_one(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (copy / "checkpoint").write_bytes(note.sign(state_of(LEAVES[:2]), KEY))
    serve(copy, LEAVES[:2])
    assert main(asked(copy, "--language", "en")) == 1
    assert capsys.readouterr().out == NEVER.format(1) + "2 entries, 1 faults\n"


def test_the_findings_are_in_chinese_unless_asked_for_in_english(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(asked(copy)) == 1
    unasked = capsys.readouterr().out
    assert main(asked(copy, "--language", "zh")) == 1
    assert capsys.readouterr().out == unasked
    assert unasked.splitlines()[0] == "第 1 条记录的遮盖从未揭示。 [verify.not_lifted]"
    assert unasked.splitlines()[-1] == "4 条记录，3 处不符"
    (copy / "checkpoint").write_bytes(b"no checkpoint")
    assert main(asked(copy)) == 2
    assert capsys.readouterr() == ("", "不是检查点\n")


def test_a_demos_kinds_of_entries_are_asked_for_by_name(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked_for: list[str] = []
    monkeypatch.setattr(mirror, "import_module", asked_for.append)
    assert [main(asked(copy)), main(asked(copy, "--demo"))] == [1, 1]
    assert asked_for == ["supervision.verifier.demo_events"]


def test_entries_of_a_demo_are_faults_unless_it_was_said_that_it_is_one(copy: Path) -> None:
    """In a process of its own: what kinds are known is said once."""
    script = (
        "from datetime import UTC, datetime; from ledger.events import Stamp, write_entry\n"
        "from supervision.verifier.demo_events import ClockMoved, RoleSwitched\n"
        "at = datetime(2026, 3, 1, tzinfo=UTC)\n"
        "for one in (ClockMoved(at), RoleSwitched('x')): print(write_entry(one, Stamp(bytes(16), at, 'clock')).hex())"
    )
    ran = [sys.executable, "-c", script]
    written = subprocess.run(ran, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    leaves = [bytes.fromhex(one) for one in written]
    serve(copy, leaves)
    (copy / "checkpoint").write_bytes(note.sign(state_of(leaves), KEY))
    command = [sys.executable, "-m", "supervision.verifier.mirror", *asked(copy, "--language", "en")]
    for more, status, end in (([], 1, "2 entries, 2 faults"), (["--demo"], 0, "2 entries, 0 faults")):
        done = subprocess.run([*command, *more], cwd=ROOT, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout.splitlines()[-1]) == (status, end)


def test_what_cannot_begin(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(asked(copy, "--checkpoint", str(copy / "none"), "--language", "en")) == 2
    assert capsys.readouterr() == ("", f"{copy / 'none'} is not there.\n")
    (copy / "checkpoint").write_bytes(note.sign(state_of(LEAVES), OTHER))
    assert main(asked(copy, "--language", "en")) == 2
    assert capsys.readouterr() == ("", "the checkpoint carries no signature of this log\n")
    (copy / "log.key").write_bytes(b"\xff")
    assert main(asked(copy, "--language", "en")) == 2
    assert capsys.readouterr().err == f"{copy / 'log.key'} is no text in UTF-8. [verify.not_text]\n"
