"""Names of files: what bidders call their files passes, what tricks a file system does not."""

from __future__ import annotations

import pytest

from bidding.envelope.names import LONGEST, check_distinct, check_name
from ledger.errors import Refused

GOOD = ["技术标.pdf", "price schedule (v2).xlsx", "a", "报价_01,附件.docx", "x" * LONGEST, "manifest.json.pdf"]
BAD = [
    "",
    " a",
    "a ",
    ".",
    "..",
    ".hidden",
    "../a",
    "a/b",
    "/etc/passwd",
    "a\\b",
    "C:a",
    "-rf",
    "~a",
    "a.",
    "con",
    "NUL.txt",
    "Com1.pdf",
    "a\0b",
    "a\nb",
    "a\u202egpj.exe",
    "a\u200bb",
    "a\u2028b",
    "e\u0301",
    "a*",
    "a?b",
    'a"b',
    "a<b",
    "a|b",
    "x" * (LONGEST + 1),
    "\u4e2d" * 67,
    "\ud800",
    "manifest.json",
    "MANIFEST.JSON",
    "manifest.p7s",
    "padding",
    "Padding",
]


@pytest.mark.parametrize("name", GOOD)
def test_an_ordinary_name_is_itself(name: str) -> None:
    assert check_name(name) == name


@pytest.mark.parametrize("name", BAD, ids=ascii)
def test_a_trick_is_refused(name: str) -> None:
    with pytest.raises(Refused) as refusal:
        check_name(name)
    assert refusal.value.codes == ["bidding.file_name"]


@pytest.mark.parametrize("other", ["a.pdf", "A.PDF", "\uff41.pdf"], ids=ascii)
def test_two_names_for_one_file_are_refused(other: str) -> None:
    with pytest.raises(Refused) as refusal:
        check_distinct(["a.pdf", "b.pdf", other])
    assert refusal.value.codes == ["bidding.file_twice"]


def test_different_names_are_distinct() -> None:
    check_distinct(["a.pdf", "b.pdf"])
