"""The page's verifier, written apart in TypeScript, asked from Python: what it says of bundles, check by check.

It runs in the node of the virtual environment (config/frontend/run.mjs).
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ledger.bundle import pack, write_json, write_later, write_leaves
from supervision.finding_words import UNDONE
from supervision.verifier.case import CHECKPOINT, ENTRIES, HEAD, OBJECTS, PRIVATE, TIMESTAMPS, WITNESSES, Case
from supervision.verifier.readme import README
from supervision.verifier.trust import Trust
from supervision.verifier.verifying import CHECKS, verify
from tests.bidding.envelope.second_opinions import FRONTEND, node

# What asks for more of the reader than key and roots (a witness policy, timestamp roots, receipts) the page leaves to
# the program, from this number on, but for what the key of the log tells.
FIRST_LEFT = 43


@dataclass(frozen=True)
class Told:
    """What the page's verifier said: the numbers of the checks that failed, and those not done, with why."""

    faults: Mapping[int, list[str]]
    undone: Mapping[int, str]


def told_by_page(folder: Path, log_key: str, roots: str, bundles: Mapping[str, bytes]) -> dict[str, Told]:
    """One run of node over all bundles."""
    (folder / "log.key").write_text(log_key + "\n")
    (folder / "roots.pem").write_text(roots)
    paths = []
    for at, data in enumerate(bundles.values()):
        paths.append(folder / f"{at}.zip")
        paths[-1].write_bytes(data)
    given = [folder / "log.key", folder / "roots.pem", *paths]
    command = [node(), "run.mjs", "src/verify/command.ts", *map(str, given)]
    done = subprocess.run(command, cwd=FRONTEND, capture_output=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr.decode()
    answers = [json.loads(line)["results"] for line in done.stdout.splitlines()]
    return {name: _told(answer) for name, answer in zip(bundles, answers, strict=True)}


def _told(results: list[dict[str, Any]]) -> Told:
    assert [one["number"] for one in results] == [check.number for check in CHECKS]
    faults = {one["number"]: sorted(fault["code"] for fault in one["faults"]) for one in results if one["faults"]}
    return Told(faults, {one["number"]: one["undone"] for one in results if one["undone"]})


def told_by_program(data: bytes, trust: Trust) -> Told:
    """The same of the program."""
    words = {str(text): why for why, text in UNDONE.items()}
    results = verify(data, trust).results
    faults = {one.number: sorted(fault.code for fault in one.faults) for one in results if one.faults}
    return Told(faults, {one.number: words.get(one.undone, one.undone) for one in results if one.undone})


def packed(case: Case) -> bytes:
    """The archive of a case."""
    head = {
        "format": "sunlight.bundle/2", "kind": case.kind, "lots": list(case.lots), "members": dict(case.members),
        "moment": case.moment, "tender": case.tender,
    }  # fmt: skip
    witnessed = case.witnessed and replace(case.witnessed, token=b"")
    parts = {
        "README.md": README, HEAD: write_json(head), CHECKPOINT: case.note, ENTRIES: write_leaves(list(case.leaves)),
        WITNESSES: write_later(witnessed), TIMESTAMPS: write_later(case.stamped),
        **{OBJECTS + name: data for name, data in case.objects.items()},
        **{PRIVATE + name: data for name, data in case.private.items()},
    }  # fmt: skip
    return pack(parts)
