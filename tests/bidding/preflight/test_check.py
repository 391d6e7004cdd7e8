"""The check of a package against the vectors that both twins read."""

from __future__ import annotations

import base64
import io
import json
from typing import Any

import pytest

from bidding.preflight.check import check_package, opening_list_in, rules_of
from bidding.preflight.finding import Candidate, Package
from tests.bidding.preflight.vectors import PATH

CASES: list[dict[str, Any]] = json.loads(PATH.read_text(encoding="utf-8"))


def candidate(name: str, data: bytes) -> Candidate:
    return Candidate(name, len(data), lambda: io.BytesIO(data))


def package(case: dict[str, Any]) -> Package:
    files = [candidate(one["name"], base64.b64decode(one["data"])) for one in case["files"]]
    return Package(case["price"], case["days"], files)


@pytest.mark.parametrize("case", CASES, ids=[case["about"] for case in CASES])
def test_every_case_finds_what_it_says(case: dict[str, Any]) -> None:
    found = check_package(package(case), rules_of(case["desk"]))
    assert [{"code": one.code, "file": one.file, "facts": dict(one.facts)} for one in found] == case["found"]


def test_only_what_packing_or_opening_refuses_blocks() -> None:
    found = [one for case in CASES for one in check_package(package(case), rules_of(case["desk"]))]
    assert {one.code for one in found if one.blocks} == {"bidding.no_files", "bidding.file_name", "bidding.file_twice"}


def test_every_finding_says_itself_in_both_languages() -> None:
    for case in CASES:
        for one in check_package(package(case), rules_of(case["desk"])):
            assert "%(" not in one.say("zh-hans") + one.say("en") + str(one.reason)
            assert one.say("zh-hans") != one.say("en")


def test_the_opening_list_is_read_from_the_package() -> None:
    found = opening_list_in(package(CASES[0]), rules_of(CASES[0]["desk"]))
    assert (found.price, found.days, found.items) == ("9596000.00", "300", (("quality", "合格"),))


def test_too_many_and_too_large_block() -> None:
    rules = rules_of(CASES[2]["desk"])
    many = [candidate(f"{number}.txt", b"x") for number in range(1000)]
    assert [one.code for one in check_package(Package("1", "1", many), rules)] == ["bidding.files_many"]
    large = Candidate("large.bin", 2**32 - 2**26, lambda: io.BytesIO(b""))
    found = check_package(Package("1", "1", [large]), rules)
    assert [(one.code, one.blocks) for one in found] == [("bidding.package_large", True)]
