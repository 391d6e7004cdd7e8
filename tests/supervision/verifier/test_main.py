"""The command: from any folder, without Django, with the verifier's own keys; 0, 1 and 2; Chinese first."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from ledger.note import verifier_key
from supervision.verifier.__main__ import main
from supervision.verifier.verifying import CHECKS
from tests.architecture.house import ROOT
from tests.supervision.bundles import Bundles

WALL = """
import sys, runpy
class Wall:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"django", "celery", "redis", "channels"}:
            raise ImportError(name + " is blocked")
sys.meta_path.insert(0, Wall())
runpy.run_module("supervision.verifier", run_name="__main__", alter_sys=True)
"""


@pytest.fixture
def files(bundles: Bundles, tmp_path: Path) -> list[str]:
    """A public bundle with the verifier's own key and roots, as arguments."""
    (tmp_path / "b.zip").write_bytes(bundles.public)
    (tmp_path / "log.key").write_text(bundles.log_key + "\n")
    (tmp_path / "roots.pem").write_text(bundles.roots)
    return [str(tmp_path / "b.zip"), "--log-key", str(tmp_path / "log.key"), "--roots", str(tmp_path / "roots.pem")]


def test_it_runs_without_django_and_prints_the_numbered_list(files: list[str], tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WALL, *files, "--language", "en"],
        cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    head, *lines, last = done.stdout.splitlines()
    assert re.fullmatch(r"Public bundle of sl-2026-0001 \(newest state\): 3 lots, [0-9]+ entries\.", head)
    assert [line.partition(".")[0].strip() for line in lines] == [str(check.number) for check in CHECKS]
    undone = [line for line in lines if not line.endswith(": ok")]
    assert [line.rpartition(": ")[2] for line in undone] == [
        *["cannot be done with a public bundle"] * 4,
        "asks for your own witness policy (--witness-policy)",
        "asks for your own roots of timestamp authorities (--timestamp-roots)",
        "asks for your own receipts (--receipt)",
    ]
    assert last == f"{len(CHECKS) - 7} checks passed, 0 failed, 7 were not done."


def test_receipts_of_ones_own_are_asked_about(
    files: list[str], capsys: pytest.CaptureFixture[str], bundles: Bundles, tmp_path: Path
) -> None:
    given = []
    for number, text in enumerate(bundles.receipts[:2]):
        (tmp_path / f"{number}.json").write_text(text)
        given += ["--receipt", str(tmp_path / f"{number}.json")]
    assert main([*files, *given, "--language", "en"]) == 0
    assert "45. Your own receipts were honoured: ok" in capsys.readouterr().out
    assert main([*files, "--receipt", str(tmp_path / "none.json")]) == 2


def test_a_finding_is_a_sentence_below_its_check_and_the_status_is_1(
    files: list[str], capsys: pytest.CaptureFixture[str], bundles: Bundles
) -> None:
    Path(files[0]).write_bytes(bundles.public[:-1])
    assert main([*files, "--language", "en"]) == 1
    first, second, *_others = capsys.readouterr().out.splitlines()
    assert first == " 1. The archive is in its one form and every object is what its name says: FAILED"
    assert second == "      The archive cannot be read: this is not a bundle. [verify.archive]"


def test_another_log_key_or_other_roots_do_not_believe_the_bundle(
    files: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    from trading.authority import new_authority

    (tmp_path / "other.key").write_text(verifier_key("sunlight.invalid/log", b"\x01" * 32))
    assert main([files[0], "--log-key", str(tmp_path / "other.key"), *files[3:], "--language", "en"]) == 1
    assert " 2. The signed state of the log bears the signature of the log's key: FAILED" in capsys.readouterr().out
    pem = new_authority().certificate.public_bytes(Encoding.PEM).decode()
    (tmp_path / "other.pem").write_text(pem)
    assert main([*files[:3], "--roots", str(tmp_path / "other.pem"), "--language", "en"]) == 1
    assert "signature.untrusted" in capsys.readouterr().out


def test_key_and_roots_are_asked_for(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in ([files[0]], files[:3], [files[0], *files[3:]]):
        with pytest.raises(SystemExit) as stop:
            main(arguments)
        assert stop.value.code == 2
    assert "--roots" in capsys.readouterr().err


@pytest.mark.parametrize("which", [0, 2, 4])
def test_a_file_that_is_not_what_it_should_be_begins_nothing(
    files: list[str], which: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = [*files]
    missing[which] = str(tmp_path / "nothing")
    assert main(missing) == 2
    if which:
        (tmp_path / "junk").write_text("junk")
        junk = [*files]
        junk[which] = str(tmp_path / "junk")
        assert main(junk) == 2
    assert capsys.readouterr().err


def test_why_it_could_not_begin_is_told_in_the_readers_language(
    files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nothing, junk, bytes_, other = (tmp_path / name for name in ("nothing", "junk", "bytes", "other"))
    junk.write_text("junk")
    bytes_.write_bytes(b"\xff")
    other.write_text(f"log {verifier_key('another.example', bytes(32))}\nquorum none\n")
    bundle, key, roots = [files[0]], files[1:3], files[3:]

    def said(*arguments: str) -> list[str]:
        found = []
        for language in ("zh", "en"):
            assert main([*arguments, "--language", language]) == 2
            out, err = capsys.readouterr()
            assert out == ""
            found.append(err.removesuffix("\n"))
        return found

    assert said(*bundle, "--log-key", str(nothing), *roots) == [f"没有 {nothing}。", f"{nothing} is not there."]
    assert said(*bundle, "--log-key", str(junk), *roots) == [
        "这不是日志公钥；其写法为 名称+散列+公钥", "this is no key of a log; it is written name+hash+key",
    ]  # fmt: skip
    assert said(*bundle, "--log-key", str(bytes_), *roots) == [
        f"{bytes_} 不是 UTF-8 文本。 [verify.not_text]", f"{bytes_} is no text in UTF-8. [verify.not_text]",
    ]  # fmt: skip
    assert said(*bundle, *key, "--roots", str(junk)) == [
        f"{junk} 中没有 PEM 格式的证书。 [verify.roots]", f"{junk} holds no certificates in PEM. [verify.roots]",
    ]  # fmt: skip
    assert said(*bundle, *key, *roots, "--witness-policy", str(other)) == [
        f"{other} 不是此日志的见证名单。 [verify.policy]",
        f"{other} is no witness policy for this log. [verify.policy]",
    ]  # fmt: skip
    assert said(*bundle, *key, *roots, "--holidays", str(junk)) == [
        f"{junk} 不是节假日表。 [verify.holidays]", f"{junk} is no holiday table. [verify.holidays]",
    ]  # fmt: skip
    assert said(str(tmp_path), *key, *roots)[1] == f"{tmp_path} cannot be used: Is a directory."


def test_own_holidays_take_the_place_of_the_shipped_ones(
    files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = tmp_path / "holidays.csv"
    own.write_text("date,kind,name\n2026-03-24,rest,a day of ours\n", encoding="utf-8")
    assert main([*files, "--holidays", str(own), "--language", "en"]) == 1
    assert "A deadline falls on a working day. [trading.deadline_on_holiday]" in capsys.readouterr().out
    own.write_text("nothing\n")
    assert main([*files, "--holidays", str(own)]) == 2
