"""The page's verifier, written apart in TypeScript, and the program say the same of the same bundles, check by check.

Bundles of one whole tender, true, lied about under a log key of the liar's own, and changed after they were made, are
given to both; the page's runs in the node of the virtual environment (config/frontend/run.mjs).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger import note
from ledger.bundle import pack, read_json, unpack, write_json
from ledger.errors import Broken
from supervision.finding_words import FINDINGS, OTHERS
from supervision.refusal_words import REFUSALS
from supervision.verifier.case import ENTRIES, HEAD, OBJECTS, read_case
from supervision.verifier.check import run
from supervision.verifier.trust import Trust
from supervision.verifier.verifying import CHECKS
from tests.bidding.envelope.second_opinions import FRONTEND
from tests.supervision.bundles import Bundles
from tests.supervision.forger import KEY, Forger, other
from tests.supervision.verifier.second import FIRST_LEFT, Told, packed, told_by_page, told_by_program
from tests.supervision.verifier.test_verifying import LIES

ELSEWHERE = "elsewhere"
ALL = os.environ.get("SUNLIGHT_DEEP") == "1"  # every lie; on an ordinary day the first about each check
# A long chain of its own: beside the other tests of the verifier, not behind them.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("second")]


def before_what_is_left(told: Told) -> dict[int, str]:
    """What was not done of the checks that the page makes."""
    return {number: why for number, why in told.undone.items() if number < FIRST_LEFT}


def test_true_bundles_pass_both(bundles: Bundles, tmp_path: Path) -> None:
    true = {"public": bundles.public, "regulators": bundles.regulators, "early": bundles.early}
    said = told_by_page(tmp_path, bundles.log_key, bundles.roots, true)
    for name, data in true.items():
        program = told_by_program(data, bundles.trust)
        assert (said[name].faults, program.faults) == ({}, {}), name
        assert before_what_is_left(said[name]) == before_what_is_left(program), name
    assert {number for number, why in said["regulators"].undone.items() if why == ELSEWHERE} == {
        check.number for check in CHECKS if check.number >= FIRST_LEFT
    }


def test_both_find_the_same_lies(bundles: Bundles, tmp_path: Path) -> None:
    case, lied, program = read_case(unpack(bundles.regulators)), {}, {}
    for number, name, lie in LIES if ALL else {one[0]: one for one in reversed(LIES)}.values():
        forger = Forger(case, bundles.trust)
        lie(forger)
        forged, believed = forger.forged()
        lied[name] = packed(forged)
        program[name] = {check.number: run(check, forged, believed).faults for check in CHECKS}
        assert program[name][number]
    key = note.verifier_key(bundles.trust.log.name, note.raw_public(KEY.public_key()))
    page = told_by_page(tmp_path, key, bundles.roots, lied)
    assert {name: sorted(said.faults) for name, said in page.items()} == {
        name: [number for number, faults in found.items() if faults] for name, found in program.items()
    }


def changes(data: bytes) -> Iterator[tuple[str, bytes]]:
    """A bundle changed by somebody without the log's key: the archive, every kind of member, leaves."""
    parts = unpack(data)
    rows, head = read_json(parts[ENTRIES]), read_json(parts[HEAD])
    objects = sorted(name for name in parts if name.startswith(OBJECTS))
    yield "a byte longer", data + b"\0"
    yield "a byte of the archive changed", data[:40] + other(data[40:41]) + data[41:]
    directory = int.from_bytes(data[-6:-2], "little")
    yield "said to be compressed", data[: directory + 10] + b"\x08" + data[directory + 11 :]
    yield "no archive", b"PK"
    for name in (*sorted({*parts} - {*objects})[:8], *objects[::120]):
        rest = {key: value for key, value in parts.items() if key != name}
        yield f"{name} left out", pack(rest)
        yield f"{name} changed", pack({**rest, name: other(parts[name])})
    for at in range(0, len(rows), 150):
        yield f"entry {at} left out", pack({**parts, ENTRIES: write_json(rows[:at] + rows[at + 1 :])})
        leaf = bytes.fromhex(rows[at]["leaf"])
        wrong = {**rows[at], "leaf": (leaf[:-1] + other(leaf[-1:])).hex()}
        yield f"entry {at} changed", pack({**parts, ENTRIES: write_json([*rows[:at], wrong, *rows[at + 1 :]])})
        yield f"entry {at} twice", pack({**parts, ENTRIES: write_json([*rows[: at + 1], *rows[at:]])})
    yield "two entries exchanged", pack({**parts, ENTRIES: write_json([rows[1], rows[0], *rows[2:]])})
    upper = {**rows[0], "leaf": rows[0]["leaf"].upper()}
    yield "hexadecimal in capitals", pack({**parts, ENTRIES: write_json([upper, *rows[1:]])})
    yield "another kind", pack({**parts, HEAD: write_json({**head, "kind": "public"})})
    yield "a lot less", pack({**parts, HEAD: write_json({**head, "lots": head["lots"][:-1]})})
    yield "a key more", pack({**parts, HEAD: write_json({**head, "note": "x"})})
    yield "spaces in the head", pack({**parts, HEAD: parts[HEAD].replace(b",", b", ", 1)})


def test_both_find_what_was_changed_after_the_bundle_was_made(bundles: Bundles, tmp_path: Path) -> None:
    changed = dict(changes(bundles.regulators))
    page = told_by_page(tmp_path, bundles.log_key, bundles.roots, changed)
    program = {name: verdict_of(data, bundles.trust) for name, data in changed.items()}
    assert {name: sorted(said.faults) for name, said in page.items()} == program
    assert all(program.values())


def verdict_of(data: bytes, trust: Trust) -> list[int]:
    """The numbers of the checks that fail; of an archive that cannot be read, the first."""
    try:
        case = read_case(unpack(data))
    except Broken:
        return [1]
    return [check.number for check in CHECKS if run(check, case, trust).faults]


def test_every_finding_of_the_page_has_its_sentence(page_codes: set[str]) -> None:
    sentences = {f"verify.{word}" for word in FINDINGS} | OTHERS.keys() | REFUSALS.keys()
    assert page_codes - sentences == set()


@pytest.fixture
def page_codes() -> set[str]:
    """Every code that the sources of the page's verifier write down."""
    source = "".join(path.read_text("utf-8") for path in sorted((FRONTEND / "src" / "verify").glob("*.ts")))
    words = re.findall(
        r"\.fault\(\"(\w+)\"|unless\([^;]*?, \"([a-z]\w+)\"(?:, \{[^}]*\}|, facts)?\)|faultOf\(\"(\w+)\"", source
    )
    refusals = re.findall(r"(?:refuse\(|code: )\"((?:trading|experts|evaluation|page)\.\w+)\"", source)
    return {f"verify.{one or two or three}" for one, two, three in words} | set(refusals)
