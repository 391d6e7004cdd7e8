"""A whole running site with sealed bids in it: nothing on its disk, in its caches or memory ties anybody to a bid.

The search for canaries looks for every form of them; in each kind of place a thing that must be found is found.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise

import pytest

from config.requests import SEALED_PATHS
from tests.bidding.canaries import Canaries, found_in_all
from tests.bidding.memory import ForbiddenError, family, memory_of, searched
from tests.bidding.sealed_site import CONTROL, SealedSite
from tests.browser.site import LOT, TENDER

pytestmark = [pytest.mark.server, pytest.mark.slow]
# Tables that name organisations and people for reasons that have nothing to do with a lot.
REGISTERS = {"trading_party", "trading_account", "trading_certificate", "ledger_entry", "ledger_salt"}
BID = ("bidder1", "bidder2", "bidder3", "bidder4", "bidder5", "bidder6")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SealedSite]:
    made = SealedSite(tmp_path_factory.mktemp("sealed"))
    try:
        made.start()
        made.fill()
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="module")
def names(site: SealedSite) -> dict[str, bytes]:
    """Every name of everybody who did something about the lot."""
    found = site.names()
    return {f"{user}: {name}": name.encode() for user in BID for name in found[user]}


@pytest.fixture(scope="module")
def files(site: SealedSite) -> list[tuple[str, bytes]]:
    return list(site.files())


@pytest.fixture(scope="module")
def rows(site: SealedSite, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, bytes]]:
    """(table, row) of the whole database, from a copy."""
    folder = tmp_path_factory.mktemp("copy")
    for path in (site.home / "var" / "db").iterdir():
        shutil.copy(path, folder)
    with sqlite3.connect(folder / "sunlight.sqlite3") as line:
        tables = [name for (name,) in line.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return [(table, told(row)) for table in tables for row in line.execute(f'SELECT * FROM "{table}"')]  # noqa: S608


def told(row: tuple[object, ...]) -> bytes:
    return b" ".join(one if isinstance(one, bytes) else str(one).encode() for one in row)


def marks(site: SealedSite) -> set[bytes]:
    """What stands for a bid in the dark: submission ids, and every handle, number and code that bidding stores."""
    database = site.home / "var" / "db" / "sunlight.sqlite3"
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as line:
        found = {one for row in line.execute("SELECT handle, code, number FROM bidding_upload") for one in row}
        found |= {one for row in line.execute("SELECT handle, number FROM bidding_envelope") for one in row}
    return {str(one).encode() for one in found} | {bid.submission.encode() for bid in site.bids}


def test_every_bid_went_as_far_as_it_should(site: SealedSite) -> None:
    assert len(site.bids) == 6
    assert len(marks(site)) > 20


def test_no_canary_lies_in_any_file(site: SealedSite, files: list[tuple[str, bytes]]) -> None:
    kinds = {name.split("/")[1] for name, _data in files}
    assert kinds >= {"db", "objects", "uploads", "log", "valkey", "run"}
    assert found_in_all(files, site.canaries.needles()) == []
    prices = {price: price.encode() for price in site.prices}
    prices |= {f"{price} wide": price.encode("utf-16-le") for price in site.prices}
    prices |= {f"{price} bare": price.replace(".", "").encode() for price in site.prices}
    assert found_in_all(files, prices) == []


def test_the_search_of_files_has_power(site: SealedSite, files: list[tuple[str, bytes]]) -> None:
    """What is public and must lie there is found, in each kind of file."""
    lies = {kind: b"".join(data for name, data in files if f"/{kind}/" in name) for kind in ("db", "objects", "log")}
    assert LOT.encode() in lies["db"]
    assert LOT.encode() in lies["objects"]
    assert f"/bidding/lots/{LOT}/".encode() in lies["log"]
    parts = b"".join(data for name, data in files if "/uploads/" in name)
    assert b"sunlight.opening/1" in parts
    assert any(name.endswith("-wal") for name, _data in files)


def test_no_row_ties_a_bidder_to_the_lot(
    site: SealedSite, rows: list[tuple[str, bytes]], names: dict[str, bytes]
) -> None:
    naming = [(table, row) for table, row in rows if any(name in row for name in names.values())]
    assert {table for table, _row in naming} <= REGISTERS
    secret = marks(site) | {LOT.encode(), TENDER.encode()}
    assert [(table, one) for table, row in naming for one in secret if one in row] == []


def pages(name: str, data: bytes) -> Iterator[bytes]:
    """The pages of a database or the frames of its journal, stale ones and free space included."""
    size = 4096
    start, step = (32, size + 24) if name.endswith("-wal") else (0, size)
    yield from (data[begin:end] for begin, end in pairwise([*range(start, len(data), step), len(data)]))


def test_no_page_not_even_a_stale_one_holds_a_bidder_beside_a_bid(
    site: SealedSite, files: list[tuple[str, bytes]], names: dict[str, bytes]
) -> None:
    dark, count = marks(site), 0
    for name, data in files:
        if "/db/" in name:
            for page in pages(name, data):
                if any(one in page for one in names.values()):
                    count += 1
                    assert [one for one in dark if one in page] == []
    assert count > 10


def test_no_object_no_part_and_no_name_of_one_tells_a_bidder(
    files: list[tuple[str, bytes]], names: dict[str, bytes]
) -> None:
    lying = [(name, name.encode() + data) for name, data in files if "/objects/" in name or "/uploads/" in name]
    # The register's own entries (certificates) are in the public log and name who enrolled.
    assert found_in_all([(name, data) for name, data in lying if "/objects/log/" not in name], names) == []


def test_the_cache_holds_nothing_of_a_bidder(site: SealedSite, names: dict[str, bytes]) -> None:
    held = list(site.cache())
    assert found_in_all(held, {"control": site.control.encode()}) == ["valkey b'control': control"]
    assert len(held) > 2  # counters of sign-ins at least
    written = [(name, data) for name, data in site.files() if "/valkey/" in name]
    assert found_in_all(written, {"control": site.control.encode()})
    for place in (held, written):
        assert found_in_all(place, {**names, **site.canaries.needles(), "address": b"127.0.0.1"}) == []


def lines(site: SealedSite, pattern: str) -> list[dict[str, object]]:
    found = (path.read_text().splitlines() for path in sorted((site.home / "var" / "log").glob(pattern)))
    return [json.loads(line) for text in found for line in text]


def test_sign_ins_and_bidding_are_two_origins_that_cannot_be_joined(site: SealedSite, names: dict[str, bytes]) -> None:
    who = lines(site, "*-visits.jsonl")
    when = [line for path in ("web.jsonl", "live.jsonl", "worker.jsonl", "tick.jsonl") for line in lines(site, path)]
    requests = [line for line in when if line["event"] == "request"]
    assert {line["user"] for line in who} >= set(BID)  # bidders did sign in, and the log of visits says so
    assert any(str(line["path"]).startswith(f"/bidding/lots/{LOT}") for line in requests)
    # Nothing that a line of the one kind says can be laid beside a line of the other: no time, no person, no path.
    assert {len(str(line["timestamp"])) for line in who} == {len("2026-01-01")}
    assert all(str(line["path"]).startswith(SEALED_PATHS) for line in requests)
    assert not any(str(line["path"]).startswith(SEALED_PATHS) for line in who)
    assert {key for line in requests for key in line} <= {
        "event", "level", "logger", "timestamp", "method", "path", "status", "ms",
    }  # fmt: skip
    keys = {f"session of {name}": str(value).encode() for name, one in site.people.items()
            for value in one.session.http.cookies.values()}  # fmt: skip
    told = [(path.name, path.read_bytes()) for path in (site.home / "var" / "log").iterdir()]
    timed = [(name, data) for name, data in told if "-visits" not in name]
    assert found_in_all(timed, {**names, **keys, "address": b"127.0.0.1"}) == [
        found for found in found_in_all(timed, {"address": b"127.0.0.1"}) if found.startswith("up.out")
    ]
    assert found_in_all(told, keys) == []


def test_no_process_holds_a_word_of_a_bid_in_its_memory(site: SealedSite) -> None:
    chief = json.loads((site.home / "var" / "run" / "site.json").read_text())["pid"]
    control = {f"control/{CONTROL}": site.control.encode()}
    seen = {}
    for pid, words in family(chief).items():
        try:
            size, found = searched(memory_of(pid), site.canaries.needles() | control)
        except ForbiddenError as reason:
            pytest.skip(str(reason))
        assert found == set(control), words
        seen[pid] = size
    assert len(seen) >= 7, "pages, live rooms, worker, its children, ticker, broker, supervisor"


def test_a_process_that_leaks_is_found_out() -> None:
    canaries = Canaries()
    holds = "import sys; held = sys.stdin.buffer.read(32); print(flush=True); sys.stdin.buffer.read()"
    with subprocess.Popen([sys.executable, "-c", holds], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as leaking:
        assert leaking.stdin is not None
        assert leaking.stdout is not None
        leaking.stdin.write(canaries.bytes_())
        leaking.stdin.flush()
        leaking.stdout.readline()
        try:
            _size, found = searched(memory_of(leaking.pid), canaries.needles())
        except ForbiddenError as reason:
            pytest.skip(str(reason))
        leaking.stdin.close()
    assert "bytes/raw" in found
