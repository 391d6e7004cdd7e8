"""The pure parts of the play: tables of real tenders, credit codes."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.config.demo.inside import inside

SCRIPT = """
from config.demo.play.credit_code import ALPHABET, WEIGHTS, body_code, credit_code
from config.demo.play.tenders_csv import labels, read
from trading.enrolment import CREDIT_CODE
HEAD = "tender,estimate,bidder,price,winner"

def of(*rows):
    try:
        found = read([HEAD, *rows])
    except ValueError as error:
        return str(error)
    return [[one.name, list(one.bids), one.winner] for one in found]

said = {
    "two": of("T-1,1,L01,10.50,0", "T-1,1,L02,9,1", "T-2,,L01,7,1"),
    "labels": labels(read([HEAD, "T,1,L02,1,1", "T,1,L01,2,0"])),
    "no winner": of("T-1,1,L01,10,0"),
    "two winners": of("T-1,1,L01,10,1", "T-1,1,L02,9,1"),
    "twice": of("T-1,1,L01,10,1", "T-1,1,L01,9,0"),
    "float": of("T-1,1,L01,1e6,1"),
    "negative": of("T-1,1,L01,-1,1"),
    "label": of("T-1,1,../L01,1,1"),
    "short": of("T-1,1,L01"),
}
try:
    read(["a,b", "1,2"])
except ValueError as error:
    said["columns"] = str(error)
codes = [credit_code(serial, kind) for serial in range(26010001, 26010060) for kind in ("91", "12", "11")]
said["codes"] = [all(CREDIT_CODE.fullmatch(code) for code in codes), len(set(codes)) == len(codes)]
# Sums of weights over all 18 characters are multiples of 31 (GB 32100), as in codes that are in use.
real = ["91350100M000100Y43", "91110000802100433B"]
sums = [sum(w * ALPHABET.index(c) for w, c in zip((*WEIGHTS, 1), code)) % 31 for code in [*codes, *real]]
said["sums"] = sorted(set(sums))
said["body"] = body_code(80210043)
print(json.dumps(said))
"""


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Any:
    var = tmp_path_factory.mktemp("tables") / "var"
    shutil.copytree(migrated, var)
    return inside(var, SCRIPT)


@pytest.mark.parametrize(
    ("case", "answer"),
    [
        ("two", [["T-1", [["L01", "10.50"], ["L02", "9"]], "L02"], ["T-2", [["L01", "7"]], "L01"]]),
        ("labels", ["L01", "L02"]),
        ("no winner", "no winner of T-1"),
        ("two winners", "line 3: a second winner of T-1"),
        ("twice", "line 3: bidder, twice"),
        ("float", "line 2: price"),
        ("negative", "line 2: price"),
        ("label", "line 2: bidder"),
        ("short", "line 2: price, winner"),
        ("columns", "the columns must be tender,estimate,bidder,price,winner"),
    ],
)
def test_a_table_is_read_as_it_stands_or_refused_by_line(said: Any, case: str, answer: object) -> None:
    assert said[case] == answer


def test_credit_codes_have_the_check_characters_of_the_standard(said: Any) -> None:
    assert (said["codes"], said["sums"]) == ([True, True], [0])
    assert said["body"] == "802100433"
