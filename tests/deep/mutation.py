"""mutmut on what everybody trusts: no change of the code may go unseen by the tests, but for those explained.

Every part of `MUTATED` is a module and the tests that are asked about it. The checkout is copied, so that nothing is
left behind; a mutant that survives must stand, with its reason, in survivors.json beside this file.

`python -m tests.deep.mutation MODULE [TEST ...]` asks about one module, in MUTATED or not; the tests are those of
MUTATED unless they are named, a number standing for a check of the verifier. `--in FOLDER` leaves the copy there;
`--keep` writes the module's line in docs/deep.md anew, with the commit: all of them at once take hours.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.deep.__main__ import PARTS
from tests.parts import ROOT, NotHere, commit, keep, read_sections, say, section

ROOM = "tests/supervision/verifier/"
FINDINGS = f"{ROOM}test_findings.py::test_what_a_check_says"
VERIFIER = "supervision/verifier/"


def checks(*numbers: int) -> tuple[str, ...]:
    """The tests by which these checks of the verifier say what they say of every lie."""
    return tuple(f"{FINDINGS}[{number}]" for number in numbers)


MUTATED = (
    ("ledger/merkle.py", ("tests/ledger/test_merkle_edges.py",)),
    (f"{VERIFIER}log.py", checks(3, 4, 5)),
    (f"{VERIFIER}veils.py", checks(6, 7)),
    (f"{VERIFIER}envelopes.py", (*checks(15, 16, 17), f"{ROOM}test_envelopes.py")),
    (f"{VERIFIER}custody.py", checks(8, 9, 19)),
    (f"{VERIFIER}opening.py", (*checks(18, 19, 20, 21), f"{ROOM}test_opening.py")),
    (f"{VERIFIER}people.py", checks(10, 11)),
    (f"{VERIFIER}draw.py", (*checks(23, 24), f"{ROOM}test_draw.py")),
    (f"{VERIFIER}judging.py", checks(25, 26, 27, 28, 29)),
    (f"{VERIFIER}result.py", checks(31, 32, 33, 34)),
    (f"{VERIFIER}covers.py", checks(35)),
    (f"{VERIFIER}vouching.py", checks(43, 44)),
    (f"{VERIFIER}receipts.py", checks(45)),
    (f"{VERIFIER}record.py", checks(22)),
    (f"{VERIFIER}notice.py", checks(12, 13, 14, 22, 26)),
    (f"{VERIFIER}members.py", checks(30)),
    (f"{VERIFIER}contents.py", checks(36, 37, 38)),
    (f"{VERIFIER}archive.py", (*checks(1, 2), f"{ROOM}test_archive.py")),
    (f"{VERIFIER}naming.py", (f"{ROOM}test_naming.py",)),
    (f"{VERIFIER}terms.py", checks(39)),
    (f"{VERIFIER}moments.py", (*checks(42), f"{ROOM}test_moments.py")),
    (f"{VERIFIER}rehearsal.py", checks(41)),
    (f"{VERIFIER}verifying.py", (f"{ROOM}test_verdict.py",)),
    (f"{VERIFIER}belonging.py", (f"{ROOM}test_belonging.py",)),
    (f"{VERIFIER}whole_log.py", (f"{ROOM}test_log_rules.py",)),
    (f"{VERIFIER}case.py", (f"{ROOM}test_case.py",)),
    (f"{VERIFIER}check.py", (f"{ROOM}test_check.py",)),
    (f"{VERIFIER}trust.py", (f"{ROOM}test_trust.py",)),
    (f"{VERIFIER}secrecy.py", (f"{ROOM}test_secrecy.py",)),
    (f"{VERIFIER}nothing_else.py", checks(40)),
    (f"{VERIFIER}sheets.py", checks(26, 27, 28, 30)),
    (f"{VERIFIER}mirror.py", (f"{ROOM}test_mirror.py",)),
    (f"{VERIFIER}__main__.py", (f"{ROOM}test_command.py",)),
)
ROOMS = ("ledger", "trading", "guarantees", "experts", "bidding", "evaluation", "supervision", "config")
DECORATED = re.compile(r"^@(each_lot|once_a_case)\ndef (\w+)\(", re.MULTILINE)
PAGE = ROOT / "docs" / "deep.md"
SURVIVORS = Path(__file__).with_name("survivors.json")
KILLED = frozenset({"killed", "timeout", "segfault", "caught by type check"})
LINE = re.compile(r"\s*(?P<name>[\w.ǁ]+__mutmut_\d+): (?P<state>[a-z ]+)")
# All at once: `mutmut show` takes seconds to begin.
SHOW = """
import sys
from mutmut.__main__ import find_mutant
from mutmut.mutation.diff_apply import get_diff_for_mutant
for name in sys.argv[1:]:
    print(chr(0) + get_diff_for_mutant(name, path=find_mutant(name).path))
"""
NEEDED = "mutmut: pip install --require-hashes -r requirements-mutation.txt"


@dataclass(frozen=True)
class Survivor:
    """A mutant that the tests did not see: in which function, the lines it took away and put in their place."""

    place: str
    was: str
    now: str


def run() -> None:
    """Say for every module how many mutants there were and how many survived; an unexplained one fails."""
    if importlib.util.find_spec("mutmut") is None:
        raise NotHere(f"needs {NEEDED}")
    unexplained: list[Survivor] = []
    for module, tests in MUTATED:
        with tempfile.TemporaryDirectory(prefix="sunlight-mutants-") as name:
            unexplained += asked(Path(name), module, tests)[1]
    if unexplained:
        raise SystemExit(1)


def asked(folder: Path, module: str, tests: tuple[str, ...]) -> tuple[str, list[Survivor]]:
    """Ask the tests about every mutant of a module, in a copy of the checkout in `folder`: what was said, and who is
    unexplained.
    """
    explained = {Survivor(one["in"], one["was"], one["is"]) for one in json.loads(SURVIVORS.read_text("utf-8"))}
    begun = time.monotonic()
    copied(folder, module, tests)
    states = mutated(folder)
    alive = shown(folder, [one for one, state in states.items() if state not in KILLED])
    count, known = Counter(states.values()), [one for one in alive if one in explained]
    found = ", ".join(f"{number} {state}" for state, number in sorted(count.items()))
    seconds = time.monotonic() - begun
    line = f"{module}: {count.total()} mutants: {found}; {len(known)} explained ({seconds:.0f} s) at {commit()}"
    say(line)
    unexplained = [one for one in alive if one not in explained]
    for one in unexplained:
        say(f"unexplained: {one.place}\n  - {one.was}\n  + {one.now}")
    return line, unexplained


def keep_line(line: str) -> None:
    """Write the line of one module into the page, beside the last ones of the others."""
    sections = read_sections(PAGE)
    before = sections.get("mutation", "").partition("```\n")[2].partition("\n```")[0].splitlines()
    lines = {one.partition(": ")[0]: one for one in [*before, line]}
    sections["mutation"] = section("mutation", [lines[module] for module, _tests in MUTATED if module in lines])
    keep("tests.deep", [sections[part] for part in PARTS if part in sections], PAGE)


def copied(folder: Path, module: str, tests: tuple[str, ...]) -> None:
    """Lay the files of this checkout into `folder`, with what mutmut is asked to do."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    for name in listed.decode().split("\0"):
        source = ROOT / name
        if name and source.is_file() and not name.startswith("config/frontend/"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(source.read_bytes())
    (folder / module).write_text(plain((ROOT / module).read_text(encoding="utf-8")), encoding="utf-8")
    room = module.partition("/")[0]
    asked = {
        "source_paths": [room], "only_mutate": [module], "also_copy": [*(set(ROOMS) - {room}), "docs", "manage.py"],
        "pytest_add_cli_args_test_selection": list(tests), "pytest_add_cli_args": ["-n0", "-q", "-x"],
    }  # fmt: skip
    with (folder / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write("\n[tool.mutmut]\n" + "".join(f"{name} = {json.dumps(value)}\n" for name, value in asked.items()))


def plain(text: str) -> str:
    """The same module with its rules decorated after they are defined: mutmut leaves a decorated function alone."""
    names = DECORATED.findall(text)
    lines = "".join(f"{name} = {decorator}({name})\n" for decorator, name in names)
    before, mark, after = DECORATED.sub(r"def \2(", text).partition("\nCHECKS = (")
    return f"{before}\n{lines}{mark}{after}"


def mutated(folder: Path) -> dict[str, str]:
    """Run the tests against every mutant; what became of each."""
    done = mutmut(folder, "run", "--max-children", "1")
    states = {found["name"]: found["state"].strip() for found in _lines(mutmut(folder, "results", "--all", "true"))}
    if not states or "not checked" in states.values():
        raise RuntimeError(f"mutmut did not come to its end: {done[-2000:]}")
    return states


def _lines(text: str) -> Iterator[re.Match[str]]:
    return (found for line in text.splitlines() if (found := LINE.fullmatch(line.rstrip())))


def mutmut(folder: Path, *arguments: str) -> str:
    """What mutmut says."""
    command = [sys.executable, "-m", "mutmut", *arguments]
    environment = {**os.environ, "SUNLIGHT_MUTANTS": "code"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False).stdout


def shown(folder: Path, names: Sequence[str]) -> list[Survivor]:
    """The changes that mutants are."""
    command = [sys.executable, "-c", SHOW, *names]
    text = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout
    pieces = text.split("\0")[1:]
    return [_survivor(name, piece.splitlines()) for name, piece in zip(names, pieces, strict=True)]


def _survivor(name: str, lines: Sequence[str]) -> Survivor:
    place = re.sub(r"\.x_?(\w+)__mutmut_\d+$", r".\1", name)
    was = [line[1:].strip() for line in lines if line.startswith("-") and not line.startswith("---")]
    now = [line[1:].strip() for line in lines if line.startswith("+") and not line.startswith("+++")]
    return Survivor(place, " ".join(was), " ".join(now))


def main() -> int:
    """Ask about one module; 1 when a survivor is unexplained."""
    parser = argparse.ArgumentParser(prog="python -m tests.deep.mutation")
    parser.add_argument("module")
    parser.add_argument("tests", nargs="*", metavar="TEST")
    parser.add_argument("--in", dest="folder", type=Path, metavar="FOLDER")
    parser.add_argument("--keep", action="store_true", help="write the module's line in docs/deep.md anew")
    options = parser.parse_args()
    named = tuple(checks(int(one))[0] if one.isdigit() else one for one in options.tests)
    tests = named or dict(MUTATED)[options.module]
    with tempfile.TemporaryDirectory(prefix="sunlight-mutants-") as name:
        line, unexplained = asked(options.folder or Path(name), options.module, tests)
    if options.keep and not unexplained:
        keep_line(line)
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
