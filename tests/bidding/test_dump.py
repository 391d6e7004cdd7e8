"""Who bid stays hidden: a dump of the database, the objects, the folder of uploads and the log tie nobody to a lot."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from logging.handlers import WatchedFileHandler
from pathlib import Path

from django.conf import settings
from django.db import connection

from bidding.uploads import uploading as uploads
from tests.bidding.scenes import Scene
from trading.handles import handle_for
from trading.models import Lot

# Tables that name organisations and people, for reasons that have nothing to do with a lot.
REGISTERS = {"trading_party", "trading_account", "trading_certificate", "django_session"}


def dump() -> Iterator[tuple[str, str]]:
    """(table, row as text) of everything stored."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608  names of our own tables
            for row in cursor.fetchall():
                yield table, " ".join(_text(value) for value in row)


def _text(value: object) -> str:
    return bytes(value).decode("latin-1") if isinstance(value, bytes | memoryview) else str(value)


def needles(scene: Scene, numbers: list[int]) -> set[str]:
    """What would give a bidder away."""
    found = set()
    for number in numbers:
        account = scene.world.bidder(number)
        assert account.party is not None
        party = account.party
        found |= {account.username, account.code, party.credit_code, party.code, party.name}
    return found


def a_busy_lot(scene: Scene) -> Lot:
    """Bids, a replacement, a withdrawal, a refusal, an upload that is not finished."""
    lot = scene.lot()
    one, two, three, four = (scene.world.bidder(number) for number in (1, 2, 3, 4))
    scene.submit(lot, one, "9595123.45")
    scene.submit(lot, two, "9595123.45")
    number = scene.submit(lot, two, "9595123.45")["says"]["number"]
    scene.client(two).post(f"/bidding/lots/{lot.code}/withdraw", {"number": number})
    bad = scene.seal(lot, three)
    scene.begin(lot, three, bad)
    scene.send(lot, three, type(bad)(bad.data[:-1], bad.id))
    half = scene.seal(lot, four)
    upload = uploads.begin(lot, handle_for(lot, four.actor), half.id, len(half.data))
    uploads.append(upload, io.BytesIO(half.data[:600]), 600)
    for account in (one, two, three, four):
        scene.client(account).get(f"/bidding/lots/{lot.code}/")
    scene.world.sequence()
    return lot


def test_no_row_ties_a_bidder_to_the_lot(scene: Scene) -> None:
    lot = a_busy_lot(scene)
    names = needles(scene, [1, 2, 3, 4])
    held = {table for table, row in dump() if any(name in row for name in names)}
    assert "trading_party" in held  # the scan has power
    loose = held - REGISTERS - {"ledger_entry"}
    assert loose == set()
    about = [row for table, row in dump() if table == "ledger_entry" and any(name in row for name in names)]
    assert about  # the register's own entries: certificates
    assert [row for row in about if lot.code in row or lot.tender.code in row or "bidding:" in row] == []


def test_no_row_or_file_holds_a_price_or_a_word_of_a_bid(scene: Scene) -> None:
    a_busy_lot(scene)
    secrets = ["9595123.45", "we build it for"]
    rows = [table for table, row in dump() if any(secret in row for secret in secrets)]
    files = [path for path, data in stored_files() if any(secret.encode() in data for secret in secrets)]
    assert (rows, files) == ([], [])


def stored_files() -> list[tuple[Path, bytes]]:
    """Objects and uploads."""
    roots = [Path(settings.OBJECTS_URL.removeprefix("file://")), Path(settings.VAR) / "uploads"]
    return [(path, path.read_bytes()) for root in roots for path in root.rglob("*") if path.is_file()]


def test_no_object_and_no_name_of_one_ties_a_bidder_to_the_lot(scene: Scene) -> None:
    a_busy_lot(scene)
    names = needles(scene, [1, 2, 3, 4])
    files = stored_files()
    assert any("envelopes" in path.parts for path, _data in files)
    envelopes = [(path, data) for path, data in files if "log" not in path.parts]
    found = [path for path, data in envelopes if any(n in str(path) or n.encode() in data for n in names)]
    assert found == []


def log_file() -> Path:
    """Where this process writes its log, whoever set it up."""
    (handler,) = (one for one in logging.getLogger().handlers if isinstance(one, WatchedFileHandler))
    return Path(handler.baseFilename)


def test_no_log_line_below_bidding_names_a_bidder(scene: Scene) -> None:
    log = log_file()
    before = log.stat().st_size if log.exists() else 0
    lot = a_busy_lot(scene)
    lines = log.read_bytes()[before:].decode().splitlines()
    mine = [line for line in lines if "/bidding/" in line or lot.code in line]
    assert len(mine) > 10
    names = needles(scene, [1, 2, 3, 4]) | {"127.0.0.1"}
    assert [line for line in mine if any(name in line for name in names)] == []


def test_handles_of_two_lots_have_nothing_in_common(scene: Scene) -> None:
    first, second = scene.lots(2)
    bidder = scene.world.bidder(1)
    assert handle_for(first, bidder.actor) != handle_for(second, bidder.actor)
