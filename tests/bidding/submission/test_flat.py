"""A receipt costs the same however many bids are in already: the same queries, and none of them reads a whole table."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.bidding.scenes import Scene
from tests.bidding.submission.test_count import many
from trading.models import Account, Lot

# Tables that grow with the bids.
GROWING = re.compile(r"SCAN (bidding_(envelope|upload|refusal|withdrawal|part)|ledger_(entry|inner|waiting))\b")


def queries_of(scene: Scene, lot: Lot, account: Account) -> list[str]:
    """What the request with the last byte asks the database."""
    sealed = scene.seal(lot, account)
    url = scene.begin(lot, account, sealed)["Location"]
    with CaptureQueriesContext(connection) as found:
        assert scene.patch(url, account, sealed.data).status_code == 204
    return [one["sql"] for one in found.captured_queries]


def plan(sql: str) -> list[str]:
    """How SQLite would go about it."""
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN " + sql.replace("%", "%%"), [])
        rows: list[Any] = cursor.fetchall()
    return [str(row[-1]) for row in rows]


def test_the_same_queries_with_one_bid_and_with_hundreds(scene: Scene) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("needs SQLite: the plans are read in its words")
    lot = scene.lot()
    queries_of(scene, lot, scene.world.bidder(1))
    before = queries_of(scene, lot, scene.world.bidder(2))
    many(lot, 400)
    after = queries_of(scene, lot, scene.world.bidder(3))
    assert len(after) == len(before)
    read = [sql for sql in after if sql.startswith("SELECT")]
    assert len(read) > 5
    scans = [(sql, step) for sql in read for step in plan(sql) if GROWING.search(step)]
    assert scans == []


def test_a_query_that_reads_a_whole_table_is_seen(db: None) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("needs SQLite: the plans are read in its words")
    assert GROWING.search(plan("SELECT * FROM bidding_envelope WHERE digest = 'x'")[0])
