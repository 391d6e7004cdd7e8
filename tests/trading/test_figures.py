"""The public statistics: sums that add up, a rate from the sums, the same numbers as table and CSV."""

from __future__ import annotations

import csv
import io

from django.test import Client

from tests.trading.pages import ask, read
from tests.trading.results import awarded, in_publicity
from tests.world import MORNING, World
from trading.models import Lot
from trading.stages import Stage


def test_statistics_of_two_lots_one_without_a_ceiling(world: World, client: Client) -> None:
    first = awarded(world)
    world.clock.set(MORNING)
    second = awarded(world)
    Lot.objects.filter(pk=second.pk).update(ceiling=None)
    world.clock.set(MORNING)
    in_publicity(world)
    world.lot(Stage.FAILED)

    assert ask(client, "/statistics") == {
        "lots": 2, "lots_with_base": 1, "failed": 1, "rate": "0.040400", "turnover": "19192000.00",
        "saved": "404000.00", "base": "10000000.00",
    }  # fmt: skip
    page = read(client, "/statistics")
    for words in ("19,192,000.00", "404,000.00", "4.04%", "33.33%", f"/lots/{first.code}"):
        assert words in page
    rows = list(csv.reader(io.StringIO(client.get("/statistics.csv").content.decode("utf-8-sig"))))
    assert rows[1:] == [
        [second.tender.code, second.code, "2026-03-06", "", "9596000.00", "", ""],
        [first.tender.code, first.code, "2026-03-06", "10000000.00", "9596000.00", "404000.00", "0.040400"],
    ]


def test_statistics_of_nothing(world: World, client: Client) -> None:
    assert ask(client, "/statistics")["rate"] is None
    assert "尚无公布的中标结果。" in read(client, "/statistics")
