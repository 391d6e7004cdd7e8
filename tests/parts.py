"""Runs the parts of `./sunlight deep` and `./sunlight bench` one after the other, each in a process of its own.

Enters: the name of a package of tests, its parts, command line arguments (names of parts, `--keep`). Leaves: what the
parts say on standard output, with `--keep` in a page of docs/ too; the exit status. As `python -m tests.parts MODULE`
it is that process: it calls the module's `run`, or its `main` where it has no `run`.
"""

from __future__ import annotations

import argparse
import importlib
import os
import platform
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOT_HERE = 77  # the exit status by which automake's tests say the same


class NotHere(Exception):
    """This machine cannot run the part; the text says why, in plain words."""


def say(line: str) -> None:
    """One line on standard output, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def run_part(module: str) -> tuple[int, list[str]]:
    """Run `module` in a process of its own; exit status and lines. The lines are said as they come."""
    begun, lines = time.monotonic(), []
    command = [sys.executable, "-m", "tests.parts", module]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
    ) as process:
        for line in process.stdout or ():
            lines.append(line.rstrip("\n"))
            say(lines[-1])
    lines.append(f"({time.monotonic() - begun:.0f} s)")
    say(lines[-1])
    return process.returncode, lines


def run_parts(package: str, parts: Sequence[str], arguments: Sequence[str], page: Path) -> int:
    """Run the named parts, all of `parts` when none is named; 1 when one failed.

    A part that says it cannot run here fails only where nothing may be missing (SUNLIGHT_REQUIRE_ALL=1).
    """
    parser = argparse.ArgumentParser(prog=f"python -m {package}")
    parser.add_argument("--keep", action="store_true", help=f"write {page.relative_to(ROOT)} anew")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"some of: {' '.join(parts)}")
    options = parser.parse_args(arguments)
    if unknown := set(options.parts) - set(parts):
        parser.error(f"no such part: {' '.join(sorted(unknown))}")
    failed: list[str] = []
    sections = read_sections(page)
    for part in options.parts or parts:
        say(f"\n== {part}")
        status, lines = run_part(f"{package}.{part}")
        sections[part] = section(part, lines)
        if status not in {0, NOT_HERE} or (status and os.environ.get("SUNLIGHT_REQUIRE_ALL") == "1"):
            failed.append(part)
    if failed:
        say(f"\nFAILED: {', '.join(failed)}")
    if options.keep:
        keep(package, [sections[part] for part in parts if part in sections], page)
    return 1 if failed else 0


def section(part: str, lines: Sequence[str]) -> str:
    """What a part said, under its name: when, at which commit, on what machine."""
    when = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, commit {commit()}, {machine()}."
    return "\n".join([f"## {part}", "", when, "", "```", *lines, "```", ""])


def read_sections(page: Path) -> dict[str, str]:
    """The sections of a page, by part; none when there is no page yet."""
    text = page.read_text(encoding="utf-8") if page.exists() else ""
    pieces = text.split("\n## ")[1:]
    return {piece.partition("\n")[0]: f"## {piece.rstrip()}\n" for piece in pieces}


def keep(package: str, sections: Sequence[str], page: Path) -> None:
    """Write the page: the last run of each part."""
    head = [
        f"# The last run of each part of `python -m {package}`",
        "",
        f"Written by `python -m {package} --keep`, not by hand. Figures belong to the machine; ratios carry over.",
        "",
    ]
    page.write_text("\n".join([*head, *sections]), encoding="utf-8")


def commit() -> str:
    """The commit of this checkout, with a plus when files differ from it."""
    found = subprocess.run(
        ["git", "describe", "--always", "--dirty=+"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return found.stdout.strip() or "unknown"


def machine() -> str:
    """Processor, cores and Python in a few words."""
    facts = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines() if Path("/proc/cpuinfo").exists() else []
    model = next((line.partition(": ")[2] for line in facts if line.startswith("model name")), platform.machine())
    return f"{model}, {os.cpu_count()} cores, Linux {platform.release()}, Python {platform.python_version()}"


def main(module: str) -> int:
    """Call the `run` (or `main`) of `module`; 77 and a line when it cannot run here."""
    part = importlib.import_module(module)
    try:
        (getattr(part, "run", None) or part.main)()
    except NotHere as reason:
        say(f"not run here: {reason}")
        return NOT_HERE
    return 0


if __name__ == "__main__":
    from tests.parts import main as main_  # the NotHere that the parts raise is the imported module's

    sys.exit(main_(sys.argv[1]))
