"""The frame of the heavy checks and benchmarks: every part runs, a failure counts, and what was said is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import parts
from tests.bench.__main__ import PARTS as BENCH
from tests.deep.__main__ import PARTS as DEEP
from tests.parts import run_parts

MODULES = {
    "fine": "def run():\n    print('all is well')\n",
    "old": "def main():\n    print('an older part')\n",
    "wrong": "def run():\n    raise AssertionError('a promise is broken')\n",
    "absent": "from tests.parts import NotHere\ndef run():\n    raise NotHere('there is no gdb')\n",
}


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    folder = tmp_path / "trial"
    folder.mkdir()
    for name, text in MODULES.items():
        (folder / f"{name}.py").write_text(text)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.delenv("SUNLIGHT_REQUIRE_ALL", raising=False)
    return "trial"


def ran(package: str, *arguments: str, of: tuple[str, ...] = tuple(MODULES)) -> int:
    return run_parts(package, of, arguments, parts.ROOT / "docs" / "trial.md")


def test_a_part_that_fails_fails_all_and_the_others_still_run(package: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert ran(package) == 1
    said = capsys.readouterr().out
    assert all(line in said for line in ("all is well", "an older part", "not run here: there is no gdb"))
    assert said.endswith("FAILED: wrong\n")


def test_a_part_that_cannot_run_here_fails_only_where_nothing_may_be_missing(
    package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert ran(package, "fine", "absent") == 0
    monkeypatch.setenv("SUNLIGHT_REQUIRE_ALL", "1")
    assert ran(package, "absent") == 1


def test_what_was_said_last_by_each_part_is_kept(tmp_path: Path) -> None:
    page = tmp_path / "trial.md"
    assert parts.read_sections(page) == {}
    parts.keep("trial", [parts.section("fine", ["all is well", "(1 s)"]), parts.section("old", ["as ever"])], page)
    kept = parts.read_sections(page)
    assert list(kept) == ["fine", "old"]
    kept["old"] = parts.section("old", ["better"])
    parts.keep("trial", list(kept.values()), page)
    lines = page.read_text().splitlines()
    assert lines[0] == "# The last run of each part of `python -m trial`"
    assert lines[4:6] == ["## fine", ""]
    assert f" UTC, commit {parts.commit()}, " in lines[6]
    assert lines[7:12] == ["", "```", "all is well", "(1 s)", "```"]
    assert lines[-3:] == ["```", "better", "```"]


def test_a_part_that_is_not_there_is_said(package: str) -> None:
    with pytest.raises(SystemExit):
        ran(package, "missing")


@pytest.mark.parametrize(("folder", "table"), [("bench", BENCH), ("deep", DEEP)])
def test_every_part_of_the_tables_is_there(folder: str, table: tuple[str, ...]) -> None:
    home = parts.ROOT / "tests" / folder
    assert [name for name in table if not (home / f"{name}.py").is_file()] == []
