"""Pure. The whole check of a package before it is sealed: every rule over every file, and what it found.

Enters: the package and the lot's rules. Leaves: findings, those that block first, then file by file. Twin:
config/frontend/src/preflight/check.ts; both read tests/vectors/preflight.json.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from decimal import Decimal
from typing import Any

from bidding.envelope.manifest import PRICE
from bidding.preflight.archive import Archive, Damaged
from bidding.preflight.blind import check_blind, own_words
from bidding.preflight.finding import Candidate, Finding, Package, Paper, Rules
from bidding.preflight.names import check_names
from bidding.preflight.opening_list import OpeningList, check_opening_list, read_opening_list
from bidding.preflight.papers import check_papers
from bidding.preflight.schedule import check_schedule
from bidding.preflight.whole import check_whole
from bidding.preflight.workbook import sheets

SCHEDULE, OPENING_LIST = "price_schedule", "opening_list"
Watch = Callable[[str], None]


def nobody(_name: str) -> None:
    """Nobody watches."""


def rules_of(desk: Mapping[str, Any]) -> Rules:
    """The rules of a lot as the bid desk tells it."""
    papers = (
        Paper(one["code"], one["name"], tuple(one["stems"]), tuple(one["endings"]), one["required"], one["blind"])
        for one in desk.get("papers", ())
    )
    return Rules(tuple(papers), own_words(desk["name"], desk["credit_code"]))


def ending_of(name: str) -> str:
    """The ending of a name, in small letters."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def check_package(package: Package, rules: Rules, watch: Watch = nobody) -> list[Finding]:
    """Everything found, all at once. `watch` hears the name of each file before it is read."""
    found = [*check_names(package.files), *check_papers(package, rules)]
    price = Decimal(package.price) if PRICE.fullmatch(package.price) else None
    for one in package.files:
        watch(one.name)
        found += _check_file(one, package, rules, price)
    return found


def _check_file(one: Candidate, package: Package, rules: Rules, price: Decimal | None) -> list[Finding]:
    papers = {paper.code for paper in rules.papers if paper.means(one.name)}
    blind = any(paper.blind for paper in rules.papers if paper.means(one.name))
    with closing(one.opener()) as source:
        found, archive = check_whole(one, source, ending_of(one.name))
        if blind:
            found += check_blind(one, archive, source, rules.names)
        if archive is None or ending_of(one.name) != "xlsx":
            return found
        try:
            found += _check_tables(one.name, archive, papers, price, package.days)
        except Damaged:
            found.append(Finding("bidding.file_broken", one.name))
    return found


def _check_tables(name: str, archive: Archive, papers: set[str], price: Decimal | None, days: str) -> list[Finding]:
    if SCHEDULE in papers:
        return check_schedule(name, sheets(archive), price)
    if OPENING_LIST in papers:
        return check_opening_list(name, read_opening_list(sheets(archive)), price, days)
    return []


def opening_list_in(package: Package, rules: Rules) -> OpeningList:
    """What the opening list among the files says; an empty one when there is none that can be read."""
    for paper in rules.papers:
        for one in package.of(paper) if paper.code == OPENING_LIST else ():
            with closing(one.opener()) as source:
                found, archive = check_whole(one, source, ending_of(one.name))
                if archive is not None and not found:
                    return read_opening_list(sheets(archive))
    return OpeningList()
