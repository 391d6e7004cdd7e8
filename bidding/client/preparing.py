"""Before sealing: fetch the blanks of a lot's papers, and check the package against the lot's rules.

Enters: a session, a folder of files. Leaves: blanks in a folder; findings; the offer, its price and days read from the
opening list where they were not given.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

from bidding.client.sealing import Offer, files_in
from bidding.client.session import Session
from bidding.envelope.names import check_name
from bidding.preflight.check import Watch, check_package, nobody, opening_list_in, rules_of
from bidding.preflight.finding import Candidate, Finding, Package
from bidding.preflight.opening_list import OpeningList


def fetch_blanks(session: Session, desk: Mapping[str, Any], folder: Path) -> list[Path]:
    """A blank of each paper into `folder`; a file that is there already is left alone."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for paper in desk["papers"]:
        english = session.language.startswith("en")
        stem = paper["stems"][-1 if english else 0]
        path = folder / check_name(f"{stem}.{paper['endings'][0]}")
        if not path.exists():
            path.write_bytes(session.get_bytes(paper["blank"]))
            made.append(path)
    return made


def package_of(folder: Path, price: str = "", days: int = 0) -> Package:
    """The files of the folder as the check takes them."""
    return Package(price, str(days) if days else "", [_candidate(path) for path in files_in(folder)])


def _candidate(path: Path) -> Candidate:
    def opener() -> BinaryIO:
        return path.open("rb")

    return Candidate(path.name, path.stat().st_size, opener)


def read_offer(
    desk: Mapping[str, Any],
    folder: Path,
    *,
    price: str = "",
    days: int = 0,
    items: tuple[tuple[str, str], ...] = (),
    cover: Path | None = None,
) -> Offer:
    """The offer: what was given, else what the opening list in the folder says; days else as the lot asks."""
    listed = opening_list_in(package_of(folder), rules_of(desk)) if folder.is_dir() else OpeningList()
    named = {name for name, _value in items}
    further = tuple((name, value) for name, value in listed.items if name not in named)
    return Offer(
        price or listed.price, days or int(listed.days or desk["days"] or 0), folder, (*items, *further), cover
    )


def check(desk: Mapping[str, Any], offer: Offer, watch: Watch = nobody) -> list[Finding]:
    """Everything that the rules of the lot find in the package."""
    return check_package(package_of(offer.files, offer.price, offer.days), rules_of(desk), watch)
